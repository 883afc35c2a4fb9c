"""A recording as a whole: its words with their times, its rate when the header lies."""

from __future__ import annotations

import numpy as np
import pytest

from voicebot.speech.audio.wav import Sound
from voicebot.speech.recognizer import Hypothesis, RecognizerError, Utterance, Word
from voicebot.speech.whole import at_true_rate, recognized


class Counting:
    """A recognizer at 16 kHz that hears one word in each second, and a final after every other."""

    source, name, rate, dynamic = "counting", "counting", 16000, False

    def __init__(self, trouble: Exception | None = None) -> None:
        self.trouble, self.fed, self.closed, self.pieces = trouble, 0, 0, list[int]()
        self._words: list[Word] = []

    def open(self, grammar: tuple[str, ...] = ()) -> Counting:
        assert grammar == ()
        return self

    def feed(self, pcm: bytes) -> Utterance | None:
        if self.trouble:
            raise self.trouble
        before, self.fed = self.fed // 16000, self.fed + len(pcm) // 2
        self.pieces.append(len(pcm) // 2)
        if self.fed // 16000 == before:
            return None
        self._words.append(Word(f"word{before}", float(before), before + 0.5, 0.9))
        return self._utterance(final=len(self._words) == 2)

    def end_of_speech(self) -> Utterance | None:
        return self._utterance(final=True) if self._words else None

    def _utterance(self, *, final: bool) -> Utterance:
        words = tuple(self._words)
        if final:
            self._words = []
        return Utterance((Hypothesis(" ".join(word.text for word in words), 0.9, words),), self.source, final)

    def reset(self) -> None:
        self._words = []

    def close(self) -> None:
        self.closed += 1


def silence(seconds: float, rate: int = 8000) -> Sound:
    return Sound(np.zeros(round(seconds * rate), np.int16), rate)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_several_ends_are_one_utterance_with_the_recordings_own_times(rate: int) -> None:
    engine = Counting()
    heard = recognized(engine, silence(3.5, rate))
    assert heard is not None
    assert heard.readings[0].text == "word0 word1 word2"
    assert [word.start for word in heard.readings[0].words] == [0.0, 1.0, 2.0]
    assert heard.final
    assert max(engine.pieces) == 3200
    assert engine.closed == 1


@pytest.mark.parametrize("seconds", [0, 0.5])
def test_nothing_is_said(seconds: float) -> None:
    assert recognized(Counting(), silence(seconds)) is None


def test_a_recognizer_that_breaks_is_given_back() -> None:
    engine = Counting(RecognizerError("vosk", "it broke."))
    with pytest.raises(RecognizerError):
        recognized(engine, silence(1))
    assert engine.closed == 1


@pytest.mark.parametrize(
    ("samples", "header", "told", "rate"),
    [
        (32000, 8000, 4, 8000),  # it is as it says
        (36000, 8000, 4, 8000),  # whole seconds are told
        (32000, 44100, 4, 8000),  # 0.7 seconds cannot be 4
        (64000, 8000, 4, 16000),  # nor can 8
        (32000, 768000, 4, 8000),
        (8000, 8000, 1, 8000),
        (100, 8000, 4, 8000),  # cut short: no rate makes that 4 seconds
        (32000, 8000, 0, 8000),  # no length was told
        (0, 8000, 4, 8000),
    ],
)
def test_a_rate_that_cannot_be_true_is_mended(samples: int, header: int, told: float, rate: int) -> None:
    assert at_true_rate(Sound(np.zeros(samples, np.int16), header), told).rate == rate
