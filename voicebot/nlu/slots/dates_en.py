"""Dates in English utterances, as a table of what can be said, longest first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from voicebot.nlu.slots import calendar as cal
from voicebot.nlu.slots.heard import Found, Rule, preceding, rule, scan
from voicebot.nlu.slots.holidays_en import HOLIDAYS
from voicebot.nlu.slots.words_en import MONTHS, WEEKDAYS

_MONTH_NUMBER = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_WEEKDAY_NUMBER = {name[:3].lower(): number for number, name in enumerate(WEEKDAYS)}
_MONTH = rf"(?P<month>{'|'.join(MONTHS).lower()}|jan|feb|apr|aug|sept?|oct|nov|dec)\b"
_WEEKDAY = (
    rf"(?P<weekday>(?:{'|'.join(WEEKDAYS).lower()})(?:s(?! (?:off|only)))?"
    r"|mon|tues?|(?<!we )(?<!they )(?<!to )wed|thurs?|thu|fri)\b"
)
_ORDINAL = r"\b(?P<day>\d{1,2})th\b"
_DAY = r"\b(?P<day>\d{1,2})(?:th)?\b(?![:.]\d| oclock| ?[ap] ?m\b)"
_YEAR = r"(?P<year>(?:19|20)\d\d|(?:19|20) (?:\d\d|oh \d))\b"
_YEAR_AFTER = rf"(?: (?:of |in )?(?:{_YEAR}|(?P<which>this|next|last) year))?"
_NAMED = r"(?:(?P<named>mon|tues|wednes|thurs|fri|satur|sun)day(?: the)? )?"
_COUNT = r"(?P<count>a|an|\d{1,3})"
_NO_DAY = (
    r"(?! (?:time|thing|one|half|name|week|floor|party|person|call|street|avenue|birthday|door|house|left|right|hour))"
)
_WHICH = {"last": -1, "this": 0, "the": 0, "next": 1}


def dates(text: str, today: date) -> list[Found[date]]:
    """Every day that is named, also by its distance from another: "the day after christmas"."""
    return [_shifted(each, text) for each in scan(_RULES, text, today)]


_FROM = re.compile(
    r"(?:\b(?P<count>a|the|\d{1,3}) )?\b(?P<unit>days?|weeks?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r" (?P<way>after|before|from) (?:the )?$"
)


def _shifted(found: Found[date], text: str) -> Found[date]:
    said = preceding(_FROM, text, found.start)
    if said is None:
        return found
    count = int(said["count"]) if (said["count"] or "").isdigit() else 1
    sign = -1 if said["way"] == "before" else 1
    unit = said["unit"].removesuffix("s")
    if unit in {"day", "week"}:
        shifted = found.value + timedelta(days=sign * count * (1 if unit == "day" else 7))
    else:
        weekday = _WEEKDAY_NUMBER[unit[:3]]
        shifted = cal.next_weekday(found.value - timedelta(days=7 if sign < 0 else 0), weekday)
    return Found(shifted, said.start(), found.end)


def _number(count: str) -> int:
    return 1 if count in {"a", "an"} else int(count)


def _weekday(said: re.Match[str]) -> int:
    return _WEEKDAY_NUMBER[said["weekday"][:3]]


def _as_named(said: re.Match[str], found: date | None) -> date | None:
    """The date, unless a weekday was named beside it that it does not fall on."""
    named = said.groupdict().get("named")
    return found if not named or (found and _WEEKDAY_NUMBER[named[:3]] == found.weekday()) else None


def _iso(said: re.Match[str], _today: date) -> date | None:
    return cal.day(int(said[1]), int(said[2]), int(said[3]))


def _slashed(said: re.Match[str], today: date) -> date | None:
    """Month first, unless the first figure cannot be a month."""
    month, number = int(said[1]), int(said[2])
    if month > 12:
        month, number = number, month
    if said[3]:
        year = int(said[3])
        return cal.day(cal.full_year(year, today) if year < 100 else year, month, number)
    return cal.next_month_day(today, month, number)


def _month_day(said: re.Match[str], today: date) -> date | None:
    month, number = _MONTH_NUMBER[said["month"][:3]], int(said["day"])
    if said["year"]:
        year = said["year"].replace(" oh ", "0").replace(" ", "")
        return _as_named(said, cal.day(int(year), month, number))
    if said["which"]:
        return _as_named(said, cal.day(today.year + _WHICH[said["which"]], month, number))
    return _as_named(said, cal.next_month_day(today, month, number))


def _day_of_month(said: re.Match[str], today: date) -> date | None:
    return _as_named(said, cal.next_day_of_month(today, int(said["day"])))


def _day_and_month(said: re.Match[str], today: date) -> date | None:
    return cal.next_month_day(today, int(said["month"]), int(said["day"]))


def _later_day_of_month(said: re.Match[str], today: date) -> date | None:
    """Without "the", only an ordinal that is seldom anything else ("first", "second" and "third" often are)."""
    number = int(said["day"])
    return cal.next_day_of_month(today, number) if number > 3 else None


def _day_of_that_month(said: re.Match[str], today: date) -> date | None:
    return cal.day_in_month(today, _WHICH[said["which"]], int(said["day"]))


def _nth_weekday(said: re.Match[str], today: date) -> date | None:
    nth = -1 if said["nth"] == "last" else int(said["nth"])
    for months in range(13) if said["month"] else (_WHICH[said["which"]],):
        first = cal.add_months(today.replace(day=1), months)
        if said["month"] and first.month != _MONTH_NUMBER[said["month"][:3]]:
            continue
        found = cal.nth_weekday(first.year, first.month, _weekday(said), nth)
        if found and (found >= today or said["which"]):
            return found
    return None


def _edge(said: re.Match[str], today: date) -> date | None:
    """The first, middle (15th) or last day of a month; of a year its first or last; of a week Monday or Friday."""
    edge, unit, which = said["edge"], said["unit"], _WHICH[said["which"] or "the"]
    last = edge in {"end", "last day"}
    if unit == "year":
        return date(today.year + which, 12, 31) if last else date(today.year + which, 1, 1)
    if unit == "week":
        return cal.weekday_of_week(today, 4 if last else 0, which)
    first = cal.add_months(today.replace(day=1), which)
    if said["month"]:
        wanted = _MONTH_NUMBER[said["month"][:3]]
        first = cal.add_months(today.replace(day=1), (wanted - today.month) % 12)
    return cal.month_end(first) if last else first.replace(day=15 if edge.startswith("mid") else 1)


def _weeks_beyond(said: re.Match[str], today: date) -> date:
    """So many weeks after a weekday, today or tomorrow: "a week on friday", "two weeks today"."""
    weeks = _number(said["count"]) * (2 if said["unit"].startswith("fortnight") else 1)
    return _anchor(said["anchor"], today) + timedelta(weeks=weeks)


def _week_after(said: re.Match[str], today: date) -> date:
    return _anchor(said["anchor"], today) + timedelta(weeks=2 if said["unit"] == "fortnight" else 1)


def _anchor(word: str, today: date) -> date:
    if word in {"today", "now"}:
        return today
    if word == "tomorrow":
        return today + timedelta(days=1)
    return cal.next_weekday(today, _WEEKDAY_NUMBER[word[:3]])


def _offset(said: re.Match[str], today: date) -> date:
    return _later(today, _number(said["count"]), said["unit"])


def _ago(said: re.Match[str], today: date) -> date:
    return _later(today, -_number(said["count"]), said["unit"])


def _later(today: date, count: int, unit: str) -> date:
    if unit.startswith("month"):
        return cal.add_months(today, count)
    if unit.startswith("year"):
        return cal.add_months(today, 12 * count)
    return today + count * timedelta(days={"day": 1, "wee": 7, "for": 14}[unit[:3]])


def _nth_weekday_on(said: re.Match[str], today: date) -> date:
    return cal.next_weekday(today, _weekday(said)) + timedelta(weeks=max(int(said["count"]), 1) - 1)


def _in_week(said: re.Match[str], today: date) -> date:
    return cal.weekday_of_week(today, _weekday(said), _WHICH[said["which"]])


def _after_next(said: re.Match[str], today: date) -> date:
    return cal.weekday_of_week(today, _weekday(said), 2)


def _plain_weekday(said: re.Match[str], today: date) -> date:
    which = said["which"] or ""
    if which.startswith("next"):
        return cal.weekday_of_week(today, _weekday(said), 1)
    found = cal.next_weekday(today, _weekday(said))
    return (
        found - timedelta(weeks=1 if found - timedelta(weeks=1) < today else 2) if which in {"last", "past"} else found
    )


def _days_on(days: int) -> Callable[[re.Match[str], date], date]:
    return lambda _said, today: today + timedelta(days=days)


def _nothing(_said: re.Match[str], _today: date) -> date | None:
    return None


_UNITS = r"(?P<unit>days?|weeks?|fortnights?|months?|years?)"
_WEEKS = r"(?P<unit>weeks?|fortnights?)"
_ANCHOR = r"(?P<anchor>today|tomorrow|now|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
_WEEK = r"(?P<which>this|next|last) week"

_RULES: list[Rule[date, date]] = [
    rule(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", _iso),
    rule(r"(?<![\d:/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/])", _slashed),
    rule(
        rf"\b(?P<nth>[1-4](?=th)|last)(?:th)? {_WEEKDAY} (?:of|in) (?:(?P<which>the|this|next) month|{_MONTH})",
        _nth_weekday,
    ),
    rule(
        r"\b(?P<edge>end|last day|start|beginning|1th day|middle|mid)(?: of| in)?(?: (?P<which>the|this|next))? "
        rf"(?:(?P<unit>week|month|year)\b|{_MONTH})",
        _edge,
    ),
    rule(rf"(?<!th )(?<!th of )\b{_MONTH} 20 2\d\b(?! \d)", _nothing),
    rule(
        rf"\b{_NAMED}{_ORDINAL}(?= (?:to|till|until|through|and) (?:the )?\d{{1,2}}th of {_MONTH}{_YEAR_AFTER})",
        _month_day,
    ),
    rule(rf"\b{_NAMED}(?:the )?{_ORDINAL}(?: day)?(?: of)? {_MONTH}{_YEAR_AFTER}", _month_day),
    rule(rf"\b{_NAMED}{_MONTH}(?: the)? {_DAY}{_YEAR_AFTER}", _month_day),
    rule(rf"\b{_NAMED}{_DAY}(?: of)? {_MONTH}{_YEAR_AFTER}", _month_day),
    rule(rf"{_ORDINAL} (?:day )?of (?:the )?(?P<which>this|next|last)(?: coming)? month", _day_of_that_month),
    rule(rf"\b(?P<which>this|next|last) month(?: on)?(?: the)? {_ORDINAL}{_NO_DAY}", _day_of_that_month),
    rule(rf"{_ORDINAL} (?:day )?of (?:the|every|each) month", _day_of_month),
    rule(r"\b(?P<day>\d{1,2})th of the (?P<month>\d{1,2})th\b", _day_and_month),
    rule(rf"\b{_COUNT} {_WEEKS}(?: (?:on|from|after|this|next|coming))* {_ANCHOR}", _weeks_beyond),
    rule(rf"\b{_ANCHOR} (?P<unit>week|fortnight)\b", _week_after),
    rule(rf"\b(?P<count>\d{{1,2}}) {_WEEKDAY} (?:from (?:now|today)|on)\b", _nth_weekday_on),
    rule(r"\bday after (?:tomorrow|tmorrow)\b|\boverm[ao]rrow\b", _days_on(2)),
    rule(r"\bday before yesterday\b", _days_on(-2)),
    rule(rf"\b{_WEEKDAY} after next\b", _after_next),
    rule(rf"\bweek after next(?: on)? {_WEEKDAY}", _after_next),
    rule(rf"\b{_WEEKDAY}(?: of)?(?: the)? {_WEEK}\b", _in_week),
    rule(rf"\b{_WEEK}(?: on)?(?: the)? {_WEEKDAY}", _in_week),
    rule(rf"\b{_COUNT} {_UNITS} (?:ago|back|before now)\b", _ago),
    rule(rf"\b(?:in|after|within) (?:about |around )?{_COUNT} {_UNITS}\b(?: times?)?", _offset),
    rule(rf"\b{_COUNT} {_UNITS} (?:from (?:now|today)|times?|later|hence)\b", _offset),
    rule(r"\b(?:this|same) (?:time|day) next week\b", _days_on(7)),
    *(rule(rf"\b(?:{pattern})\b", resolve) for pattern, resolve in HOLIDAYS),
    rule(rf"\b{_NAMED}(?:the|on|by|for|from|until|till)(?: the)? {_ORDINAL}{_NO_DAY}", _day_of_month),
    rule(rf"^{_NAMED}{_ORDINAL}$", _day_of_month),
    rule(rf"\b(?:(?P<which>next|last|past|this)(?: coming)? )?{_WEEKDAY}", _plain_weekday),
    rule(r"\b(?:tomorrow)\b", _days_on(1)),
    rule(r"\byesterday\b|\blast night\b", _days_on(-1)),
    rule(r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b", _days_on(0)),
    rule(rf"{_ORDINAL}{_NO_DAY}", _later_day_of_month),
]
