"""Recordings: what stands in place of sound, and when its file is there.

https://www.twilio.com/docs/voice/api/recording. The file comes later than the request that names it.
"""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass, field
from datetime import datetime, timedelta

RATE, WIDTH = 8000, 2


@dataclass
class Recording:
    """A recording; in place of its sound the words that were spoken. `available` is the moment of its file."""

    sid: str
    call_sid: str
    started: datetime
    words: list[str] = field(default_factory=list)
    seconds: int = 0
    available: datetime | None = None

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

    def wav(self) -> bytes:
        """The file: silence of the right length, 16 bit, 8000 Hz, one channel."""
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(WIDTH)
            writer.setframerate(RATE)
            writer.writeframes(bytes(RATE * WIDTH * self.seconds))
        return file.getvalue()
