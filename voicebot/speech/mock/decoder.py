"""The clock-work of a recognizer that runs with us: frames, stretches, utterances, and when one is at its end.

Time goes in frames of 30 ms, and is decoded in stretches of eight of them as soon as their sound is there. Measured on
the library with a model of known words: the moments of its partial results and endpoints are met to the sample.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.mock.sources import Source
from voicebot.speech.recognizer import Word

Samples = NDArray[np.int16]

FRAME = 0.03
"""Seconds of a decoded frame; the library's word times are multiples of it."""

FEATURES_PER_FRAME = 3
STRETCH = 8
"""Frames that are decoded at once."""

WINDOW, SHIFT = 0.025, 0.010
"""Seconds that a feature looks at, and from one feature to the next."""

SHORTEST = 3
"""Frames of a word that must be decoded before a result can tell it; a partial result tells it with the first."""

LATTICE_DELAY = 60
"""Frames after which the words of a partial result are worked out anew, when their times are asked for."""

REBUILD = 20_000
"""Frames (10 minutes) after which the front end is built anew at the end of an utterance."""

STEP = 0.2
"""Seconds of sound taken at once within one call."""


@dataclass(frozen=True)
class EndRules:
    """Seconds of silence that end an utterance, from the small English model's configuration and Kaldi's defaults."""

    initial: float = 5.0
    """Before any word, or after."""
    phrase_end: float = 0.5
    """After a word that is likely to be the last."""
    phrase_middle: float = 0.75
    """After a word that may be."""
    anyway: float = 1.0
    """After any word."""
    longest: float = 20.0
    """Not of silence: how long an utterance may be."""

    def met(self, silence: float, length: float, *, words: bool, cost: float) -> bool:
        """Whether an utterance of this length, with this silence behind it, is at its end.

        `cost` is what its grammar takes for ending here: at most 2 is likely, at most 8 possible.
        """
        silence, length = silence + 1e-6, length + 1e-6
        after_words = words and (
            (silence >= self.phrase_end and cost <= 2.0)
            or (silence >= self.phrase_middle and cost <= 8.0)
            or silence >= self.anyway
        )
        return after_words or silence >= self.initial or length >= self.longest


