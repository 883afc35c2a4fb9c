"""Words appear stretch by stretch of 0.24 s, their times go on for as long as the recognizer lives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.speech.contract.subjects import Case, Subject

FRAME = 0.03


def _words(text: str) -> list[tuple[str, float, float]]:
    return [(word["word"], word["start"], word["end"]) for word in json.loads(text).get("result", [])]


def _near(*words: tuple[str, float, float]) -> Any:
    return [(word, pytest.approx(start, abs=FRAME), pytest.approx(end, abs=FRAME)) for word, start, end in words]


def _growth(case: Case, *, with_words: bool = False) -> list[tuple[int, str]]:
    """After how many samples the partial result became what, in pieces of 1 ms, up to the endpoint."""
    recognizer = case.recognizer()
    recognizer.SetPartialWords(with_words)
    grown: list[tuple[int, str]] = []
    samples, last = 0, ""
    for piece in case.pieces(0.001):
        samples += len(piece) // 2
        if recognizer.AcceptWaveform(piece):
            return [*grown, (samples, "end")]
        partial = json.loads(recognizer.PartialResult())["partial"]
        if partial != last:
            grown.append((samples, partial))
            last = partial
    return grown


def test_partials_grow_with_each_stretch_and_the_end_comes_with_one(hearing: Subject) -> None:
    """A stretch of 24 features is there with the samples of its last feature: 23 steps of 10 ms and 25 ms."""
    stretch, window = 24 * 80, 200 - 80
    grown = _growth(hearing.says(0.5, "yes", 0.12, "four", 1.0))
    assert grown == [
        (3 * stretch + window, "yes"),
        (4 * stretch + window, "yes four"),
        (8 * stretch + window, "end"),  # 17 frames of silence after frame 41 make 58, in the 8th stretch of 8
    ]


def test_partials_with_words_come_late(hearing: Subject) -> None:
    """Only every 60 frames are the times of words worked out anew: a prompt cannot be cut by them."""
    grown = _growth(hearing.says(0.5, "yes", 0.12, "four", 0.12, "stop", 0.12, "no", 0.4), with_words=True)
    assert grown[0][0] == 8 * 24 * 80 + 120
    assert grown[0][1].startswith("yes four")


def test_times_go_on_through_results_resets_and_final_results(hearing: Subject) -> None:
    case = hearing.says(0.3, "yes", 1.0, 0.3, "no", 1.0, 0.3, "stop", 1.0, 0.3, "four", 1.0)
    recognizer = case.recognizer()
    recognizer.SetWords(True)
    heard = []
    for number, end_call in enumerate([recognizer.Result, recognizer.FinalResult, recognizer.Reset, recognizer.Result]):
        recognizer.AcceptWaveform(case.seconds(1.6 * number, 1.6 * number + 1.6))
        heard += _words(end_call() or "{}")
    assert heard == _near(("yes", 0.3, 0.6), ("no", 1.9, 2.2), ("four", 5.1, 5.4))


def test_a_word_that_a_result_cuts_in_two_is_heard_twice(hearing: Subject) -> None:
    """The result came at 0.7 s, of which two stretches, 0.48 s, were decoded: the rest goes to the next utterance."""
    case = hearing.says(0.3, "yes", 0.12, "four", 1.0)
    recognizer = case.recognizer()
    recognizer.SetWords(True)
    recognizer.AcceptWaveform(case.seconds(0, 0.7))
    assert _words(recognizer.Result()) == _near(("yes", 0.3, 0.48))
    recognizer.AcceptWaveform(case.seconds(0.7))
    assert _words(recognizer.Result()) == _near(("yes", 0.48, 0.6), ("four", 0.72, 1.02))


def test_a_final_result_cuts_where_the_sound_does(hearing: Subject) -> None:
    case = hearing.says(0.3, "yes", 0.12, "four", 1.0)
    recognizer = case.recognizer()
    recognizer.SetWords(True)
    recognizer.AcceptWaveform(case.seconds(0, 0.7))
    assert _words(recognizer.FinalResult()) == _near(("yes", 0.3, 0.6))
    recognizer.AcceptWaveform(case.seconds(0.7))
    assert _words(recognizer.FinalResult()) == _near(("four", 0.72, 1.02))


def test_reset_forgets_what_was_decoded_and_keeps_what_was_not(hearing: Subject) -> None:
    case = hearing.says(0.3, "yes", 0.12, "four", 1.0)
    recognizer = case.recognizer()
    recognizer.AcceptWaveform(case.seconds(0, 0.7))
    recognizer.Reset()
    recognizer.AcceptWaveform(case.seconds(0.7))
    assert json.loads(recognizer.FinalResult())["text"] == "yes four"


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_sound_of_a_higher_rate_is_brought_down(hearing: Subject, rate: int) -> None:
    case = hearing.says(0.5, "yes", 0.12, "four", 1.0, rate=rate)
    recognizer = case.recognizer()
    recognizer.SetWords(True)
    assert recognizer.AcceptWaveform(case.sound) == 1
    assert _words(recognizer.Result()) == _near(("yes", 0.5, 0.8), ("four", 0.92, 1.22))


def test_runs_are_alike(hearing: Subject) -> None:
    case = hearing.says(0.5, "yes", 0.12, "four", 0.3)
    texts = set()
    for seconds in (0.02, 0.1, 5.0):
        recognizer = case.recognizer()
        recognizer.SetWords(True)
        for piece in case.pieces(seconds):
            recognizer.AcceptWaveform(piece)
        texts.add(recognizer.FinalResult())
    assert len(texts) == 1
