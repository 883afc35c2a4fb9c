"""Recordings: what stands in place of sound, and when its file is there.

https://www.twilio.com/docs/voice/api/recording. The file comes later than the request that names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from voicebot.simulator import mulaw


@dataclass
class Recording:
    """A recording: the words that were spoken and, in a world with voices, their sound in µ-law.

    `available` is the moment at which it is complete; then its file can be fetched, unless a fault has it come
    `late_by` so many seconds (None: never).
    """

    sid: str
    call_sid: str
    started: datetime
    words: list[str] = field(default_factory=list)
    seconds: int = 0
    available: datetime | None = None
    sound: bytes = b""
    late_by: float | None = 0.0

    def close(self, now: datetime, processing: float) -> None:
        """It is at its end; its file will be there in `processing` seconds."""
        self.seconds = round((now - self.started).total_seconds())
        self.available = now + timedelta(seconds=processing)

    def status(self, now: datetime) -> str:
        """`in-progress`, `processing`, `completed`; `absent` of one that is too short to keep."""
        if self.available is None:
            return "in-progress"
        if now < self.available:
            return "processing"
        return "completed" if self.seconds else "absent"

    def has_file(self, now: datetime) -> bool:
        """Whether the file can be fetched."""
        if self.available is None or self.late_by is None or not self.seconds:
            return False
        return now >= self.available + timedelta(seconds=self.late_by)

    def wav(self) -> bytes:
        """The file, 16 bit, 8000 Hz, one channel; silence of the right length where nobody has a voice."""
        return mulaw.wav(self.sound or mulaw.SILENCE * (mulaw.RATE * self.seconds))
