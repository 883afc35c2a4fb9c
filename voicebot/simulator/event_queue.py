"""The queue that owns time: events in order of (time, sequence), each run under one lock.

Rule: whoever wants something to happen later puts it here; nothing in the simulator sleeps or reads a wall clock.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Action = Callable[[], object]

DEFAULT_START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Event:
    """Something that is to happen at a moment; also the handle by which it is called off."""

    __slots__ = ("action", "when")

    def __init__(self, when: datetime, action: Action) -> None:
        self.when = when
        self.action: Action | None = action

    def cancel(self) -> None:
        """The event will not run. Calling off what already ran changes nothing."""
        self.action = None


class EventQueue:
    """Events in the order of their time; equal times keep the order in which they were put in.

    Without `clock` time is virtual: it stands still until somebody steps the queue, and then jumps to the next event.
    With a `clock` (see `realtime`) the queue tells that clock's time. Foreign events (a dialer's ticks) are welcome.
    `lock` is held while an action runs; whoever changes what the actions share takes it, too.
    """

    def __init__(self, start: datetime = DEFAULT_START, clock: Callable[[], datetime] | None = None) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._now = start
        self._clock = clock
        # Tuples, because their order is found without a call into Python; the sequence settles equal moments.
        self._events: list[tuple[datetime, int, Event]] = []
        self._sequence = 0

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self._clock() if self._clock else self._now

    def at(self, when: datetime, action: Action) -> Event:
        """Run `action` at `when`, or as soon as possible when that has passed."""
        with self.lock:
            self._sequence += 1
            event = Event(max(when, self.now()), action)
            heapq.heappush(self._events, (event.when, self._sequence, event))
            if self._clock and self._events[0][2] is event:
                self.changed.notify_all()
        return event

    def after(self, seconds: float, action: Action) -> Event:
        """Run `action` `seconds` from now."""
        return self.at(self.now() + timedelta(seconds=seconds), action)

    def next_time(self) -> datetime | None:
        """When the next event is due; None when nothing is planned."""
        with self.lock:
            while self._events and self._events[0][2].action is None:
                heapq.heappop(self._events)
            return self._events[0][0] if self._events else None

    def run_next(self) -> bool:
        """Jump to the next event and run it. False when nothing is planned."""
        return self._run(None)

    def _run(self, limit: datetime | None) -> bool:
        """Run the next event, unless it is due after `limit`."""
        with self.lock:
            while self._events and (limit is None or self._events[0][0] <= limit):
                when, _, event = heapq.heappop(self._events)
                action, event.action = event.action, None
                if action is not None:
                    self._now = max(self._now, when)
                    action()
                    return True
            return False

    def run_until(self, when: datetime) -> None:
        """Run everything that is due up to and including `when`, which is then the present."""
        while self._run(when):
            pass
        self._now = max(self._now, when)

    def run_for(self, seconds: float) -> None:
        """Run everything that is due within the next `seconds`."""
        self.run_until(self.now() + timedelta(seconds=seconds))

    def run_all(self) -> None:
        """Run until nothing is planned any more. An event that always plans another one makes this endless."""
        while self.run_next():
            pass
