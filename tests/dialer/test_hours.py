"""Calling hours: never outside the hours of any zone the callee may be in, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.dialer.hours import HORIZON, Allowed, Blocked, next_allowed
from voicebot.dialer.policy import WEEKDAYS, Layer, Rules, Windows

ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "Pacific/Honolulu",
    "Europe/London",
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # shifts by half an hour
    "Africa/Casablanca",  # is put back for Ramadan
    "America/Santiago",  # shifts at midnight
    "Pacific/Apia",
]


def rules(holidays: tuple[date, ...] = (), **days: str) -> Rules:
    named = {name.replace("_", "-"): text for name, text in days.items()}
    windows = Windows.model_validate({**named, "source": "test"})
    return Rules().under(Layer(windows=windows, holidays=holidays))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


OFFICE = rules(monday_friday="09:00-20:00", saturday="10:00-17:00")
NIGHT = rules(monday_sunday="01:30-02:45")


@pytest.mark.parametrize(
    ("now", "zones", "expected"),
    [
        ("2026-01-05T15:00", ["America/New_York"], "2026-01-05T15:00"),  # Monday 10:00
        ("2026-01-05T03:00", ["America/New_York"], "2026-01-05T14:00"),  # Sunday night: Monday's opening
        ("2026-01-05T15:00", ["America/New_York", "America/Los_Angeles"], "2026-01-05T17:00"),  # both are open
        ("2026-01-06T02:00", ["America/New_York", "America/Los_Angeles"], "2026-01-06T17:00"),  # New York has closed
        ("2026-01-06T00:58", ["America/New_York"], "2026-01-06T00:58"),
        ("2026-01-06T00:59", ["America/New_York"], "2026-01-06T14:00"),  # it would ring after 20:00
        ("2026-01-11T15:00", ["Europe/London"], "2026-01-12T09:00"),  # Sunday
        ("2026-03-29T12:00", ["Europe/London"], "2026-03-30T08:00"),  # summer time began
        ("2026-10-25T12:00", ["Europe/London"], "2026-10-26T09:00"),  # and ended
    ],
)
def test_the_first_allowed_moment(now: str, zones: list[str], expected: str) -> None:
    assert next_allowed(moment(now), zones, OFFICE) == Allowed(moment(expected))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-08T06:00", "2026-03-08T06:30"),  # New York loses 02:00-03:00 and keeps 01:30-02:00
        ("2026-03-08T07:00", "2026-03-09T05:30"),
        ("2026-11-01T05:00", "2026-11-01T05:30"),  # 01:30 comes twice: the first
        ("2026-11-01T06:05", "2026-11-01T06:30"),  # 01:05 again: the second
        ("2026-11-01T06:45", "2026-11-01T06:45"),
    ],
)
def test_the_nights_on_which_clocks_change(now: str, expected: str) -> None:
    assert next_allowed(moment(now), ["America/New_York"], NIGHT) == Allowed(moment(expected))


def test_holidays_are_closed() -> None:
    closed = rules(holidays=(date(2026, 12, 25), date(2026, 12, 26)), monday_sunday="09:00-20:00")
    assert next_allowed(moment("2026-12-25T10:00"), ["Europe/London"], closed) == Allowed(moment("2026-12-27T09:00"))


@pytest.mark.parametrize(
    ("zones", "hours", "why"),
    [
        ([], OFFICE, "the time zone is unknown"),
        (["America/Atlantis"], OFFICE, "unknown: America/Atlantis"),
        (["Europe/London", ""], OFFICE, "one of the time zones is unknown"),
        (["../etc/passwd"], OFFICE, "one of the time zones is unknown"),
        (["Europe/London", "Pacific/Auckland"], rules(monday="09:00-12:00"), "no allowed hour within 35 days"),
        (["Europe/London"], rules(monday_sunday="closed"), "no allowed hour within 35 days"),
    ],
)
def test_nobody_is_dialled_where_no_hour_is_known(zones: list[str], hours: Rules, why: str) -> None:
    answer = next_allowed(moment("2026-06-01T12:00"), zones, hours)
    assert isinstance(answer, Blocked)
    assert why in answer.why


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        next_allowed(datetime(2026, 1, 1), ["UTC"], OFFICE)  # noqa: DTZ001


DAYS = st.sampled_from(["closed", "09:00-20:00", "09:00-12:00, 14:00-20:00", "00:30-02:30", "23:00-24:00"])
WEEKS = st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, DAYS)).map(lambda days: rules((), **days))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def allows(at: datetime, zone: str, week: Rules) -> bool:
    """The rule itself, told by the wall clock alone."""
    wall = at.astimezone(ZoneInfo(zone))
    minutes = wall.hour * 60 + wall.minute
    return any(span.start <= minutes < span.end for span in week.week[wall.weekday()])


@settings(max_examples=300)
@given(MOMENTS, st.lists(st.sampled_from(ZONES), min_size=1, max_size=4), WEEKS)
def test_never_outside_the_hours_of_any_zone(now: datetime, zones: list[str], week: Rules) -> None:
    answer = next_allowed(now, zones, week)
    if isinstance(answer, Allowed):
        assert now <= answer.at <= now + HORIZON
        assert all(allows(answer.at, zone, week) for zone in zones)
        assert next_allowed(answer.at, zones, week) == answer


@settings(max_examples=60)
@given(MOMENTS, st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), WEEKS)
def test_no_allowed_quarter_of_an_hour_is_passed_over(now: datetime, zones: list[str], week: Rules) -> None:
    answer = next_allowed(now, zones, week)
    until = answer.at if isinstance(answer, Allowed) else now + timedelta(days=3)
    step = now + timedelta(minutes=15)
    while step < min(until, now + timedelta(days=3)):
        whole = all(allows(step + timedelta(minutes=n), zone, week) for zone in zones for n in (0, 61))
        assert not whole, f"{step} is allowed and was passed over"
        step += timedelta(minutes=15)
