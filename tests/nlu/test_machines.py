"""Machines are told from people by their first words, and nobody who is a person is hung up on."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.nlu.sentences import heard
from voicebot.nlu.meaning import Question

WORDS = yaml.safe_load(Path(__file__).with_name("machines.yaml").read_text(encoding="utf-8"))
MACHINE = ("voicemail", "call_screening")


def said(party: str) -> list[tuple[str, str]]:
    return [(language, line) for language, parties in WORDS.items() for line in parties[party].splitlines()]


@pytest.mark.parametrize(("language", "words"), said("people"))
def test_no_person_is_surely_a_voicemail(language: str, words: str) -> None:
    meant = heard(language, words, question=Question())

    assert meant.intent != "voicemail" or meant.uncertain


@pytest.mark.parametrize(("language", "words"), said("machines"))
def test_no_machine_gives_an_answer(language: str, words: str) -> None:
    meant = heard(language, words, question=Question())

    assert meant.intent in (*MACHINE, "none") or meant.uncertain


@pytest.mark.parametrize("language", WORDS)
def test_most_machines_are_known(language: str) -> None:
    machines = [words for known, words in said("machines") if known == language]
    known = [words for words in machines if heard(language, words, question=Question()).intent in MACHINE]

    assert len(known) >= 0.9 * len(machines)
