"""The token bucket: leads are spaced by the rate, agents' legs go first and are made up for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialer.pacing import Bucket, bucket_after, filled, spent, take, wait

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_leads_are_spaced_evenly() -> None:
    bucket = take(Bucket(2.0, 1.0, NOW), NOW)
    assert bucket is not None
    assert take(bucket, later(0.4)) is None
    assert wait(bucket, later(0.4)) == timedelta(seconds=0.1)
    assert take(bucket, later(0.5)) is not None


def test_an_agents_leg_goes_first_and_the_leads_make_up_for_it() -> None:
    bucket = spent(spent(Bucket(1.0, 1.0, NOW), NOW), NOW)
    assert bucket.tokens == -1
    assert wait(bucket, NOW) == timedelta(seconds=2)
    assert take(bucket, later(1.9)) is None
    assert take(bucket, later(2)) is not None


def test_a_quiet_hour_saves_nothing_up() -> None:
    assert filled(Bucket(5.0, 0.0, NOW), later(3600)).tokens == 1


def test_a_clock_put_back_fills_nothing() -> None:
    assert filled(Bucket(1.0, 0.25, NOW), later(-60)) == Bucket(1.0, 0.25, NOW)


def test_the_record_of_attempts_is_memory_enough() -> None:
    assert bucket_after([], 1.0, NOW).tokens == 1
    assert take(bucket_after([later(-0.5)], 1.0, NOW), NOW) is None
    assert take(bucket_after([later(-1)], 1.0, NOW), NOW) is not None
    assert take(bucket_after([later(-50)], 0.01, NOW), NOW) is None


@given(st.floats(0.05, 50), st.lists(st.floats(0, 3), min_size=2, max_size=60))
def test_no_stretch_of_time_has_more_legs_than_the_rate_allows(rate: float, gaps: list[float]) -> None:
    now, placed = NOW, list[datetime]()
    bucket = Bucket(rate, 1.0, NOW)
    for gap in gaps:
        now += timedelta(seconds=gap)
        after = take(bucket, now)
        if after is not None:
            bucket = after
            placed.append(now)
    for first, start in enumerate(placed):
        for count, end in enumerate(placed[first:], start=1):
            assert count <= (end - start).total_seconds() * rate + 1 + 1e-3


@given(st.floats(0.05, 100), st.integers(0, 5), st.integers(0, 3_000_000))
def test_after_the_wait_there_is_a_token(rate: float, legs: int, microseconds: int) -> None:
    bucket, now = Bucket(rate, 1.0, NOW), NOW + timedelta(microseconds=microseconds)
    for _ in range(legs):
        bucket = spent(bucket, NOW)
    assert take(bucket, now + wait(bucket, now)) is not None
    assert (wait(bucket, now) == timedelta(0)) == (take(bucket, now) is not None)
