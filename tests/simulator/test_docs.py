"""docs/simulator.md describes every word of a callees' file, and its examples work."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from voicebot.simulator.callees.load import CONDITIONS, SECTIONS, load_callees
from voicebot.simulator.callees.model import ACTS, LINES, VERDICTS, DetectionErrors, Persona, Population, Recognition
from voicebot.simulator.grammar import GRAMMAR, NOT_REPRODUCED
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
