"""How long understanding one utterance takes, over the sentences that the tests hold, and how it grows with answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bench.figures import Figure, at_most, percentile
from voicebot.nlu.language_data import LanguageData, load_language
from voicebot.nlu.meaning import UNIVERSAL_INTENTS, Hypothesis, Option, Question
from voicebot.nlu.slots import parse_slot
from voicebot.nlu.understand import understand

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SHEETS = Path("tests/nlu")


def measure(_folder: Path) -> Iterator[Figure]:
    """The 95th percentile in each language, once a process has heard ordinary speech; with a value to find, as well."""
    for language in ("en", "zh"):
        data, sentences = load_language(language), _sentences(language)
        question = Question("yes_no", (Option("yes", ("yes",)), Option("no", ("no",))), UNIVERSAL_INTENTS)
        _times(sentences, data, question)  # the first time round, steps are still being worked out
        intents, slots = _times(sentences, data, question), _slot_times(sentences, language)
        for name, taken, bound in (("intents", intents, 1_000), ("a moment", slots, 4_000)):
            yield Figure(f"{name}, {language}, p50", percentile(taken, 0.5) * 1e6, "microseconds")
            p95 = percentile(taken, 0.95) * 1e6
            yield at_most(f"{name}, {language}, p95", p95, "microseconds", bound, f"{len(sentences)} sentences")


def _sentences(language: str) -> list[str]:
    sheet = yaml.safe_load((SHEETS / f"{language}.yaml").read_text(encoding="utf-8"))
    return [line.strip() for block in sheet["open"].values() for line in block.splitlines() if line.strip()]


def _times(sentences: list[str], data: LanguageData, question: Question) -> list[float]:
    taken = []
    for said in sentences:
        began = time.perf_counter()
        understand([Hypothesis(said)], data, question)
        taken.append(time.perf_counter() - began)
    return taken


def _slot_times(sentences: list[str], language: str) -> list[float]:
    taken = []
    for said in sentences:
        began = time.perf_counter()
        parse_slot("datetime", said, language, NOW)
        taken.append(time.perf_counter() - began)
    return taken
