"""Sound in pieces: frames of 20 ms, as a line delivers it, and batches of the size that somebody wants."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from voicebot.speech.audio import Samples

FRAME = 0.02
"""Seconds of sound in a frame."""


def frames(samples: Samples, rate: int) -> Iterator[Samples]:
    """A sound in frames of 20 ms; the last one is filled up with silence."""
    size = rate // 50
    rest = -len(samples) % size
    whole = np.concatenate((samples, np.zeros(rest, np.int16))) if rest else samples
    return iter(whole.reshape(-1, size))


class Batches:
    """Gathers pieces of sound of any length into batches of `size` samples."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._pieces: list[Samples] = []
        self._held = 0

    def feed(self, samples: Samples) -> list[Samples]:
        """The batches that this piece completes, in their order."""
        self._pieces.append(samples)
        self._held += len(samples)
        if self._held < self._size:
            return []
        sound = np.concatenate(self._pieces)
        self._held = len(sound) % self._size
        whole = len(sound) - self._held
        self._pieces = [sound[whole:]]
        return list(sound[:whole].reshape(-1, self._size))

    def finish(self) -> Samples:
        """What is left, shorter than a batch; it begins anew after this."""
        rest = np.concatenate(self._pieces) if self._pieces else np.empty(0, np.int16)
        self._pieces, self._held = [], 0
        return rest
