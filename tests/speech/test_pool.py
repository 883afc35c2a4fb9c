from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.speech.voices import HumEngine
from voicebot.speech.pool import MOST, Inline, Pool, Workers, capacity_of, real_time_factor


def nothing() -> None:
    pass


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(3, name="test")
    yield pool
    pool.close()


@pytest.fixture(params=["workers", "inline"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    if request.param == "inline":
        yield Inline()
        return
    made = Workers(3, name="test")
    yield made
    made.close()


def eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_the_work_of_a_line_is_done_in_order(pool: Pool) -> None:
    lanes = [pool.lane(nothing) for _ in range(8)]
    done: list[list[int]] = [[] for _ in lanes]
    for number in range(200):
        for lane, row in zip(lanes, done, strict=True):
            lane.put(partial(row.append, number), 20)
            eventually(lambda lane=lane: lane.waiting < 1000)  # type: ignore[misc]
    for lane, row in zip(lanes, done, strict=True):
        lane.end(partial(row.append, -1))
    eventually(lambda: all(row[-1:] == [-1] for row in done))
    assert all(row == [*range(200), -1] for row in done)


def test_one_worker_at_a_time(workers: Workers) -> None:
    lane = workers.lane(nothing)
    inside, most, done = 0, 0, []

    def job() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.002)
        inside -= 1
        done.append(1)

    for _ in range(50):
        lane.do(job)
    eventually(lambda: len(done) == 50)
    assert most == 1


def test_what_is_told_comes_before_the_sound_that_follows(pool: Pool) -> None:
    lane, done = pool.lane(nothing), list[str]()
    lane.put(partial(done.append, "one"), 40)
    lane.tell(partial(done.append, "told"))
    lane.put(partial(done.append, "two"), 40)
    eventually(lambda: len(done) == 3)
    assert done == ["one", "told", "two"]


def test_what_is_told_waits_for_sound(pool: Pool) -> None:
    lane, done = pool.lane(nothing), list[str]()
    lane.tell(partial(done.append, "told"))
    time.sleep(0.02)
    assert done == []
    lane.do(partial(done.append, "now"))
    eventually(lambda: done == ["told", "now"])


def test_nothing_is_done_after_the_end(pool: Pool) -> None:
    lane, done = pool.lane(nothing), list[str]()
    lane.end(partial(done.append, "end"))
    lane.put(partial(done.append, "late"), 400)
    lane.tell(partial(done.append, "late"))
    lane.end(partial(done.append, "late"))
    eventually(lambda: done)
    time.sleep(0.02)
    assert done == ["end"]


def test_work_that_breaks_stops_nobody(pool: Pool) -> None:
    lane, done = pool.lane(nothing), list[str]()
    lane.do(lambda: 1 / 0)
    lane.do(partial(done.append, "on"))
    eventually(lambda: done == ["on"])


def test_a_line_that_falls_behind_is_dropped_alone_and_without_waiting() -> None:
    workers = Workers(1, name="test", backlog=500)
    told, done = list[str](), list[str]()
    stuck = threading.Event()
    slow, other = workers.lane(partial(told.append, "slow")), workers.lane(partial(told.append, "other"))
    slow.do(stuck.wait)
    began = time.monotonic()
    for _ in range(100):
        slow.put(partial(done.append, "sound"), 20)
    other.put(partial(done.append, "other"), 40)
    slow.end(partial(done.append, "closed"))
    assert time.monotonic() - began < 1
    assert told == ["slow"]
    stuck.set()
    workers.close()
    assert sorted(done) == ["closed", "other"]
    assert (slow.waiting, other.waiting) == (0, 0)


def test_work_handed_over_within_work_comes_after_it(pool: Pool) -> None:
    lane, done = pool.lane(nothing), list[str]()

    def outer() -> None:
        lane.do(partial(done.append, "inner"))
        done.append("outer")

    lane.do(outer)
    eventually(lambda: done == ["outer", "inner"])


def test_the_real_time_factor_is_measured_on_sound() -> None:
    engine = HumEngine()
    factor = real_time_factor(engine)
    assert 0 < factor < 1
    assert engine.made[0].fed == 3000
    assert engine.made[0].is_closed


@pytest.mark.parametrize(
    ("factor", "cores", "lines"), [(0.35, 1, 2), (0.099, 4, 28), (3.0, 1, 1), (0.0, 64, MOST), (0.0001, 2, MOST)]
)
def test_capacity_follows_from_the_factor(factor: float, cores: int, lines: int) -> None:
    assert capacity_of(factor, cores) == lines
