"""The lunar calendar's table: its years adjoin, and known festivals fall on their days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from voicebot.nlu.slots import lunar


def test_years_adjoin() -> None:
    for year, following in pairwise(lunar.YEARS):
        *_, (number, leap, first, days) = lunar.months(year)
        assert (number, leap, following) == (12, False, year + 1)
        assert first + timedelta(days=days) == lunar.YEARS[following][0]


@pytest.mark.parametrize("year", lunar.YEARS)
def test_a_year_has_twelve_months_or_one_more_that_leaps(year: int) -> None:
    months = list(lunar.months(year))
    assert [number for number, leap, _, _ in months if not leap] == list(range(1, 13))
    assert len(months) - 12 == sum(leap for _, leap, _, _ in months) <= 1
    assert date(year, 1, 20) < lunar.YEARS[year][0] < date(year, 2, 21)


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [
        (1, 1, date(2026, 2, 17)),
        (5, 5, date(2026, 6, 19)),
        (8, 15, date(2026, 9, 25)),
        (8, 15, date(2025, 10, 6)),
        (5, 5, date(2028, 5, 28)),
        (8, 15, date(2033, 9, 8)),
        (1, 1, date(2034, 2, 19)),
        (12, 8, date(2027, 1, 15)),
    ],
)
def test_festivals(month: int, number: int, day: date) -> None:
    assert lunar.in_solar_year(day.year, month, number) == day
    assert lunar.following(day - timedelta(days=1), month, number) == day
    assert lunar.following(day, month, number) != day


def test_a_year_that_is_not_listed_has_no_days() -> None:
    assert lunar.in_solar_year(2050, 1, 1) is None
    assert lunar.following(date(2050, 1, 1), None, 5) is None
