"""Days that English speakers call by name; each with the next one counted from today."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from voicebot.nlu.slots import calendar as cal

Yearly = Callable[[int], "date | None"]


def _next(in_year: Yearly) -> Callable[[re.Match[str], date], date | None]:
    def resolve(_said: re.Match[str], today: date) -> date | None:
        days = (in_year(year) for year in (today.year, today.year + 1))
        return next((found for found in days if found and found >= today), None)

    return resolve


def _fixed(month: int, number: int) -> Yearly:
    return lambda year: date(year, month, number)


def _weekday(month: int, weekday: int, nth: int, days: int = 0) -> Yearly:
    def in_year(year: int) -> date | None:
        found = cal.nth_weekday(year, month, weekday, nth)
        return found + timedelta(days=days) if found else None

    return in_year


def _easter(days: int) -> Yearly:
    return lambda year: cal.easter(year) + timedelta(days=days)


_IN_YEAR: dict[str, Yearly] = {
    "new years eve": _fixed(12, 31),
    "new years(?: day)?": _fixed(1, 1),
    "martin luther king(?: jr)? day": _weekday(1, 0, 3),
    "groundhog day": _fixed(2, 2),
    "valentines(?: day)?": _fixed(2, 14),
    "(?:saint|st) patricks day": _fixed(3, 17),
    "good friday": _easter(-2),
    "easter monday": _easter(1),
    "easter(?: sunday)?": _easter(0),
    "april fools(?: day)?": _fixed(4, 1),
    "may day": _fixed(5, 1),
    "memorial day": _weekday(5, 0, -1),
    "juneteenth": _fixed(6, 19),
    "independence day|4th of july|july (?:the )?4(?:th)?": _fixed(7, 4),
    "labou?r day": _weekday(9, 0, 1),
    "columbus day": _weekday(10, 0, 2),
    "halloween": _fixed(10, 31),
    "bonfire night|guy fawkes(?: night)?": _fixed(11, 5),
    "veterans day|remembrance day": _fixed(11, 11),
    "thanksgiving(?: day)?": _weekday(11, 3, 4),
    "black friday": _weekday(11, 3, 4, days=1),
    "christmas eve": _fixed(12, 24),
    "christmas(?: day)?|xmas(?: day)?": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
}
HOLIDAYS = [(pattern, _next(in_year)) for pattern, in_year in _IN_YEAR.items()]
"""(pattern, what it says), for the table of dates."""
