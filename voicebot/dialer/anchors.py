"""Calls that hang on a date of the lead: the first moment of the day, wherever the callee may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class TooLate:
    """The day is past, and by more than is allowed; `why` says so in a sentence for the lead's record."""

    why: str


def first_day(anchor: date, days: int, within: int, zones: Sequence[str], now: datetime) -> datetime | TooLate:
    """The first moment (UTC) of the day `days` after `anchor` in all of `zones` (IANA names), or `now` when it is past.

    `within`: days after which it is too late. The day of a callee who may be in several zones begins when it has begun
    in all of them. Raises ValueError for a naive `now` or no zones.
    """
    if now.tzinfo is None or not zones:
        raise ValueError("a day begins at a moment only in a time zone")
    day = anchor + timedelta(days=days)
    begins = max(datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for zone in zones)
    if now - begins >= timedelta(days=within + 1):
        return TooLate(f"the day of its call, {day.isoformat()}, is too long past")
    return max(begins, now.astimezone(UTC))
