"""Where the mock's words come from: the sound itself, a table of sounds, or a script of times."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.recognizer import Word

Samples = NDArray[np.int16]

TELEPHONE = 8000
"""The least rate of sound that can carry words; at a lower one, nothing is heard."""

QUIET = 200
"""Samples up to this size, of 32767, are silence between two sounds of a table (-44 dB)."""

PAUSE = 0.3
"""Seconds of silence that end a sound of a table."""

LONGEST = 60.0
"""Seconds after which a sound of a table is taken as one, pause or no pause."""


class Source(Protocol):
    """Turns sound into words with their times, in seconds since the first sample."""

    def feed(self, samples: Samples) -> list[Word]:
        """The words that have become known with these samples."""
        ...

    def flush(self) -> list[Word]:
        """The words that would become known if silence followed."""
        ...


class Carried:
    """Words that the sound carries within itself (`voicebot.speech.carrier`)."""

    def __init__(self, rate: int) -> None:
        from voicebot.speech.carrier import Listener  # noqa: PLC0415  (the other sources do without)

        self._listener = Listener(max(rate, TELEPHONE))

    def feed(self, samples: Samples) -> list[Word]:
        """The words whose sound has gone by."""
        return self._listener.feed(samples)

    def flush(self) -> list[Word]:
        """The words that have gone by and wait for the rest of their batch."""
        return self._listener.finish()


class Timed:
    """Words at times that were written down beforehand, whatever the sound."""

    def __init__(self, rate: int, words: Sequence[Word]) -> None:
        self._rate, self._samples = rate, 0
        self._waiting = sorted(words, key=lambda word: word.start)

    def feed(self, samples: Samples) -> list[Word]:
        """The words that have begun."""
        self._samples += len(samples)
        now = self._samples / self._rate
        begun = [word for word in self._waiting if word.start < now]
        self._waiting = self._waiting[len(begun) :]
        return begun

    def flush(self) -> list[Word]:
        """None: what has begun is known."""
        return []


class Tabled:
    """Words by the fingerprint of a sound, which lasts until a pause; they share its length among them."""

    def __init__(self, rate: int, table: Mapping[str, Sequence[str]]) -> None:
        self._rate, self._table = rate, table
        self._begin = 0
        self._sound: Samples = np.zeros(0, dtype=np.int16)

    def feed(self, samples: Samples) -> list[Word]:
        """The words of the sounds that a pause has ended."""
        self._sound = np.concatenate((self._sound, samples))
        found: list[Word] = []
        while end := self._end():
            found += self._words(end)
        return found

    def flush(self) -> list[Word]:
        """The words of the present sound, as if a pause had ended it."""
        loud = _loud(self._sound)
        return self._words(int(loud[-1]) + 1) if len(loud) else []

    def _end(self) -> int:
        """How long the first sound is, in samples; 0 while no pause has ended it. What is before it is dropped."""
        loud = _loud(self._sound)
        self._drop(int(loud[0]) if len(loud) else len(self._sound))
        if not len(loud):
            return 0
        marks = np.append(loud - loud[0], len(self._sound))
        pauses = np.flatnonzero(np.diff(marks) - 1 > PAUSE * self._rate)
        if not len(pauses):
            return len(self._sound) if len(self._sound) >= LONGEST * self._rate else 0
        return int(marks[pauses[0]]) + 1

    def _words(self, length: int) -> list[Word]:
        words = self._table.get(_digest(self._sound[:length]), ())
        begin, share = self._begin / self._rate, length / self._rate / max(len(words), 1)
        self._drop(length)
        return [Word(text, begin + place * share, begin + (place + 1) * share) for place, text in enumerate(words)]

    def _drop(self, samples: int) -> None:
        self._begin += samples
        self._sound = self._sound[samples:]


def _loud(samples: Samples) -> NDArray[np.intp]:
    return np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET)


def fingerprint(samples: Samples) -> str:
    """The key of a sound in a table: it holds from its first loud sample to its last, at the model's rate."""
    loud = _loud(samples)
    return _digest(samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0])


def _digest(samples: Samples) -> str:
    return hashlib.sha256(samples.astype("<i2").tobytes()).hexdigest()
