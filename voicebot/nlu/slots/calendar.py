"""Days reckoned from a day: the arithmetic that both languages' dates share."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def day(year: int, month: int, number: int) -> date | None:
    """The date, or None where there is no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def full_year(two_digits: int, today: date) -> int:
    """The year that two digits mean: none more than 20 years ahead."""
    year = today.year - today.year % 100 + two_digits
    return year if year <= today.year + 20 else year - 100


def next_weekday(today: date, weekday: int) -> date:
    """The next such weekday (Monday is 0), never today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_week(today: date, weekday: int, weeks: int) -> date:
    """That weekday in the week (Monday to Sunday) `weeks` after this one."""
    return today + timedelta(days=weekday - today.weekday() + 7 * weeks)


def next_day_of_month(today: date, number: int) -> date | None:
    """The next day of that number, never today; months too short for it are passed over."""
    for months in range(13):
        found = day_in_month(today, months, number)
        if found and found > today:
            return found
    return None


def day_in_month(today: date, months: int, number: int) -> date | None:
    """Day `number` of the month `months` after this one."""
    first = add_months(today.replace(day=1), months)
    return day(first.year, first.month, number)


def next_month_day(today: date, month: int, number: int) -> date | None:
    """The next such day of the year, today included; 29 February waits for its leap year."""
    for year in range(today.year, today.year + 9):
        found = day(year, month, number)
        if found and found >= today:
            return found
    return None


def add_months(start: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, month_length(year, month + 1)))


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(year, month)[1]


def month_end(first: date) -> date:
    """The last day of that month."""
    return first.replace(day=month_length(first.year, first.month))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The `nth` such weekday of a month; -1 is the last."""
    length = month_length(year, month)
    days = [number for number in range(1, length + 1) if date(year, month, number).weekday() == weekday]
    index = nth if nth < 0 else nth - 1
    return date(year, month, days[index]) if -len(days) <= index < len(days) else None


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the anonymous computus (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, number = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, number + 1)
