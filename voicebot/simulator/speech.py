"""What the person on one call says, as sound on a line of time: streams and recordings take it from here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from voicebot.simulator import mulaw

FRAME = timedelta(milliseconds=20)
FRAME_BYTES = 160
SAMPLE = timedelta(microseconds=125)
# The loudness (root mean square) of speech, where nothing has been said by which to know it.
USUAL_LOUDNESS = 2500.0


@dataclass
class _Spoken:
    start: datetime
    words: str
    sound: bytes


@dataclass
class Speech:
    """All that was said so far; one thing at a time, for a person has one mouth."""

    _spoken: list[_Spoken] = field(default_factory=list)
    _loudness: tuple[bytes, float] = (b"", USUAL_LOUDNESS)

    def begin(self, now: datetime, words: str, sound: bytes) -> None:
        """The person starts to say something. What makes no sound leaves no trace here."""
        if sound:
            self._spoken.append(_Spoken(now, words, sound))

    def break_off(self, now: datetime) -> None:
        """The person falls silent in the middle of it."""
        if self._spoken:
            last = self._spoken[-1]
            last.sound = last.sound[: max(0, (now - last.start) // SAMPLE)]

    def forget(self) -> None:
        """The call is over, and nobody asks for its sound any more."""
        self._spoken.clear()

    def frame(self, start: datetime) -> bytes | None:
        """The twenty milliseconds from `start` on; None: silence."""
        if not self._spoken:
            return None
        last = self._spoken[-1]
        offset = (start - last.start) // SAMPLE
        if offset >= len(last.sound) or offset <= -FRAME_BYTES:
            return None
        if offset < 0:
            piece = mulaw.SILENCE * -offset + last.sound[: FRAME_BYTES + offset]
        else:
            piece = last.sound[offset : offset + FRAME_BYTES]
        return piece if len(piece) == FRAME_BYTES else piece.ljust(FRAME_BYTES, mulaw.SILENCE)

    def between(self, start: datetime, end: datetime) -> bytes:
        """The sound from one moment to another, silence included."""
        line = bytearray(mulaw.SILENCE * ((end - start) // SAMPLE))
        for one in self._spoken:
            offset = (one.start - start) // SAMPLE
            piece = one.sound[max(0, -offset) : max(0, len(line) - offset)]
            line[max(0, offset) : max(0, offset) + len(piece)] = piece
        return bytes(line)

    def words_between(self, start: datetime, end: datetime) -> list[str]:
        """What was begun to be said from one moment to another."""
        return [one.words for one in self._spoken if start <= one.start < end]

    def loudness(self) -> float:
        """The root mean square of what was said last, in linear samples."""
        sound = self._spoken[-1].sound if self._spoken else b""
        if sound and sound is not self._loudness[0]:
            self._loudness = sound, float(np.sqrt(np.mean(mulaw.decode(sound).astype(float) ** 2)))
        return self._loudness[1]
