"""Small flows for the tests, and what the lint says of them."""

from __future__ import annotations

from voicebot.flows.check import check_flow
from voicebot.flows.load import LoadedFlow, load_text


def flow(steps: str, top: str = "", name: str = "main") -> str:
    """The text of a flow in English with these steps; `top` is put above them."""
    return f"""spec: 1
name: {name}
version: "1"
type: outbound
purpose: survey
languages: en-US
caller: Acme
noinput: Are you there?
nomatch: Sorry?
exhausted: bye
{top}
steps:
{steps}
"""


def loaded(text: str, file: str = "main.yaml") -> LoadedFlow:
    """The flow, loaded."""
    return load_text(text, file)


def codes(text: str) -> list[str]:
    """The codes of everything that is wrong with a flow that loads, in the order of the lines."""
    return [finding.code for finding in check_flow(loaded(text), {})]
