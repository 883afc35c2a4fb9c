"""Sentences made of the templates are understood as what they were made for."""

from __future__ import annotations

import pytest

from voicebot.nlu.intents import INTENTS, NONE, PHRASE
from voicebot.nlu.language_data import load_language
from voicebot.nlu.meaning import Hypothesis, Question
from voicebot.nlu.samples import samples
from voicebot.nlu.understand import understand


@pytest.mark.parametrize("language", ["en", "zh"])
def test_most_samples_mean_their_intent(language: str) -> None:
    data = load_language(language)
    asked = Question(intents=tuple(INTENTS))
    made = [(intent, words) for intent in INTENTS if intent != NONE for words in samples(data, intent)]
    right = [understand([Hypothesis(words)], data, asked).intent == intent for intent, words in made]
    assert sum(right) / len(made) > 0.9
    assert {intent for intent, _ in made} == set(INTENTS) - {NONE}


def test_every_alternative_of_a_template_is_said() -> None:
    said = " ".join(samples(load_language("en"), "yes")).split()
    assert {"yes", "correct", "sure"} <= set(said)


def test_nothing_is_said_for_what_no_template_means() -> None:
    assert samples(load_language("en"), PHRASE) == ()
