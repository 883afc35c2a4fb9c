"""Days of the Chinese lunar calendar, from a table of its years.

The table is that of the calendar of GB/T 33661-2017. A year that is not listed has no known day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

YEARS: dict[int, tuple[date, str]] = {
    2025: (date(2025, 1, 29), "LsLssL+sLsLLLs"),
    2026: (date(2026, 2, 17), "LsLssLssLLLs"),
    2027: (date(2027, 2, 6), "LLsLssLssLLs"),
    2028: (date(2028, 1, 26), "LLLsL+ssLssLLs"),
    2029: (date(2029, 2, 13), "LLsLsLsLssLL"),
    2030: (date(2030, 2, 3), "sLsLLsLsLsLs"),
    2031: (date(2031, 1, 23), "sLL+sLsLLsLsLs"),
    2032: (date(2032, 2, 11), "LssLsLLsLLsL"),
    2033: (date(2033, 1, 31), "sLssLsLsLLL+sL"),
    2034: (date(2034, 2, 19), "sLssLsLsLLsL"),
    2035: (date(2035, 2, 8), "LsLssLssLLsL"),
    2036: (date(2036, 1, 28), "LLsLss+LssLsLL"),
}
"""Lunar year -> its first day, and its months: `L` has 30 days, `s` 29; `+` stands before the leap month."""

_LENGTH = {"L": 30, "s": 29}


def months(year: int) -> Iterator[tuple[int, bool, date, int]]:
    """(number, whether it is the leap month, first day, days) of a lunar year's months."""
    first, sizes = YEARS.get(year, (date.min, ""))
    number, leap = 0, False
    for size in sizes:
        if size == "+":
            leap = True
            continue
        number += not leap
        yield number, leap, first, _LENGTH[size]
        first, leap = first + timedelta(days=_LENGTH[size]), False


def in_solar_year(year: int, month: int, number: int) -> date | None:
    """Day `number` of lunar month `month` (no leap month) that falls into a solar year."""
    return next((day for day in _days(range(year - 1, year + 1), month, number) if day.year == year), None)


@lru_cache(maxsize=256)
def following(today: date, month: int | None, number: int) -> date | None:
    """The next such day after today; `month` None is any month, a leap month too."""
    days = _days(range(today.year - 1, today.year + 2), month, number)
    return next((day for day in days if day > today), None)


def _days(years: range, month: int | None, number: int) -> Iterator[date]:
    for year in years:
        for name, leap, first, length in months(year):
            if 1 <= number <= length and (month is None or (month == name and not leap)):
                yield first + timedelta(days=number - 1)
