from __future__ import annotations

from collections import Counter

import pytest

from voicebot.speech.mock.mishearing import Errors, misheard, near
from voicebot.speech.recognizer import Word

WORDS = [Word("no", place * 0.4, place * 0.4 + 0.3) for place in range(3000)]


def _kind(word: Word, errors: Errors, expected: str = "", vocabulary: tuple[str, ...] = ()) -> str:
    become = misheard(word, errors, expected, vocabulary)
    if not become:
        return "drop"
    return "double" if len(become) == 2 else "right" if become[0] == word else "substitute"


def test_without_errors_words_are_what_they_are() -> None:
    assert all(misheard(word, Errors(), "", ()) == [word] for word in WORDS)


def test_errors_come_as_often_as_they_should_and_in_every_way() -> None:
    kinds = Counter(_kind(word, Errors(0.3, seed=1)) for word in WORDS)
    assert kinds["right"] == pytest.approx(2100, abs=120)
    assert all(kinds[kind] == pytest.approx(300, abs=60) for kind in ("drop", "substitute", "double"))
    assert set(Counter(_kind(word, Errors(1.0, kinds=("double",))) for word in WORDS)) == {"double"}


def test_errors_are_the_same_for_a_seed_and_others_for_another() -> None:
    runs = [[_kind(word, Errors(0.3, seed=seed)) for word in WORDS[:200]] for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]


def test_a_grammar_errs_on_its_own() -> None:
    assert [_kind(word, Errors(0.3)) for word in WORDS[:200]] != [
        _kind(word, Errors(0.3), '["no"]') for word in WORDS[:200]
    ]


def test_a_misheard_word_is_unsure_and_one_that_is_doubled_is_halved() -> None:
    (first, second) = misheard(WORDS[1], Errors(1.0, kinds=("double",)), "", ())
    assert (first.text, first.start, second.end) == ("no", WORDS[1].start, WORDS[1].end)
    assert first.end == second.start
    (other,) = misheard(WORDS[1], Errors(1.0, kinds=("substitute",)), "", ())
    assert other.text in near("no")
    assert all(0.3 <= (word.confidence or 0) <= 0.7 for word in (first, second, other))


def test_near_words_are_of_one_family_or_spelled_alike() -> None:
    assert near("no") == ("know", "now", "go")
    assert near("no", ("yes", "now")) == ("now",)
    assert near("不") == ("部", "步")
    assert near("interesting", ("interested", "stop")) == ("interested",)
    assert near("callback", ("callbacks", "stop")) == ("callbacks",)
    assert near("zebra") == ()
    assert near("zebra", ("yes", "no")) == ()


def test_a_word_like_no_other_is_lost_instead() -> None:
    assert misheard(Word("zebra", 0, 1), Errors(1.0, kinds=("substitute",)), "", ()) == []
