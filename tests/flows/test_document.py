"""docs/flow-language.md cannot drift: its reference is drawn from the model, its examples are loaded and linted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from tests.flows.texts import loaded
from voicebot.flows import document, model, steps
from voicebot.flows.check import check_flow
from voicebot.flows.findings import FlowError
from voicebot.flows.model import Flow
from voicebot.flows.prompts import BUILT_IN
from voicebot.flows.yaml_text import Data, parse

DOC = Path(__file__).parents[2] / "docs" / "flow-language.md"
TEXT = DOC.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)

FRAME = """
spec: 1
name: example
version: "1"
type: outbound
purpose: survey
languages: en-US
caller: Springwood Tea
noinput: Are you still there?
nomatch: Sorry?
exhausted: bye
needs:
  first_name: {type: text, example: Ann}
  city: {type: text, required: false, example: Rome}
steps:
  opening:
    say: This is {{ caller }}. To never be called again, press {{ opt_out_key | key }}.
"""
"""What an example that is no whole flow is put into."""


def _whole(example: str) -> str:
    """An example as a whole flow: keys of the flow go into the frame, steps below its first one."""
    if example.startswith("spec:"):
        return example
    frame, part = _mapping(FRAME), _mapping(example)
    own_steps = frame["steps"]
    assert isinstance(own_steps, dict)
    if part.keys() <= Flow.model_fields.keys():
        frame |= part
    else:
        own_steps |= part
    own_steps["bye"] = {"hangup": {}}
    return yaml.safe_dump(frame, allow_unicode=True, sort_keys=False)


def _mapping(text: str) -> dict[str, Data]:
    data, _ = parse(text, "example.yaml")
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize("example", EXAMPLES, ids=[re.sub(r"\W+", "_", example[:40]) for example in EXAMPLES])
def test_every_example_is_sound(example: str) -> None:
    assert check_flow(loaded(_whole(example)), {}) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=[re.sub(r"\W+", "_", example[:40]) for example in EXAMPLES])
def test_an_example_without_one_of_its_lines_is_judged_and_breaks_nothing(example: str) -> None:
    lines = _whole(example).splitlines()
    for index in range(len(lines)):
        try:
            findings = check_flow(loaded("\n".join(lines[:index] + lines[index + 1 :])), {})
        except FlowError as fault:
            findings = list(fault.findings)
        assert all(found.place.line <= len(lines) for found in findings)


def test_the_reference_is_as_the_model_has_it() -> None:
    assert document.redrawn(TEXT) == TEXT, f"run: python -m voicebot.flows.document {DOC.name}"


def test_a_text_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="the marks"):
        document.redrawn("no marks")


def test_every_part_of_the_model_is_in_the_reference() -> None:
    parts = {
        one
        for module in (model, steps)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == module.__name__
    }
    assert parts - {steps.Spec} == set(document.TITLES)


def test_every_key_is_described() -> None:
    nameless = [
        (part, name) for part in document.TITLES for name, key in part.model_fields.items() if not key.description
    ]
    assert nameless == []


def test_every_built_in_name_is_explained() -> None:
    assert set(document.NAMES) == set(BUILT_IN)


def test_every_step_kind_has_an_example() -> None:
    shown = {step.kind for example in EXAMPLES for step in loaded(_whole(example)).flow.steps.values()}
    assert set(steps.KINDS) - shown == {"call"}
    assert "`call: {flow:" in TEXT


def test_every_link_within_the_document_leads_somewhere() -> None:
    headings = {re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in TEXT.splitlines()
                if line.startswith("#")}  # fmt: skip
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings
