"""Days that Chinese speakers call by name, those of the lunar calendar from a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from voicebot.nlu.slots import calendar as cal

Yearly = Callable[[int], "date | None"]

_LUNAR: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2025: ((1, 29), (5, 31), (10, 6)),
    2026: ((2, 17), (6, 19), (9, 25)),
    2027: ((2, 6), (6, 9), (9, 15)),
    2028: ((1, 26), (5, 28), (10, 3)),
    2029: ((2, 13), (6, 16), (9, 22)),
    2030: ((2, 3), (6, 5), (9, 12)),
    2031: ((1, 23), (6, 24), (10, 1)),
    2032: ((2, 11), (6, 12), (9, 19)),
    2033: ((1, 31), (6, 1), (9, 8)),
    2034: ((2, 19), (6, 20), (9, 27)),
    2035: ((2, 8), (6, 10), (9, 16)),
    2036: ((1, 28), (5, 30), (10, 4)),
}
"""Year -> Spring Festival (1st of the 1st lunar month), Dragon Boat (5th of the 5th), Mid-Autumn (15th of the 8th).

After the Chinese calendar of GB/T 33661-2017. A year that is not listed has no known day.
"""
_SPRING, _DRAGON_BOAT, _MID_AUTUMN = range(3)


def _lunar(column: int, days: int = 0) -> Yearly:
    def in_year(year: int) -> date | None:
        listed = _LUNAR.get(year)
        return date(year, *listed[column]) + timedelta(days=days) if listed else None

    return in_year


def _fixed(month: int, number: int) -> Yearly:
    return lambda year: date(year, month, number)


def _clear_brightness(year: int) -> date | None:
    """清明: 4 or 5 April as the sun reaches 15 degrees, for the years of the table."""
    return date(year, 4, 5 if year % 4 in {2, 3} else 4) if year in _LUNAR else None


def _weekday(month: int, weekday: int, nth: int) -> Yearly:
    return lambda year: cal.nth_weekday(year, month, weekday, nth)


HOLIDAYS: list[tuple[str, Yearly]] = [
    ("元旦节?", _fixed(1, 1)),
    ("(?:大?年30|除夕)(?:晚上|夜)?", _lunar(_SPRING, days=-1)),
    ("(?:大年|正月)初1|春节|过年那天", _lunar(_SPRING)),
    ("(?:大年|正月)初2", _lunar(_SPRING, days=1)),
    ("(?:大年|正月)初3", _lunar(_SPRING, days=2)),
    ("元宵节?|正月15", _lunar(_SPRING, days=14)),
    ("情人节", _fixed(2, 14)),
    ("(?:3月?8)?妇女节|38节", _fixed(3, 8)),
    ("清明节?", _clear_brightness),
    ("5月?1?劳动节|劳动节|51(?:节|假期|长假|当天|那天|(?=$))", _fixed(5, 1)),
    ("母亲节", _weekday(5, 6, 2)),
    ("端午节?", _lunar(_DRAGON_BOAT)),
    ("61?儿童节|儿童节", _fixed(6, 1)),
    ("父亲节", _weekday(6, 6, 3)),
    ("教师节", _fixed(9, 10)),
    ("中秋节?|8月节", _lunar(_MID_AUTUMN)),
    ("11(?:国庆节?|长假|黄金周|假期)|国庆节?", _fixed(10, 1)),
    ("双11", _fixed(11, 11)),
    ("双12", _fixed(12, 12)),
    ("平安夜", _fixed(12, 24)),
    ("圣诞节?", _fixed(12, 25)),
    ("跨年夜?", _fixed(12, 31)),
]
"""(pattern, the day in a year), for the table of dates."""
