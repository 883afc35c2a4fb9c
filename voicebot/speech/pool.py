"""Worker threads for many lines: the work of each line in order and by one worker at a time, bounded, never waited for.

Rule: whoever hands work over goes on at once. A line that falls too far behind is told to be overloaded and is worked
on no more; it never makes the others wait, and never the web.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

import numpy as np

from voicebot.speech.audio import Samples
from voicebot.speech.recognizer import Engine

log = logging.getLogger("voicebot.speech")

GATHERED = 40
"""Milliseconds of sound that wait for company before a worker is woken for them."""

BACKLOG = 4_000
"""Milliseconds of sound that may wait for one line. Whoever answers that late had better be heard by others."""

Job = Callable[[], object]


class Lane(Protocol):
    """The work of one line."""

    @property
    def waiting(self) -> int:
        """Milliseconds of sound that wait to be worked on."""
        ...

    def put(self, job: Job, ms: int) -> None:
        """Work on `ms` of sound, in its turn."""
        ...

    def tell(self, job: Job) -> None:
        """Something to be done in its turn, with the sound that comes next at the latest."""
        ...

    def do(self, job: Job) -> None:
        """Something to be done in its turn, without waiting for any sound."""
        ...

    def end(self, job: Job) -> None:
        """The last thing to be done, for a line that was overloaded too; what is handed over later is left out."""
        ...


class Pool(Protocol):
    """Makes lanes."""

    def lane(self, overloaded: Job) -> Lane:
        """A line's own; `overloaded` is done, by whoever hands over too much, when it has fallen too far behind."""
        ...


class Workers:
    """A pool of so many threads."""

    def __init__(self, count: int, *, name: str, backlog: int = BACKLOG) -> None:
        self.backlog = backlog
        self.lock = threading.Lock()
        self.ready: SimpleQueue[_Lane | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def lane(self, overloaded: Job) -> Lane:
        return _Lane(self, overloaded)

    def close(self) -> None:
        """Let the threads end when they have done what they were given."""
        for _ in self._threads:
            self.ready.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (lane := self.ready.get()) is not None:
            lane.work()


class _Lane:
    """One line's work in a pool of threads. All of its state is guarded by the pool's lock."""

    def __init__(self, pool: Workers, overloaded: Job) -> None:
        self._pool, self._overloaded = pool, overloaded
        self._jobs: deque[tuple[Job, int]] = deque()
        self.waiting = 0
        self._is_ready = self._is_urgent = self._is_dropped = self._is_over = False

    def put(self, job: Job, ms: int) -> None:
        with self._pool.lock:
            if self._is_dropped or self._is_over:
                return
            if self._fits(ms):
                self._append(job, ms)
                return
            self._drop()
        self._overloaded()

    def tell(self, job: Job) -> None:
        with self._pool.lock:
            if not self._is_over:
                self._append(job, 0)

    def do(self, job: Job) -> None:
        with self._pool.lock:
            if not self._is_over:
                self._append(job, 0, is_urgent=True)

    def end(self, job: Job) -> None:
        self.do(job)
        self._is_over = True

    def work(self) -> None:
        """Do what has gathered; what comes meanwhile has to wait until the other lines had their turn."""
        with self._pool.lock:
            jobs, self._jobs, self._is_urgent = self._jobs, deque(), False
        for job, _ in jobs:
            _done(job)
        with self._pool.lock:
            self._count(-sum(ms for _, ms in jobs))
            self._is_ready = False
            self._wake_if_due()

    def _fits(self, ms: int) -> bool:
        return self.waiting + ms <= self._pool.backlog

    def _append(self, job: Job, ms: int, *, is_urgent: bool = False) -> None:
        self._jobs.append((job, ms))
        self._count(ms)
        self._is_urgent |= is_urgent
        self._wake_if_due()

    def _drop(self) -> None:
        self._count(-sum(ms for _, ms in self._jobs))
        self._jobs.clear()
        self._is_dropped = True

    def _wake_if_due(self) -> None:
        if not self._is_ready and (self._is_urgent or self.waiting >= GATHERED):
            self._is_ready = True
            self._pool.ready.put(self)

    def _count(self, ms: int) -> None:
        self.waiting += ms


class Inline:
    """A pool without threads, for virtual time and tests: whoever hands work over does it."""

    def lane(self, overloaded: Job) -> Lane:
        return _InlineLane()


class _InlineLane:
    """Work that is handed over while other work is being done comes after it."""

    waiting = 0

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()
        self._is_busy = self._is_over = False

    def put(self, job: Job, ms: int) -> None:
        self.do(job)

    def do(self, job: Job) -> None:
        if not self._is_over:
            self._jobs.append(job)
            self._work()

    def tell(self, job: Job) -> None:
        if not self._is_over:
            self._jobs.append(job)

    def end(self, job: Job) -> None:
        self.do(job)
        self._is_over = True

    def _work(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        try:
            while self._jobs:
                _done(self._jobs.popleft())
        finally:
            self._is_busy = False


def _done(job: Job) -> None:
    try:
        job()
    except Exception:  # a worker outlives whatever breaks in one line
        log.exception("work on a line's sound failed")


# --- how many lines there may be --------------------------------------------------------------------------------------

LOAD = 0.7
"""The share of the cores that recognizers may take; the rest is for the web, the database and the moments when all
callers speak at once."""

MOST = 200
"""Lines of one process, however quick its recognizer: Python itself takes about 0.3 % of a core for each."""

PROBE_SECONDS = 3.0
CHUNK_SECONDS = 0.2


def real_time_factor(engine: Engine) -> float:
    """Seconds that one recognizer of this engine takes for a second of sound, measured now. Raises RecognizerError."""
    chunk = round(engine.rate * CHUNK_SECONDS)
    sound = _babble(engine.rate)
    recognizer = engine.open()
    try:
        recognizer.feed(sound[:chunk].tobytes())  # whatever is built at the first sound is built now
        began = time.perf_counter()
        for start in range(chunk, len(sound), chunk):
            recognizer.feed(sound[start : start + chunk].tobytes())
        recognizer.end_of_speech()
        return (time.perf_counter() - began) / (PROBE_SECONDS - CHUNK_SECONDS)
    finally:
        recognizer.close()


def capacity_of(factor: float, cores: int | None = None) -> int:
    """How many lines can be heard at once by recognizers of this real-time factor."""
    lines = LOAD * (cores or os.cpu_count() or 1) / max(factor, 1e-6)
    return max(1, min(int(lines), MOST))


def _babble(rate: int) -> Samples:
    """Something as busy as speech: a buzz whose pitch, formants and loudness move, with a little noise."""
    time_ = np.arange(round(rate * PROBE_SECONDS)) / rate
    phase = 2 * np.pi * np.cumsum(120 + 30 * np.sin(2 * np.pi * 1.3 * time_)) / rate
    buzz = np.sum([np.sin(phase * place) / place for place in range(1, 25)], axis=0)
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * time_)
    hiss = np.random.default_rng(0).normal(0, 0.05, len(time_))
    sound: Samples = (6000 * (buzz * syllables + hiss)).astype(np.int16)
    return sound
