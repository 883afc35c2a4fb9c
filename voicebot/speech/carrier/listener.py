"""Sound to words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from voicebot.speech.audio import Samples
from voicebot.speech.carrier import packet
from voicebot.speech.carrier.modem import SWEEP, demodulator
from voicebot.speech.recognizer import Word

_PURITY = 0.15
"""The least share of a word's power that is in its tones; below it, a matching checksum is chance."""


class _Candidate(NamedTuple):
    """What may be a word: the places of its first sample and of the one after its last, and its packet's bytes."""

    start: int
    end: int
    size: int


class Listener:
    """Finds carried words in a stream of samples at `rate` Hz (8000 or more), however the stream is cut.

    What may be a word is kept until the sound has gone on for as long as the word says that it lasts; its checksum then
    decides. Words do not overlap, so what begins within a word is none.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._modem = demodulator(rate)
        self._ahead = self._modem.window + self._modem.samples(2 * packet.HEAD)
        # Places count the samples from the beginning of the stream on.
        self._chunks: list[Samples] = []
        self._kept = 0  # the place where _chunks begin
        self._fed = 0
        self._searched = 0
        self._candidates: list[_Candidate] = []
        self._taken = 0  # the end of the last word
        self._due = self._ahead  # before this place nothing new can be told

    def feed(self, samples: Samples) -> list[Word]:
        """The words that are over by the end of this stretch of sound and were not told yet, in their order.

        Their times are seconds since the beginning of the stream; their confidence is the purity of their tones.
        """
        self._chunks.append(samples)
        self._fed += len(samples)
        if self._fed < self._due:
            return []
        sound = np.concatenate(self._chunks)
        while self._fed - self._searched >= self._ahead:
            self._candidates += self._search(sound)
            self._searched += self._modem.block
        words = self._decide(sound, [candidate for candidate in self._candidates if candidate.end <= self._fed])
        self._forget(sound)
        return words

    def finish(self) -> list[Word]:
        """The words at the end of the sound that still lack the silence after them. More sound may be fed after it."""
        longest = packet.LONGEST * self._rate // packet.FRAMES
        sound = np.concatenate((*self._chunks, np.zeros(longest + self._ahead, np.int16)))
        return self._decide(sound, self._candidates + self._search(sound))

    def _search(self, sound: Samples) -> list[_Candidate]:
        """What may be words that begin in the next block."""
        window = sound[self._searched - self._kept :][: self._ahead]
        candidates = []
        for offset in self._modem.sweeps(window[: self._modem.window]):
            (text, frames), _ = self._modem.read(window[offset:], SWEEP, packet.HEAD)
            size, length = packet.size(text), frames * self._rate // packet.FRAMES
            if text and self._modem.samples(SWEEP + 2 * size) <= length:
                start = self._searched + offset
                candidates.append(_Candidate(start, start + length, size))
        return candidates

    def _decide(self, sound: Samples, candidates: list[_Candidate]) -> list[Word]:
        """Those of `candidates`, all of them whole, that are words."""
        words = []
        for start, end, size in candidates:
            if start < self._taken:
                continue
            content, purity = self._modem.read(sound[start - self._kept :], SWEEP, size)
            text = packet.opened(content)
            if text and purity >= _PURITY:
                words.append(Word(text, start / self._rate, end / self._rate, purity))
                self._taken = end
        return words

    def _forget(self, sound: Samples) -> None:
        """Keep what is still to be searched or decided."""
        self._candidates = [candidate for candidate in self._candidates if candidate.end > self._fed]
        self._candidates = [candidate for candidate in self._candidates if candidate.start >= self._taken]
        self._due = min([self._searched + self._ahead, *(candidate.end for candidate in self._candidates)])
        kept = min([self._searched, *(candidate.start for candidate in self._candidates)])
        self._chunks, self._kept = [sound[kept - self._kept :].copy()], kept
