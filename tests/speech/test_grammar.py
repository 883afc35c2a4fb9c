from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.speech.contract.test_dangers import CHANGES, GRAMMARS
from voicebot.speech import grammar
from voicebot.speech.mock import bigram
from voicebot.speech.recognizer import RecognizerError

VOCABULARY = {"yes", "no", "call", "me", "back", "好", "[unk]", "<eps>", "#0"}


def _knows(word: str) -> bool:
    return word in VOCABULARY


@pytest.mark.parametrize(
    ("phrases", "usable"),
    [
        (("Yes", "no"), ("yes", "no", "[unk]")),
        (("  call   me\tback ", "call me back"), ("call me back", "[unk]")),
        (("call nobody", "no"), ("no", "[unk]")),  # a phrase is left out whole, not in part
        (("好",), ("好", "[unk]")),
        (("[unk]", "yes"), ("[unk]", "yes")),
        (("<eps>", "#0", "yes <eps>", "", " "), ()),
        (("nobody",), ()),
        ((), ()),
    ],
)
def test_phrases_of_known_words_are_usable(phrases: tuple[str, ...], usable: tuple[str, ...]) -> None:
    assert grammar.usable(phrases, _knows) == usable


def test_a_model_without_the_unknown_word_is_given_none() -> None:
    assert grammar.usable(("yes",), {"yes"}.__contains__) == ("yes",)


def test_too_many_phrases_are_none() -> None:
    assert grammar.usable((f"word{number}" for number in range(grammar.MOST_PHRASES + 1)), lambda _: True) == ()


@pytest.mark.parametrize(
    "phrases", [(), ("",), ("<eps>",), ("yes", "<s> no"), ("a\nb",), ('a"b',), ("a\\b",), ("x" * 201,), (" a",)]
)
def test_harmful_texts_are_not_made(phrases: tuple[str, ...]) -> None:
    with pytest.raises(RecognizerError):
        grammar.text(phrases)


def test_letters_are_written_as_they_are() -> None:
    assert grammar.text(("好", "do not call")) == '["好", "do not call"]'


@given(st.lists(st.text(max_size=30), max_size=8))
def test_whatever_is_said_makes_a_harmless_text_or_none(phrases: list[str]) -> None:
    usable = grammar.usable(phrases, lambda word: word != "[unk]")
    if not usable:
        return
    text = grammar.text(usable)
    assert text not in {*GRAMMARS, *CHANGES}
    assert bigram.phrases(text) == list(usable) == json.loads(text)
    assert all(word and word != "<eps>" for phrase in usable for word in phrase.split(" "))
