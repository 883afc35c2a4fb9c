"""The queue that owns time, virtual and real."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.simulator import EventQueue, RealTime


@settings(deadline=None)
@given(st.lists(st.integers(0, 5)))
def test_events_run_in_order_of_time_and_then_of_planning(delays: list[int]) -> None:
    queue = EventQueue()
    ran: list[tuple[int, int]] = []
    for place, delay in enumerate(delays):
        queue.after(delay, lambda place=place, delay=delay: ran.append((delay, place)))  # type: ignore[misc]
    queue.run_all()
    assert ran == sorted(ran)
    assert len(ran) == len(delays)


def test_time_jumps_to_each_event() -> None:
    queue = EventQueue()
    start = queue.now()
    seen: list[float] = []
    queue.after(3600, lambda: seen.append((queue.now() - start).total_seconds()))
    queue.after(10, lambda: queue.after(5, lambda: seen.append((queue.now() - start).total_seconds())))
    queue.run_all()
    assert seen == [15, 3600]


def test_run_until_stops_at_its_moment() -> None:
    queue = EventQueue()
    ran: list[str] = []
    queue.after(10, lambda: ran.append("in time"))
    queue.after(11, lambda: ran.append("too late"))
    queue.run_for(10)
    assert ran == ["in time"]
    assert queue.next_time() == queue.now() + timedelta(seconds=1)


def test_cancelled_event_does_not_run_and_the_past_is_now() -> None:
    queue = EventQueue()
    ran: list[str] = []
    queue.after(1, lambda: ran.append("cancelled")).cancel()
    queue.at(queue.now() - timedelta(days=1), lambda: ran.append("at once"))
    queue.run_all()
    assert ran == ["at once"]
    assert not queue.run_next()


def test_real_time_survives_an_event_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    time, done = RealTime(speed=50), threading.Event()
    time.queue.after(0, lambda: 1 / 0)
    time.queue.after(1, done.set)
    time.start()
    assert done.wait(5)
    time.stop()
    assert "an event of the simulator failed" in caplog.text


def test_real_time_runs_events_when_they_are_due() -> None:
    time, done = RealTime(speed=50), threading.Event()
    order: list[int] = []
    time.start()
    try:
        time.queue.after(5, lambda: order.append(2))
        time.queue.after(6, done.set)
        time.queue.after(1, lambda: order.append(1))
        assert done.wait(5)
    finally:
        time.stop()
    assert order == [1, 2]
