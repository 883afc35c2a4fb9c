"""Days that Chinese speakers call by name, those of the lunar calendar from its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from voicebot.nlu.slots import calendar as cal
from voicebot.nlu.slots import lunar

Yearly = Callable[[int], "date | None"]


def _lunar(month: int, number: int, days: int = 0) -> Yearly:
    def in_year(year: int) -> date | None:
        found = lunar.in_solar_year(year, month, number)
        return found + timedelta(days=days) if found else None

    return in_year


def _fixed(month: int, number: int) -> Yearly:
    return lambda year: date(year, month, number)


def _clear_brightness(year: int) -> date | None:
    """清明: 4 or 5 April as the sun reaches 15 degrees, for the years of the table."""
    return date(year, 4, 5 if year % 4 in {2, 3} else 4) if year in lunar.YEARS else None


def _weekday(month: int, weekday: int, nth: int) -> Yearly:
    return lambda year: cal.nth_weekday(year, month, weekday, nth)


HOLIDAYS: list[tuple[str, Yearly]] = [
    ("元旦节?", _fixed(1, 1)),
    ("(?:大?年30|除夕)(?:晚上|夜)?", _lunar(1, 1, days=-1)),
    ("春节|过年那天", _lunar(1, 1)),
    ("元宵节?", _lunar(1, 15)),
    ("龙抬头", _lunar(2, 2)),
    ("情人节", _fixed(2, 14)),
    ("(?:3月?8)?妇女节|38节", _fixed(3, 8)),
    ("清明节?", _clear_brightness),
    ("5月?1?劳动节|劳动节|51(?:节|假期|长假|当天|那天|(?=$))", _fixed(5, 1)),
    ("母亲节", _weekday(5, 6, 2)),
    ("端午节?", _lunar(5, 5)),
    ("61?儿童节|儿童节", _fixed(6, 1)),
    ("父亲节", _weekday(6, 6, 3)),
    ("教师节", _fixed(9, 10)),
    ("7夕节?", _lunar(7, 7)),
    ("中元节", _lunar(7, 15)),
    ("中秋节?|8月节", _lunar(8, 15)),
    ("重阳节?", _lunar(9, 9)),
    ("腊8节?", _lunar(12, 8)),
    ("11(?:国庆节?|长假|黄金周|假期)|国庆节?", _fixed(10, 1)),
    ("双11", _fixed(11, 11)),
    ("双12", _fixed(12, 12)),
    ("平安夜", _fixed(12, 24)),
    ("圣诞节?", _fixed(12, 25)),
    ("跨年夜?", _fixed(12, 31)),
]
"""(pattern, the day in a year), for the table of dates."""
