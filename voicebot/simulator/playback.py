"""What the application plays to the person through a stream: how long it takes, and the marks in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.simulator.call import SimCall
from voicebot.simulator.event_queue import Event


@dataclass(eq=False)
class _Mark:
    """A mark of the application that has not been told back yet."""

    name: str
    event: Event | None = None


class Playback:
    """The buffer of one bidirectional stream; `tell_mark` hears the name of each mark when its time has come."""

    def __init__(self, call: SimCall, tell_mark: Callable[[str], object]) -> None:
        self._call, self._told = call, tell_mark
        self._until: datetime | None = None
        self._marks: list[_Mark] = []
        self._drained: Event | None = None

    def play(self, seconds: float) -> None:
        """So much sound: it is played after what came before."""
        now = self._call.world.queue.now()
        if self._until is None or self._until <= now:
            self._call.note("app", "played", "(audio)")
            if self._call.mind:
                self._call.mind.is_entertained()
        self._until = max(self._until or now, now) + timedelta(seconds=seconds)
        self._plan_drain()

    def mark(self, name: str) -> None:
        """Told back when what came before it has been played."""
        mark, queue = _Mark(name), self._call.world.queue
        mark.event = queue.at(self._until or queue.now(), lambda: self._tell(mark))
        self._marks.append(mark)

    def clear(self) -> None:
        """What has not been played yet is thrown away; its marks are told back at once."""
        now = self._call.world.queue.now()
        if self._until and self._until > now:
            self._call.note("app", "cut", "(audio)")
            self._until = now
            self._plan_drain()
        for mark in list(self._marks):
            self._tell(mark)

    def end(self) -> None:
        """The stream is over, and nothing more is told."""
        for event in (self._drained, *(mark.event for mark in self._marks)):
            if event:
                event.cancel()

    def _plan_drain(self) -> None:
        """When all has been played, it is the person's turn."""
        if self._drained:
            self._drained.cancel()
        if self._until and (mind := self._call.mind):
            self._drained = self._call.world.queue.at(
                self._until, lambda: None if self._call.is_over else mind.hears("(audio)", 0.0)
            )

    def _tell(self, mark: _Mark) -> None:
        self._marks.remove(mark)
        if mark.event:
            mark.event.cancel()
        self._told(mark.name)
