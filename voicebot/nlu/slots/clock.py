"""Hours as they are said: which half of the day a clock hour means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

Part = Literal["business", "morning", "noon", "afternoon", "evening", "night"]

FIRST_HOUR: dict[Part, int] = {
    "business": 8,
    "morning": 0,
    "noon": 10,
    "afternoon": 12,
    "evening": 13,
    "night": 18,
}
"""A clock hour (1 to 12) means the first such hour from here on: twelve at night is 24:00, three is 27:00.

`business` is what a bare hour means: people who arrange a call mean 08:00 to 19:59.
"""

USUAL_HOUR: dict[Part, int] = {"business": 10, "morning": 9, "noon": 12, "afternoon": 14, "evening": 18, "night": 20}
"""When a part of the day is named without an hour ("tomorrow afternoon"), the call is made then."""


@dataclass(frozen=True)
class Clock:
    """A time as it was said. `hour` is 0 to 24; above 12, or 0, it needs no part of the day."""

    hour: int
    minute: int = 0
    part: Part | None = None

    def since_midnight(self, otherwise: Part | None) -> timedelta:
        """From the midnight that begins the day it was said of; 24 hours or more belong to the next day."""
        hour = self.hour
        if 1 <= hour <= 12:
            first = FIRST_HOUR[self.part or otherwise or "business"]
            hour = first + (hour - first) % 12
        return timedelta(hours=hour, minutes=self.minute)

    def time(self, otherwise: Part | None) -> time:
        """The time of day; `otherwise` is the part of the day named elsewhere in the utterance."""
        minutes = self.since_midnight(otherwise) // timedelta(minutes=1)
        return time(minutes // 60 % 24, minutes % 60)


def clock(hour: int, minute: int = 0, part: Part | None = None) -> Clock | None:
    """The time, or None where no clock shows it."""
    if hour == 24 and minute == 0:
        return Clock(0)
    return Clock(hour, minute, part) if 0 <= hour < 24 and 0 <= minute < 60 else None


def before(clock: Clock, minutes: int) -> Clock:
    """The time `minutes` before a full hour; quarter to one is 12:45."""
    return Clock((clock.hour - 2) % 12 + 1 if clock.hour <= 12 else clock.hour - 1, 60 - minutes, clock.part)
