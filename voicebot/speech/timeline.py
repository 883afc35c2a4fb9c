"""One line's sound in one piece: what comes doubled or late is left out, and what is lost becomes silence.

Rule: time is what the frames say of themselves, as far as it can be believed; no clock is asked.
"""

from __future__ import annotations

BYTES_PER_MS = 8
"""Mu-law at 8000 samples a second."""

QUIET = b"\xff"
"""Silence in mu-law."""

LOST_AT_MOST = 2000
"""Milliseconds of lost sound that are made up for by silence, which is enough to end any sentence."""

LEAP = 5000
"""A frame that is so many milliseconds late tells not of disorder but of a clock that was set back."""

LONGEST_FRAME = 1000
"""Milliseconds of one frame that are taken; providers send 20."""


class Timeline:
    """Puts frames in a row. `now` is the end of what has been taken, in milliseconds of sound since the first frame."""

    def __init__(self) -> None:
        self.now = 0
        self.left_out = 0
        self.made_up = 0
        self._offset: int | None = None

    def take(self, frame: bytes, at: int) -> bytes:
        """What continues the line, of the frame that begins at `at` ms; empty for a frame that is left out."""
        frame = frame[: LONGEST_FRAME * BYTES_PER_MS]
        length = len(frame) // BYTES_PER_MS
        behind = self._behind(at)
        if behind * 2 <= -length:
            self.left_out += 1
            return b""
        lost = min(behind, LOST_AT_MOST) if behind * 2 >= length else 0
        self.made_up += lost
        self.now += lost + length
        if lost == LOST_AT_MOST:
            self._offset = self.now - length - at
        return QUIET * (lost * BYTES_PER_MS) + frame if lost else frame

    def _behind(self, at: int) -> int:
        """How far a frame lies behind the end of the row; clocks may begin anywhere, and may be set back."""
        if self._offset is None or at + self._offset - self.now < -LEAP:
            self._offset = self.now - at
        return at + self._offset - self.now
