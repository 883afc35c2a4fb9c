"""Caps and the pause after a conversation: counted over any stretch of time, not by calendar days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialer.caps import History, longest, may_call
from voicebot.dialer.hours import Allowed, Blocked
from voicebot.dialer.policy import Cap, Layer, Rules, Windows

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ALL_DAY = Rules(caps=(Cap(calls=2, hours=24, source="test"), Cap(calls=3, hours=168, source="test")), cooldown_hours=20)


def ago(*hours: float) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(hours=h) for h in hours)


@pytest.mark.parametrize(
    ("dialled", "talked", "wished", "later"),
    [
        ((), (), False, 0),
        (ago(1), (), False, 0),
        (ago(1, 5), (), False, 19),  # the one of 5 hours ago must be a day old
        (ago(24, 1), (), False, 0),
        (ago(30, 60, 100), (), False, 68),  # three in a week
        (ago(1), ago(1), False, 19),
        (ago(1), ago(1), True, 0),  # they asked for it
        (ago(1, 2), ago(1), True, 22),  # caps hold all the same
    ],
)
def test_when_the_next_call_may_come(
    dialled: tuple[datetime, ...], talked: tuple[datetime, ...], wished: bool, later: float
) -> None:
    answer = may_call(NOW, ["UTC"], ALL_DAY, History(dialled, talked), wished=wished)
    assert answer == Allowed(NOW + timedelta(hours=later))


def test_a_cap_moves_into_the_window_behind_it() -> None:
    rules = ALL_DAY.under(Layer(windows=Windows.model_validate({"monday-sunday": "09:00-17:00", "source": "test"})))
    assert may_call(NOW, ["UTC"], rules, History(ago(1, 5))) == Allowed(NOW + timedelta(hours=21))
    assert isinstance(may_call(NOW, [], rules, History()), Blocked)


def test_how_far_back_a_history_must_reach() -> None:
    assert longest(ALL_DAY) == timedelta(days=7)
    assert longest(Rules(cooldown_hours=200)) == timedelta(hours=200)
    assert longest(Rules()) == timedelta(0)


@given(st.lists(st.floats(0, 400), max_size=30), st.floats(0, 400))
def test_a_dialer_that_asks_each_time_never_breaks_a_cap(gaps: list[float], start: float) -> None:
    dialled: list[datetime] = []
    now = NOW + timedelta(hours=start)
    for gap in gaps:
        answer = may_call(now, ["UTC"], ALL_DAY, History(tuple(dialled)))
        assert isinstance(answer, Allowed)
        dialled.append(answer.at)
        now = answer.at + timedelta(hours=gap)
    for cap in ALL_DAY.caps:
        window = timedelta(hours=cap.hours)
        for moment in dialled:
            assert sum(moment <= other < moment + window for other in dialled) <= cap.calls
