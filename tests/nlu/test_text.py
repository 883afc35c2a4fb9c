"""Words as recognizers write them come to one form."""

from __future__ import annotations

import pytest

from voicebot.nlu.language_data import load_language
from voicebot.nlu.text import Phrases, split

EN, ZH = load_language("en").spelling, load_language("zh").spelling


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yes.", ["yes", "."]),
        ("ＹＥＳ！", ["yes", "!"]),
        ("I'd—well—go", ["i'd", ",", "well", ",", "go"]),
        ("don’t", ["don't"]),
        ("opt-out", ["opt", "out"]),
        ("the G.D.P.R. applies", ["the", "gdpr", ".", "applies"]),
        ("我要退订，OK", ["我", "要", "退", "订", ",", "ok"]),
        ("¿Más? ¡Sí, mañana!", ["mas", "?", "si", ",", "manana", "!"]),
        ("12321", ["12321"]),
        ("", []),
    ],
)
def test_split(text: str, words: list[str]) -> None:
    assert split(text) == words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Um, don't, uh, CALL me!", "do not call me"),
        ("I'm i'm not not interested", "i am not not interested"),
        ("stop stop stop calling", "stop calling"),
        ("can you can you repeat", "can you repeat"),
        ("um", "um"),
        ("John's phone", "john phone"),
        ("yeah", "yes"),
    ],
)
def test_english_is_brought_to_one_form(text: str, told: str) -> None:
    assert str(EN.utterance(text)) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("嗯那个，您能不能别打了", "你能不能别打了"),
        ("不要再打再打了", "不要再打了"),
        ("我看看", "我看看"),
        ("喂喂", "喂喂"),
    ],
)
def test_chinese_is_brought_to_one_form(text: str, told: str) -> None:
    assert str(ZH.utterance(text)).replace(" ", "") == told


def test_clauses_end_at_punctuation() -> None:
    assert EN.utterance("No. I do, thanks").breaks == {1, 3}


def test_longest_phrase_is_found() -> None:
    phrases = Phrases({("a",): ("x",), ("a", "b"): ("y", "y")})

    assert phrases.replace(["c", "a", "b", "a"]) == ["c", "y", "y", "x"]
    assert list(phrases.spans(("a", "b", "c", "a"))) == [(0, 2), (3, 4)]
