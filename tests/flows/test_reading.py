"""Wished moments: what is missing is filled in, and nothing wished is ever in the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.flows.reading import complete, wished
from voicebot.flows.walk import wished_moment
from voicebot.nlu.slots import SlotValue, parse_slots

NOW = datetime(2026, 3, 2, 15, 20, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-04T09:30", "2026-03-04T09:30"),
        ("2026-03-04", "2026-03-04T10:00"),
        ("2026-03-02", "2026-03-02T16:20"),
        ("16:00", "2026-03-02T16:00"),
        ("14:00", "2026-03-03T14:00"),
        ("2026-03-02T14:00", "2026-03-03T14:00"),
        ("2026-03-01T14:00", "2026-03-01T14:00"),
        ("2026-03-01", "2026-03-01T10:00"),
    ],
)
def test_what_is_missing_is_filled_in(value: str, expected: str) -> None:
    assert complete(value, NOW) == expected


@given(st.integers(0, 60 * 24 * 400), st.sampled_from(["%Y-%m-%dT%H:%M", "%Y-%m-%d", "%H:%M"]))
def test_a_wish_is_never_in_the_past(minutes: int, form: str) -> None:
    said = (NOW + timedelta(minutes=minutes)).strftime(form)
    assert complete(said, NOW) >= f"{NOW:%Y-%m-%dT%H:%M}"


def test_the_moment_is_on_the_callees_clock() -> None:
    assert wished_moment("2026-03-04T09:30", NOW) == "2026-03-04T14:30:00.000Z"
    assert wished_moment("", NOW) == ""


@pytest.mark.parametrize(
    ("said", "value", "until"),
    [
        ("tomorrow between two and four", "2026-03-03T14:00", "2026-03-03T16:00"),
        ("between four and six", "2026-03-02T16:00", "2026-03-02T18:00"),
        ("any time after five", "2026-03-02T17:00", ""),
        ("before six", "2026-03-02T17:00", "2026-03-02T18:00"),
        ("tomorrow before noon", "2026-03-03T11:00", "2026-03-03T12:00"),
        ("before four", "2026-03-02T15:25", "2026-03-02T16:00"),
        ("monday to wednesday", "2026-03-09T10:00", ""),
        ("by friday", "2026-03-06T10:00", ""),
    ],
)
def test_of_a_range_the_beginning_is_wished(said: str, value: str, until: str) -> None:
    found = next(parse_slots(("datetime", "date", "time"), said, "en", NOW))
    wish = wished(found, NOW)
    assert (wish.value, wish.until, wish.text) == (value, until, found.text)


def test_a_range_that_is_past_is_meant_of_the_next_day() -> None:
    assert wished(SlotValue("time", "09:00", "nine to ten", "10:00"), NOW).until == "2026-03-03T10:00"
