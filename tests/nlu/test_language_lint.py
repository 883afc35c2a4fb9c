"""Faults of the language data that no single sentence would show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.nlu.sentences import LANGUAGES, labelled
from voicebot.nlu.intents import INTENTS, NONE
from voicebot.nlu.language_data import LanguageData, language_text, load_language
from voicebot.nlu.meaning import UNIVERSAL_INTENTS
from voicebot.nlu.templates import Choice, Expression, Gap, Sequence, Word

BOTH_RIGHT = {("third_party", "deceased")}
"""Pairs (template, sentence) where a template may read a whole sentence of another intent that outranks it."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_is_worded(language: str) -> None:
    worded = {template.intent for template in load_language(language).templates}

    assert set(INTENTS) - {NONE} <= worded


@pytest.mark.parametrize("language", LANGUAGES)
def test_opting_out_is_worded_most_broadly(language: str) -> None:
    templates = load_language(language).templates
    numbers = {name: sum(template.intent == name for template in templates) for name in INTENTS}

    assert numbers["opt_out"] == max(numbers.values())


@pytest.mark.parametrize(("language", "intent", "sentence"), [c for name in LANGUAGES for c in labelled(name, "open")])
def test_no_template_reads_a_whole_sentence_of_another_intent(language: str, intent: str, sentence: str) -> None:
    data = load_language(language)
    utterance = data.spelling.utterance(sentence)
    matches = data.automaton.read(
        data.repairs.lattice(utterance.words),
        openings=frozenset({0}),
        endings=frozenset({len(utterance.words)}),
        solid=data.negation.negators(utterance.words),
    )

    others = {
        match.template.intent
        for match in matches
        if len(match) == len(utterance.words) and not match.repairs and not match.template.hint
    } - {intent}

    assert all((other == "no" and INTENTS[intent].leaning < 0) or (other, intent) in BOTH_RIGHT for other in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_waits_for_words_that_are_always_left_out(language: str) -> None:
    data = load_language(language)
    unheard = [
        f"{template.place}: {' '.join(words)}"
        for template in data.templates
        for words in _plain(template.expression)
        if data.spelling.utterance(" ".join(words)).words != words
    ]

    assert unheard == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_used(language: str) -> None:
    text = language_text(language)

    assert [name for name in load_language(language).rules if f"<{name}>" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_mend_touches_what_turns_a_meaning(language: str) -> None:
    data = load_language(language)

    for word in _turning(data):
        assert len(data.repairs.lattice((word,))[0]) == 1


def test_universal_intents_are_intents() -> None:
    assert set(UNIVERSAL_INTENTS) <= set(INTENTS)


def _turning(data: LanguageData) -> frozenset[str]:
    return data.negation.negating | ({"yes", "no", "stop"} if data.name == "en" else frozenset("是好行对"))


def _plain(expression: Expression) -> Iterator[tuple[str, ...]]:
    """Every run of words in an expression."""
    match expression:
        case Word(text):
            yield (text,)
        case Gap():
            return
        case Sequence(parts) if parts and all(isinstance(part, Word) for part in parts):
            yield tuple(part.text for part in parts if isinstance(part, Word))
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _plain(part)
