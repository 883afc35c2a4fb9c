"""Moments as text of one fixed width, `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

WIDTH = len("2026-01-01T00:00:00.000Z")


def to_text(moment: datetime) -> str:
    """The fixed-width UTC text of an aware moment, cut (not rounded) to milliseconds.

    Raises ValueError for a naive moment: a time without a zone names no instant.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone; use datetime.now(UTC)")
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def from_text(text: str) -> datetime:
    """The aware UTC moment that `to_text` wrote. Raises ValueError for any other shape."""
    if len(text) != WIDTH or not text.endswith("Z"):
        raise ValueError(f"not a moment of the form YYYY-MM-DDTHH:MM:SS.mmmZ: {text!r}")
    return datetime.fromisoformat(text)


def plus(text: str, seconds: float) -> str:
    """The text of the moment `seconds` after `text`."""
    return to_text(from_text(text) + timedelta(seconds=seconds))


UNITS = {"m": 60, "h": 3600, "d": 24 * 3600}


def seconds_of(span: str) -> int:
    """The seconds of a while as people write it: `30m`, `2h`, `14d`."""
    return int(span[:-1]) * UNITS[span[-1]]


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from `earlier` to `later`; negative when they stand the other way round."""
    return (from_text(later) - from_text(earlier)).total_seconds()
