from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.slots import parse_slot
from voicebot.speech.vocabulary import VOCABULARIES, grammar_of

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def test_every_vocabulary_is_of_a_language() -> None:
    assert set(VOCABULARIES) <= {language.data for language in LANGUAGES.values()}


def test_a_language_without_one_has_no_second_opinion() -> None:
    assert grammar_of("digits", "xx") == ()


@pytest.mark.parametrize(
    ("kind", "language", "said"),
    [
        ("digits", "en", "two oh double seven"),
        ("number", "en", "two hundred and fifty"),
        ("date", "en", "the twenty third of march"),
        ("time", "en", "half past nine in the morning"),
        ("datetime", "en", "next tuesday at three o'clock"),
        ("digits", "zh", "幺 三 八"),
        ("date", "zh", "三 月 五 号"),
        ("time", "zh", "下午 三 点 半"),
        ("digits", "es", "dos cero doble siete"),
        ("phone", "es", "seis uno dos tres cuatro cinco seis siete ocho"),
        ("number", "es", "doscientos cincuenta y uno"),
        ("rating", "es", "nueve"),
        ("date", "es", "el veintitrés de marzo"),
        ("date", "es", "pasado mañana"),
        ("date", "es", "dentro de dos semanas"),
        ("time", "es", "las nueve y media de la mañana"),
        ("time", "es", "al mediodía"),
        ("time", "es", "a las cinco menos cuarto"),
        ("datetime", "es", "el martes a las tres de la tarde"),
    ],
)
def test_values_can_be_said_in_it(kind: str, language: str, said: str) -> None:
    words = set(grammar_of(kind, language))  # type: ignore[arg-type]
    assert set(said.split()) <= words
    assert parse_slot(kind, said.replace(" ", "" if language == "zh" else " "), language, NOW) is not None  # type: ignore[arg-type]


def test_the_flows_own_phrases_are_in_it() -> None:
    assert "platinum card" in grammar_of("number", "en", ("platinum card",))


@pytest.mark.parametrize("kind", ["yes_no", "choice", "open", "text"])
def test_other_questions_have_none(kind: str) -> None:
    assert grammar_of(kind, "en", ("yes",)) == ()  # type: ignore[arg-type]
