"""When an utterance is at its end: after half a second of silence, or 5 s of nothing, or 20 s of anything."""

from __future__ import annotations

import json

import pytest

from tests.speech.contract.subjects import GIVEN_MODEL, Case, Subject

PHRASES = '["do not call", "call me back"]'


def _ends(case: Case, *arguments: str, seconds: float = 0.02) -> list[tuple[float, str]]:
    """When each endpoint came, in seconds, and the text that was there."""
    recognizer = case.recognizer(*arguments)
    ends, now = [], 0.0
    for piece in case.pieces(seconds):
        now += seconds
        if recognizer.AcceptWaveform(piece):
            ends.append((round(now, 2), json.loads(recognizer.Result())["text"]))
    return ends


def test_silence_ends_after_five_seconds(subject: Subject) -> None:
    """167 frames of 30 ms, which are there with 168, the next whole number of stretches: at 5.055 s."""
    (first, text), (second, _) = _ends(subject.says(10.5))
    assert (first, text) == (5.06, "") or subject.name == GIVEN_MODEL
    assert 5.0 <= first <= 5.5
    assert second - first == pytest.approx(5.04, abs=0.03) or subject.name == GIVEN_MODEL


def test_each_utterance_ends_half_a_second_after_its_last_word(hearing: Subject) -> None:
    ends = _ends(hearing.says(0.5, "yes", 1.0, "four", 0.3, "seven", 1.0))
    assert [text for _, text in ends] == ["yes", "four seven"]
    for (moment, _), said in zip(ends, (0.8, 2.7), strict=True):
        assert 0.5 <= moment - said <= 0.5 + 0.24 + 0.06


def test_a_pause_within_an_utterance_does_not_end_it(hearing: Subject) -> None:
    assert [text for _, text in _ends(hearing.says(0.5, "yes", 0.4, "four", 1.0))] == ["yes four"]


def test_whoever_never_stops_is_cut_off_after_twenty_seconds(hearing: Subject) -> None:
    (moment, text), *_ = _ends(hearing.says(*("one", 0.12) * 60))
    assert moment == 20.18  # 667 frames, which are there with 672
    assert text.split() == ["one"] * 48


def test_the_end_is_looked_for_once_in_a_call(hearing: Subject) -> None:
    case = hearing.says(0.5, "yes", 1.0, "four", 1.0)
    recognizer = case.recognizer()
    assert recognizer.AcceptWaveform(case.sound) == 1
    assert json.loads(recognizer.Result())["text"] == "yes four"


def test_an_end_that_nobody_takes_is_none(hearing: Subject) -> None:
    """What a caller does who never asks for the result: the utterance goes on, and the end is told again."""
    case = hearing.says(0.5, "yes", 1.0, "four", 1.0)
    recognizer = case.recognizer()
    told = [recognizer.AcceptWaveform(piece) for piece in case.pieces(0.2)]
    assert told == [0] * 7 + [1] * 2 + [0] * 4 + [1] * 3
    assert json.loads(recognizer.FinalResult())["text"] == "yes four"


@pytest.mark.parametrize(
    ("words", "within"),
    [
        (("do", "not", "call"), (0.5, 0.8)),
        (("call",), (0.5, 0.8)),
        (("call", "me"), (0.75, 1.05)),
        (("me",), (0.75, 1.05)),
        (("do",), (0.75, 1.05)),
    ],
)
def test_a_grammar_waits_longer_in_the_middle_of_its_phrases(
    hearing: Subject, words: tuple[str, ...], within: tuple[float, float]
) -> None:
    """To end after a word that ends no phrase costs more than 2: the third rule, not the second, lets it."""
    case = hearing.says(0.3, *(part for word in words for part in (word, 0.12)), 1.5)
    (moment, text), *_ = _ends(case, PHRASES)
    assert text == " ".join(words)
    assert within[0] <= moment - (0.3 + 0.42 * len(words) - 0.12) <= within[1]
