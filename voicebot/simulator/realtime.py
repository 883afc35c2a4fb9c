"""Real time for an event queue: a clock that may run fast, and the one thread that waits."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

from voicebot.simulator.event_queue import EventQueue


class FastClock:
    """The time of day, running `speed` times as fast as it should, from the moment of its making."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = datetime.now(UTC)
        self._started = time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._started) * self.speed)


class RealTime:
    """The thread that runs a queue's events when their time has come."""

    def __init__(self, speed: float = 1.0) -> None:
        self.clock = FastClock(speed)
        self.queue = EventQueue(clock=self.clock)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="simulator-queue", daemon=True)

    def start(self) -> None:
        """Begin to run events."""
        self._thread.start()

    def stop(self) -> None:
        """Run no more events, and wait until the one now running is done."""
        with self.queue.changed:
            self._stopping = True
            self.queue.changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while self._wait_until_due():
            try:
                self.queue.run_next()
            except Exception:
                # One event's fault must not stop the time of all the others.
                logging.getLogger(__name__).exception("an event of the simulator failed")

    def _wait_until_due(self) -> bool:
        """Wait for the next event's time. False when the queue is to stop."""
        queue = self.queue
        with queue.changed:
            while not self._stopping:
                due = queue.next_time()
                wait = None if due is None else (due - queue.now()).total_seconds() / self.clock.speed
                if wait is not None and wait <= 0:
                    return True
                queue.changed.wait(wait)
        return False
