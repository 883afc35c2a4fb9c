"""Days as people write them, read into `YYYY-MM-DD`.

Rule: 03/04/2026 is another day in London than in New York. Where conventions that may apply disagree, it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Literal

Order = Literal["dmy", "mdy"]
ORDERS: frozenset[Order] = frozenset({"dmy", "mdy"})

MONTH_FIRST = frozenset({"US", "PR", "GU", "AS", "VI", "MP", "UM", "FM", "PW", "MH", "PH"})
"""Countries that write the month before the day. Source: Unicode CLDR 45, short date patterns."""

EITHER = frozenset({"CA", "CN", "JP", "KR", "TW", "HK", "MO", "HU", "LT", "SE", "ZA", "KE", "GH"})
"""Countries where both are met, or where the year stands first, which tells nothing of a date that begins otherwise."""

MONTHS: dict[int, tuple[str, ...]] = {
    1: ("january", "jan", "januar", "jänner", "enero", "ene", "janvier", "janv"),
    2: ("february", "feb", "februar", "febrero", "février", "févr"),
    3: ("march", "mar", "märz", "mär", "marzo", "mars"),
    4: ("april", "apr", "abril", "abr", "avril", "avr"),
    5: ("may", "mai", "mayo"),
    6: ("june", "jun", "juni", "junio", "juin"),
    7: ("july", "jul", "juli", "julio", "juillet", "juil"),
    8: ("august", "aug", "agosto", "ago", "août"),
    9: ("september", "sep", "sept", "septiembre", "septembre"),
    10: ("october", "oct", "oktober", "okt", "octubre", "octobre"),
    11: ("november", "nov", "noviembre", "novembre"),
    12: ("december", "dec", "dezember", "dez", "diciembre", "dic", "décembre", "déc"),
}
"""Names and short forms, in English, German, Spanish and French."""

_MONTH_OF = {name: month for month, names in MONTHS.items() for name in names}
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}\S*(?:\s*[ap]\.?m\.?)?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})")
_DAY_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s-]*(?:of |de )?([^\W\d_]+)\.?,?[\s-]*(?:de |del )?(\d{4}|\d{2})"
)
_NAMED_DAY = re.compile(r"([^\W\d_]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


class AmbiguousError(ValueError):
    """Something that has two meanings. `problem` ends a sentence that begins with the text; `remedy` is a sentence."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy


@lru_cache(maxsize=512)
def order_in(country: str) -> frozenset[Order]:
    """The orders of day and month that a date from this country may have."""
    if country in EITHER:
        return ORDERS
    return frozenset({"mdy"}) if country in MONTH_FIRST else frozenset({"dmy"})


def orders_in(countries: Iterable[str]) -> frozenset[Order]:
    """The orders that may apply to a list from these countries."""
    return frozenset[Order]().union(*(order_in(country) for country in countries))


@lru_cache(maxsize=8192)
def read_day(text: str, orders: frozenset[Order]) -> str:
    """The day as `YYYY-MM-DD`, a time of day left out; '' where the text is no date.

    `orders` are those that may apply where figures alone tell. Raises AmbiguousError when they lead to different days.
    """
    written = _TIME.sub("", " ".join(text.split()))
    if found := _YEAR_FIRST.fullmatch(written) or _COMPACT.fullmatch(written):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_NAMED.fullmatch(written):
        return _day(_year(found[3]), _MONTH_OF.get(found[2].casefold(), 0), int(found[1]))
    if found := _NAMED_DAY.fullmatch(written):
        return _day(int(found[3]), _MONTH_OF.get(found[1].casefold(), 0), int(found[2]))
    if found := _YEAR_LAST.fullmatch(written):
        one, mark, other, year = int(found[1]), found[2], int(found[3]), _year(found[4])
        return _of_figures(one, other, year, frozenset({"dmy"}) if mark == "." else orders)
    return ""


def _of_figures(one: int, other: int, year: int, orders: frozenset[Order]) -> str:
    """Only dates with points have one order everywhere; of the others a figure beyond 12 tells, else the country."""
    days = {_day(year, other, one), _day(year, one, other)} - {""}
    if len(days) < 2:
        return days.pop() if days else ""
    if len(orders) > 1:
        meant = " or ".join(sorted(days))
        raise AmbiguousError(f"may mean {meant}", "Write dates as 2026-03-31, or say --dates dmy or --dates mdy.")
    return _day(year, one, other) if "mdy" in orders else _day(year, other, one)


def _year(text: str) -> int:
    """Two figures are of this century up to 68, as POSIX has it for %y."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year <= 68 else 1900)


def _day(year: int, month: int, day: int) -> str:
    with suppress(ValueError):
        return date(year, month, day).isoformat()
    return ""
