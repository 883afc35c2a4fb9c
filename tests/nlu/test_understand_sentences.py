"""Every sentence of en.yaml and zh.yaml means what it is said to mean."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.nlu.sentences import LANGUAGES, YES_NO, heard, labelled, lines, sheet
from voicebot.nlu.intents import INTENTS


@pytest.mark.parametrize(("language", "intent", "sentence"), [c for name in LANGUAGES for c in labelled(name, "open")])
def test_sentence_asked_openly(language: str, intent: str, sentence: str) -> None:
    assert heard(language, sentence).intent == intent


@pytest.mark.parametrize(
    ("language", "intent", "sentence"), [c for name in LANGUAGES for c in labelled(name, "yes_no")]
)
def test_sentence_after_a_yes_or_no_question(language: str, intent: str, sentence: str) -> None:
    understood = heard(language, sentence, question=YES_NO)

    assert (understood.intent, understood.option) == (intent, intent)


@pytest.mark.parametrize(("language", "sentence"), [c for name in LANGUAGES for c in lines(name, "never_yes")])
def test_refusal_is_never_taken_for_agreement(language: str, sentence: str) -> None:
    assert "yes" not in (heard(language, sentence, question=YES_NO).option, heard(language, sentence).intent)


@pytest.mark.parametrize(
    ("language", "sentence"), [c for name in LANGUAGES for c in lines(name, "never_surely_opt_out")]
)
def test_nobody_is_opted_out_by_other_words(language: str, sentence: str) -> None:
    understood = heard(language, sentence)

    assert understood.intent != "opt_out" or understood.uncertain


@pytest.mark.parametrize(("language", "sentence"), [c for name in LANGUAGES for c in lines(name, "doubtful")])
def test_doubtful_words_are_asked_about(language: str, sentence: str) -> None:
    assert heard(language, sentence, question=YES_NO).uncertain


@pytest.mark.parametrize(("language", "failure"), [c for name in LANGUAGES for c in lines(name, "known_failures")])
def test_known_failure_still_fails(language: str, failure: str) -> None:
    intent, _, sentence = failure.partition(": ")

    assert heard(language, sentence).intent != intent, "mended: delete the line"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_sentences(language: str) -> None:
    assert set(sheet(language)["open"]) | set(sheet(language)["yes_no"]) == set(INTENTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_twice(language: str) -> None:
    said = Counter(sentence for part in ("open", "yes_no") for _, _, sentence in labelled(language, part))

    assert [sentence for sentence, times in said.items() if times > 1] == []
