"""Work that no request may wait for: done soon, by threads of its own or on a queue that owns virtual time."""

from __future__ import annotations

import heapq
import logging
import threading
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import Literal, Protocol

log = logging.getLogger("voicebot.work")

Job = Callable[[], None]
Rank = Literal["first", "callee", "late"]
"""How pressing a job is: a word that costs nothing, work that a callee waits for, work that nobody waits for."""

RANKS: dict[Rank, int] = {"first": 0, "callee": 1, "late": 2}


class Work(Protocol):
    """Takes jobs; whoever hands them in bounds their number."""

    def submit(self, job: Job, *, wait: float = 0, rank: Rank = "callee") -> None:
        """Have `job` done after `wait` seconds at the earliest, never within this call. Does not raise, or wait."""
        ...


class ThreadWork:
    """Does jobs in `threads` threads, which begin with the first job. Of those that are due the most pressing is next.

    A job that waits holds no thread. What a job raises is logged, and ends that job alone.
    """

    def __init__(self, threads: int, name: str = "work") -> None:
        self._count, self._name = threads, name
        self._changed = threading.Condition()
        self._numbers = count()
        self._waiting: list[tuple[float, int, int, Job]] = []
        self._due: list[tuple[int, int, Job]] = []
        self._threads: list[threading.Thread] = []
        self._stopped = False

    def submit(self, job: Job, *, wait: float = 0, rank: Rank = "callee") -> None:
        """See `Work`. After `close` nothing is taken any more."""
        with self._changed:
            if self._stopped:
                return
            heapq.heappush(self._waiting, (monotonic() + wait, next(self._numbers), RANKS[rank], job))
            if not self._threads:
                self._begin()
            self._changed.notify()

    def close(self, seconds: float = 5.0) -> None:
        """Drop what waits; what is being done has `seconds` to end."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(seconds)

    def _begin(self) -> None:
        for number in range(self._count):
            thread = threading.Thread(target=self._run, name=f"{self._name}-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:  # the thread has other jobs
                log.exception("a job failed")

    def _next(self) -> Job | None:
        with self._changed:
            while not self._stopped:
                now = monotonic()
                while self._waiting and self._waiting[0][0] <= now:
                    _, number, rank, job = heapq.heappop(self._waiting)
                    heapq.heappush(self._due, (rank, number, job))
                if self._due:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(self._waiting[0][0] - now if self._waiting else None)
            return None


class QueueWork:
    """Does jobs on a queue of events: `after(seconds, job)` runs a job later, by whatever time the queue has."""

    def __init__(self, after: Callable[[float, Job], object]) -> None:
        self._after = after

    def submit(self, job: Job, *, wait: float = 0, rank: Rank = "callee") -> None:
        """See `Work`; a queue of virtual time has no press, so that ranks mean nothing."""
        self._after(wait, job)
