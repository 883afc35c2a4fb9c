"""The line in which calls wait to be dialled, at the account's calls per second.

https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource (calls per second, queue_time)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import timedelta

from voicebot.simulator.call import SimCall
from voicebot.simulator.event_queue import EventQueue

# Twilio takes no more calls than it can dial within this many seconds (error 22005).
LONGEST_WAIT = 24 * 3600


class DialQueue:
    """First come, first dialled. A call that was canceled while it waited costs nobody any time."""

    def __init__(self, queue: EventQueue, per_second: float, place: Callable[[SimCall], object]) -> None:
        self._queue, self._place = queue, place
        self._gap = timedelta(seconds=1 / per_second)
        self._waiting: deque[SimCall] = deque()
        self._next = queue.now()
        self._is_planned = False

    @property
    def is_full(self) -> bool:
        """Whether one more call would wait for longer than a day."""
        return len(self._waiting) * self._gap.total_seconds() >= LONGEST_WAIT

    def add(self, call: SimCall) -> None:
        """Let a call wait for its turn, which is guessed now and known when it comes."""
        wait = (self._next - self._queue.now()).total_seconds() + len(self._waiting) * self._gap.total_seconds()
        call.queue_seconds = max(wait, 0.0)
        self._waiting.append(call)
        self._plan()

    def _plan(self) -> None:
        if self._waiting and not self._is_planned:
            self._is_planned = True
            self._queue.at(self._next, self._dial)

    def _dial(self) -> None:
        self._is_planned = False
        while self._waiting and self._waiting[0].is_over:
            self._waiting.popleft()
        if self._waiting:
            call, now = self._waiting.popleft(), self._queue.now()
            self._next = max(self._next, now - self._gap) + self._gap
            call.queue_seconds = (now - call.created).total_seconds()
            self._place(call)
        self._plan()
