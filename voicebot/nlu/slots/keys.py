"""The value of keys pressed on a telephone, for the same questions that can be answered by voice."""

from __future__ import annotations

from datetime import date, datetime

from voicebot.nlu.slots import calendar as cal
from voicebot.nlu.slots.clock import Clock, clock
from voicebot.nlu.slots.value import TOO_LARGE, SlotKind, SlotValue

RATINGS = frozenset(map(str, range(11)))


def parse_keys(kind: SlotKind, digits: str, reference: datetime) -> SlotValue | None:
    """The value of `kind`, or None where the keys give none.

    Dates are `MMDD`, `YYYYMMDD`, or one or two digits for the next such day of a month; times `HHMM` by the
    24-hour clock, or three digits or fewer as people say them (`330`, `3`: in business hours); a moment is
    `MMDDHHMM`; money is in whole units. Words cannot be keyed.
    """
    if not (digits.isascii() and digits.isdigit()):
        return None
    value = _value(kind, digits, reference)
    return SlotValue(kind, value, digits) if value else None


def _value(kind: SlotKind, digits: str, now: datetime) -> str | None:
    if kind in {"digits", "phone"}:
        return digits
    figure = digits.lstrip("0") or "0"
    if kind in {"number", "money"}:
        return figure if len(figure) < len(str(TOO_LARGE)) else None
    if kind == "rating":
        return figure if figure in RATINGS else None
    if kind == "date":
        day = _date(digits, now.date())
        return day.isoformat() if day else None
    if kind == "time":
        hour = _clock(digits)
        return f"{hour.time(None):%H:%M}" if hour else None
    if kind == "datetime" and len(digits) == 8:
        day, hour = _date(digits[:4], now.date()), _clock(digits[4:])
        return f"{day.isoformat()}T{hour.time(None):%H:%M}" if day and hour else None
    return None


def _date(digits: str, today: date) -> date | None:
    if len(digits) <= 2:
        return cal.next_day_of_month(today, int(digits))
    if len(digits) == 4:
        return cal.next_month_day(today, int(digits[:2]), int(digits[2:]))
    return cal.day(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None


def _clock(digits: str) -> Clock | None:
    if len(digits) <= 2:
        return clock(int(digits))
    if len(digits) == 3:
        return clock(int(digits[0]), int(digits[1:]))
    if len(digits) != 4:
        return None
    return clock(int(digits[:2]), int(digits[2:]), "morning" if int(digits[:2]) < 12 else None)
