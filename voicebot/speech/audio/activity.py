"""Voice activity: whether somebody speaks, judged by how far the level rises above the room's.

The room's level is the least that was heard within the last second or two: people dip to it between syllables, while
a fan, a motorway or a dial tone never leaves it, so that a lasting noise soon counts as the room.
"""

from __future__ import annotations

from math import log10

import numpy as np

from voicebot.speech.audio import Samples

HANGOVER = 0.2
"""Seconds below the threshold after which nobody speaks any more: longer than the gap between two words."""

_ONSET = 0.06
"""Seconds above the threshold after which somebody speaks: longer than a click."""
_RISE = 8.0
"""Decibels above the room that make a voice: steady noise stays within 2 of its least level."""
_QUIETEST = -60.0
"""Decibels below full scale: no room is taken for quieter, so that the hiss of a silent line is no voice."""
_LOUDEST = -32.0
"""No room is taken for louder before it was heard for a while: a line may open upon a voice."""
_ROOM = 0.8
"""Seconds whose least level is the room's, together with as many before them."""
_PAUSE = 0.06
"""Seconds of digital silence that are a pause in speech; shorter, it is a lost frame and tells nothing of the room."""
_NOTHING = -96.0
"""The level of digital silence, in decibels below full scale."""


class Activity:
    """Listens to one line of `rate` samples a second, frame by frame."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self.speaking = False
        """Whether somebody speaks: from 60 ms after the beginning of a voice to 0.2 s after its end."""
        self.level = _NOTHING
        """Of the last frame, in decibels below full scale: 0 is a square wave as loud as can be."""
        self._contrary = 0.0  # seconds for which the frames have said otherwise
        self._silent = 0.0  # seconds of digital silence
        self._least = self._least_before = _LOUDEST
        self._since = 0.0  # seconds over which _least was taken

    def feed(self, frame: Samples) -> bool:
        """Take the next frame, of about 20 ms; whether somebody speaks now."""
        seconds = len(frame) / self._rate
        self.level = _level(frame)
        self._silent = self._silent + seconds if self.level == _NOTHING else 0.0
        if not 0 < self._silent < _PAUSE:
            self._learn_room(seconds)
        self._contrary = self._contrary + seconds if self._is_voice() != self.speaking else 0.0
        limit = HANGOVER if self.speaking else _ONSET
        if self._contrary > limit - seconds / 2:  # to the nearest frame
            self.speaking, self._contrary = not self.speaking, 0.0
        return self.speaking

    def _is_voice(self) -> bool:
        return self.level > min(self._least, self._least_before) + _RISE

    def _learn_room(self, seconds: float) -> None:
        level = max(self.level, _QUIETEST)
        self._least = min(self._least, level)
        self._since += seconds
        if self._since >= _ROOM:
            self._least_before, self._least, self._since = self._least, level, 0.0


def _level(frame: Samples) -> float:
    if not frame.any():
        return _NOTHING
    sound = frame.astype(np.float32)
    return 10 * log10(float(sound @ sound) / (len(frame) * 32768.0**2))
