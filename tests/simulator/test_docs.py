"""docs/simulator.md describes every word of a callees' file, and its examples work."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.rig import Rig
from voicebot.simulator.callees.load import CONDITIONS, SECTIONS, load_callees
from voicebot.simulator.callees.model import ACTS, LINES, VERDICTS, DetectionErrors, Persona, Population, Recognition
from voicebot.simulator.faults import KINDS, SEVERITIES
from voicebot.simulator.grammar import GRAMMAR, NOT_REPRODUCED
from voicebot.simulator.races import RaceOrder
from voicebot.simulator.rest import create_rest_app
from voicebot.simulator.server import DEFAULT_ACCOUNT, DEFAULT_PORT, DEFAULT_TOKEN

TEXT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)))
WORDS = [
    *SECTIONS,
    *CONDITIONS,
    *ACTS,
    *LINES,
    *VERDICTS,
    *(field.name for kind in (Persona, Population, Recognition, DetectionErrors) for field in fields(kind)),
]


@pytest.mark.parametrize("word", sorted(set(WORDS) - {"name"}))
def test_every_word_is_described(word: str) -> None:
    assert word in CODE


def test_every_verb_is_either_reproduced_or_named_as_missing() -> None:
    for name in NOT_REPRODUCED:
        assert f"<{name}>" in CODE
    for name in GRAMMAR.keys() - {"Response", "Number", "Conference"}:
        assert name in TEXT


def test_examples_of_callees_are_right() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
    assert examples
    for example in examples:
        assert load_callees(example).personas


def test_defaults_are_the_programs() -> None:
    assert {DEFAULT_ACCOUNT, DEFAULT_TOKEN, f"http://127.0.0.1:{DEFAULT_PORT}"} <= CODE


def test_every_fault_is_described() -> None:
    assert set(KINDS) <= CODE
    assert all(re.search(rf"`{name}=\d", TEXT) for name in SEVERITIES)


def test_every_order_of_a_race_is_described() -> None:
    assert {order.value for order in RaceOrder} <= CODE


# The tutorial's application and its test, as they stand there.
def test_tutorial_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tutorial = TEXT.partition("## Your first call")[2].partition("## Run it")[0]
    (callees,) = re.findall(r"```yaml\n(.*?)```", tutorial, flags=re.DOTALL)
    (tmp_path / "callees.yaml").write_text(callees)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", tutorial, flags=re.DOTALL):
        exec(block, names)  # noqa: S102
    names["test_whoever_is_content_is_thanked"]()


def test_every_rest_resource_is_listed() -> None:
    rest = TEXT.partition("## The REST interface")[2].partition("## What it does")[0]
    rules = {str(rule) for rule in create_rest_app(Rig().world).url_map.iter_rules()}
    found = {part for rule in rules for part in re.findall(r"/([A-Z][A-Za-z]+)(?:\.json|/)", rule.partition("/AC")[2])}
    assert {name for name in found if name not in rest} == set()
    assert len(found) >= 10


def test_every_word_of_a_log_is_listed() -> None:
    sources = (file.read_text(encoding="utf-8") for file in Path("voicebot/simulator").rglob("*.py"))
    words = {word for text in sources for word in re.findall(r"""\.note\(\s*"\w+", "([^"]+)\"""", text)}
    assert len(words) > 15
    assert words <= CODE