class Decoder:
    """Sound in, the words of the present utterance out. `hears` says what becomes of a word on its way."""

    def __init__(self, rate: int, source: Source, rules: EndRules, hears: Callable[[Word], list[Word]]) -> None:
        self._rate, self._source, self._rules, self._hears = rate, source, rules, hears
        self._loudness = _Loudness(rate)
        self._base = 0  # samples before the present front end
        self._samples = 0  # samples within it
        self._begin = 0  # the present utterance's first frame
        self._decoded = 0  # frames decoded; of these ...
        self._worked_out = 0  # ... so many have had the times of their words worked out
        self._words: list[Word] = []
        self._told: dict[tuple[int, int], list[Word]] = {}  # answers of `words`, until a word or frame is added

    # --- sound in ---------------------------------------------------------------------------------------------------

    def accept(self, samples: Samples) -> None:
        """Decode what is whole with these samples."""
        step = int(self._rate * STEP)
        for begin in range(0, len(samples), step):
            self._advance(samples[begin : begin + step])

    def _advance(self, samples: Samples) -> None:
        self._samples += len(samples)
        self._loudness.feed(samples)
        self._know(self._source.feed(samples))
        self._decode(self._features() // (STRETCH * FEATURES_PER_FRAME) * STRETCH)
        if self._decoded - max(self._worked_out, self._begin) >= LATTICE_DELAY:
            self._worked_out = self._decoded

    def _decode(self, frames: int) -> None:
        if frames > self._decoded:
            self._decoded = frames
            self._told.clear()

    def _features(self) -> int:
        window, shift = int(self._rate * WINDOW), int(self._rate * SHIFT)
        return 0 if self._samples < window else 1 + (self._samples - window) // shift

    def _know(self, words: list[Word]) -> None:
        if words:
            self._words += [heard for word in words for heard in self._hears(word)]
            self._words.sort(key=lambda word: word.start)
            self._told.clear()

    def flush(self) -> None:
        """No more sound follows: decode what is left."""
        self._know(self._source.flush())
        self._decode(math.ceil(self._features() / FEATURES_PER_FRAME))

    # --- words out --------------------------------------------------------------------------------------------------

    @property
    def frames(self) -> int:
        """Frames of the present utterance that are decoded."""
        return self._decoded - self._begin

    def words(self, *, shortest: int = SHORTEST, worked_out: bool = False) -> list[Word]:
        """The words of the utterance of which `shortest` frames are decoded, or the whole of a shorter word.

        `worked_out`: only those whose times a partial result can tell.
        """
        last = self._worked_out if worked_out else self._decoded
        if (shortest, last) not in self._told:
            self._told[shortest, last] = self._words_until(last, shortest)
        return self._told[shortest, last]

    def _words_until(self, last: int, shortest: int) -> list[Word]:
        placed = [(word, *self._place(word)) for word in self._words]
        return [
            replace(word, start=self._seconds(start), end=self._seconds(min(end, max(last, start + 1))))
            for word, start, end in placed
            if last >= min(start + shortest, end)
        ]

    def _place(self, word: Word) -> tuple[int, int]:
        """The first frame of a word, and the one after its last; what became known too late begins with us."""
        start, end = (math.ceil((time - self._base / self._rate) / FRAME - 1e-6) for time in (word.start, word.end))
        start = max(start, self._begin)
        return start, max(end, start + 1)

    def _seconds(self, frame: int) -> float:
        return self._base / self._rate + frame * FRAME

    def at_end(self, cost: float) -> bool:
        """Whether the utterance is at its end; `cost` is what its grammar takes for ending after its last word."""
        if not self.frames:
            return False
        words = self.words(shortest=1)
        sounded = [self._place(word)[1] for word in words[-1:]]
        loud = self._loudness.last(self._base + self._decoded * FRAME * self._rate)
        sounded.append(math.ceil((loud - self._base) / self._rate / FRAME - 1e-6))
        silence = self._decoded - min(max(self._begin, *sounded), self._decoded)
        return self._rules.met(silence * FRAME, self.frames * FRAME, words=bool(words), cost=cost)

    # --- from one utterance to the next -----------------------------------------------------------------------------

    def begin(self) -> None:
        """A new utterance on the same front end. A word that is cut in two is heard in both when long enough."""
        if self._decoded > REBUILD:
            self.rebuild()
            return
        self._begin = self._worked_out = self._decoded
        self._keep_after(self._seconds(self._decoded))

    def rebuild(self) -> None:
        """A new utterance on a new front end; sound that has not been decoded is gone."""
        self._base += self._samples
        self._samples = self._begin = self._decoded = self._worked_out = 0
        self._keep_after(self._base / self._rate)

    def _keep_after(self, boundary: float) -> None:
        self._told.clear()
        self._words = [
            replace(word, start=max(word.start, boundary))
            for word in self._words
            if word.end - max(word.start, boundary) >= SHORTEST * FRAME
        ]


class _Loudness:
    """Remembers when there was last a sound above silence and above a steady noise."""

    LOUD = 200.0  # root mean square, of 32767 (-44 dB)
    ABOVE_NOISE = 3.0
    RISE = 1.01  # per frame: a noise that stays is taken for silence after some seconds

    def __init__(self, rate: int) -> None:
        self._size = max(1, int(rate * FRAME))
        self._pending: Samples = np.zeros(0, dtype=np.int16)
        self._noise = self.LOUD / self.ABOVE_NOISE
        self._samples = self._last = 0
        self._loud: deque[int] = deque()  # the ends of loud frames that nobody has asked about yet

    def feed(self, samples: Samples) -> None:
        """Take the next stretch of sound."""
        sound = np.concatenate((self._pending, samples))
        whole = len(sound) // self._size * self._size
        self._pending = sound[whole:]
        frames = sound[:whole].reshape(-1, self._size).astype(np.float64)
        for level in np.sqrt((frames * frames).mean(axis=1)).tolist():
            self._samples += self._size
            self._noise = max(min(level, self._noise * self.RISE), 1.0)
            if level > max(self.LOUD, self.ABOVE_NOISE * self._noise):
                self._loud.append(self._samples)

    def last(self, before: float) -> int:
        """The sample after the last loud frame that ended before this sample, which never decreases."""
        while self._loud and self._loud[0] <= before:
            self._last = self._loud.popleft()
        return self._last
