"""The sentences of each language, in the YAML called as its data, as test cases."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from voicebot.nlu.intents import INTENTS, NONE
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES as TABLE
from voicebot.nlu.meaning import Hypothesis, Option, Question, Understanding
from voicebot.nlu.understand import understand

LANGUAGES = tuple(dict.fromkeys(row.data for row in TABLE.values()))
OPEN = Question("open", intents=tuple(name for name in INTENTS if name != NONE))
YES_NO = Question("yes_no", options=(Option("yes", ("yes",)), Option("no", ("no",))))


@cache
def sheet(language: str) -> dict[str, Any]:
    """One file of sentences."""
    with Path(__file__).with_name(f"{language}.yaml").open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


def lines(language: str, part: str) -> list[tuple[str, str]]:
    """The language and each sentence of a part that is one block."""
    return [(language, line) for line in sheet(language)[part].splitlines()]


def labelled(language: str, part: str) -> list[tuple[str, str, str]]:
    """The language, the intent and each sentence of a part that is sorted by intents."""
    return [(language, intent, line) for intent, block in sheet(language)[part].items() for line in block.splitlines()]


def heard(language: str, *texts: str, question: Question = OPEN, confidence: float | None = None) -> Understanding:
    """What is understood by these hypotheses."""
    return understand([Hypothesis(text, confidence) for text in texts], load_language(language), question)
