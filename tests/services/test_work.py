"""Jobs beside the requests: in the order of their press, and without holding a thread while they wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from voicebot.services.work import QueueWork, ThreadWork
from voicebot.simulator.event_queue import EventQueue

SOON = 5.0
"""Seconds after which a thread that should have come is given up."""


@pytest.fixture
def work() -> Iterator[ThreadWork]:
    made = ThreadWork(1, "test")
    yield made
    made.close()


def test_the_most_pressing_job_is_next(work: ThreadWork) -> None:
    done: list[str] = []
    go, end = threading.Event(), threading.Event()

    def busy() -> None:
        go.wait(SOON)

    work.submit(busy)
    work.submit(lambda: done.append("late"), rank="late")
    work.submit(end.set, rank="late")
    work.submit(lambda: done.append("one"))
    work.submit(lambda: done.append("two"))
    work.submit(lambda: done.append("first"), rank="first")
    go.set()
    assert end.wait(SOON)
    assert done == ["first", "one", "two", "late"]


def test_a_job_that_waits_lets_others_pass(work: ThreadWork) -> None:
    done: list[str] = []
    end = threading.Event()
    work.submit(lambda: done.append("waited"), wait=0.05)
    work.submit(end.set, wait=0.06)
    work.submit(lambda: done.append("at once"))
    assert end.wait(SOON)
    assert done == ["at once", "waited"]


def test_a_job_that_fails_ends_alone(work: ThreadWork, caplog: pytest.LogCaptureFixture) -> None:
    end = threading.Event()

    def fail() -> None:
        raise RuntimeError("it is broken")

    work.submit(fail)
    work.submit(end.set)
    assert end.wait(SOON)
    assert "a job failed" in caplog.text


def test_after_the_end_nothing_is_done(work: ThreadWork) -> None:
    done: list[str] = []
    end = threading.Event()
    work.submit(lambda: done.append("too late"), wait=60)
    work.submit(end.set)
    assert end.wait(SOON)
    work.close()
    work.submit(lambda: done.append("too late"))
    assert done == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("test-")]


def test_threads_begin_with_the_first_job() -> None:
    made = ThreadWork(4, "idle")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("idle-")]
    made.close()


def test_on_virtual_time() -> None:
    queue = EventQueue(datetime(2026, 3, 2, tzinfo=UTC))
    work, done = QueueWork(queue.after), list[str]()
    work.submit(lambda: done.append("later"), wait=12)
    work.submit(lambda: done.append("now"), rank="first")
    assert done == []
    queue.run_for(11)
    assert done == ["now"]
    queue.run_for(1)
    assert done == ["now", "later"]
