"""The law of slots and spoken forms: what is read aloud is read back as the same value."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.flows.spoken import spoken
from voicebot.nlu.slots import SlotKind, parse_slot
from voicebot.nlu.slots.words_en import CURRENCIES

UNTIMED = settings(deadline=None)  # a busy machine may take long over anything
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh", "es"])
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def _read_back(kind: SlotKind, value: str, language: str, now: datetime = NOW, **options: object) -> str | None:
    found = parse_slot(kind, spoken(kind, value, language, **options), language, now)
    return found.value if found else None


@LANGUAGES
@UNTIMED
@given(number=st.integers(-(10**12) + 1, 10**12 - 1) | st.integers(0, 9999))
def test_whole_numbers(language: str, number: int) -> None:
    assert _read_back("number", str(number), language) == str(number)


@LANGUAGES
@UNTIMED
@given(number=st.decimals(-9999, 9999, places=2).filter(lambda number: number != number.to_integral_value()))
def test_decimals(language: str, number: Decimal) -> None:
    plain = format(number, "f").rstrip("0")
    assert _read_back("number", plain, language) == plain


@LANGUAGES
@UNTIMED
@given(rating=st.integers(0, 10))
def test_ratings(language: str, rating: int) -> None:
    assert _read_back("rating", str(rating), language) == str(rating)


@LANGUAGES
@UNTIMED
@given(
    cents=st.integers(0, 10**8) | st.integers(0, 99999),
    currency=st.sampled_from([*CURRENCIES, "SEK", "PLN", "AED", "ZAR"]),
)
def test_money(language: str, cents: int, currency: str) -> None:
    amount = Decimal(cents) / 100
    plain = f"{amount:.2f}".removesuffix(".00")
    assert _read_back("money", f"{plain} {currency}", language) == f"{plain} {currency}"


@LANGUAGES
@UNTIMED
@given(today=st.dates(date(2024, 1, 1), date(2040, 1, 1)), days=st.integers(0, 364))
def test_dates_of_the_coming_year(language: str, today: date, days: int) -> None:
    now = datetime.combine(today, NOW.time(), NOW.tzinfo)
    day = (today + timedelta(days=days)).isoformat()
    assert _read_back("date", day, language, now) == day


@LANGUAGES
@UNTIMED
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_dates_with_their_year(language: str, day: date) -> None:
    assert _read_back("date", day.isoformat(), language, year=True) == day.isoformat()


@LANGUAGES
@UNTIMED
@given(hour=st.times())
def test_times(language: str, hour: time) -> None:
    plain = f"{hour:%H:%M}"
    assert _read_back("time", plain, language) == plain


@LANGUAGES
@UNTIMED
@given(minutes=st.integers(0, 364 * 24 * 60))
def test_moments(language: str, minutes: int) -> None:
    plain = f"{NOW + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}"
    assert _read_back("datetime", plain, language) == plain


@LANGUAGES
@UNTIMED
@given(digits=st.text("0123456789", min_size=1, max_size=16), group=st.integers(1, 6))
def test_digits(language: str, digits: str, group: int) -> None:
    assert _read_back("digits", digits, language, group=group) == digits


@LANGUAGES
@UNTIMED
@given(digits=st.text("0123456789", min_size=7, max_size=15), plus=st.booleans())
def test_phone_numbers(language: str, digits: str, plus: bool) -> None:
    number = f"+{digits}" if plus else digits
    assert _read_back("phone", number, language) == number
