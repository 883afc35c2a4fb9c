"""Days that hang on a date of the lead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialer.anchors import TooLate, first_day

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"


def test_three_days_before_the_due_date_begins_at_local_midnight() -> None:
    assert first_day(date(2026, 3, 20), -3, 3, [NEW_YORK], NOW) == datetime(2026, 3, 17, 4, 0, tzinfo=UTC)


def test_where_several_zones_are_possible_the_day_has_begun_in_all() -> None:
    assert first_day(date(2026, 3, 20), -3, 3, [NEW_YORK, LOS_ANGELES], NOW) == datetime(2026, 3, 17, 7, tzinfo=UTC)


def test_a_day_that_is_past_is_now_until_it_is_too_late() -> None:
    assert first_day(date(2026, 3, 4), -3, 3, [NEW_YORK], NOW) == NOW
    late = first_day(date(2026, 2, 25), 1, 3, [NEW_YORK], NOW)
    assert late == TooLate("the day of its call, 2026-02-26, is too long past")


@pytest.mark.parametrize(("zones", "now"), [((), NOW), ((NEW_YORK,), NOW.replace(tzinfo=None))])
def test_no_zone_is_no_day(zones: tuple[str, ...], now: datetime) -> None:
    with pytest.raises(ValueError, match="time zone"):
        first_day(date(2026, 3, 4), 0, 0, zones, now)


@given(st.integers(-200, 200), st.integers(-30, 30), st.integers(0, 30))
def test_never_before_the_day_and_never_in_the_past(offset: int, days: int, within: int) -> None:
    anchor = NOW.date() + timedelta(days=offset)
    first = first_day(anchor, days, within, [NEW_YORK], NOW)
    if not isinstance(first, TooLate):
        assert first >= NOW
        assert first.date() >= anchor + timedelta(days=days)
