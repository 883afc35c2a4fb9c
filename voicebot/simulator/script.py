"""Runs what happens on a call: generators that wait for signals, one process for each call.

A script yields a `Wait` and is resumed with the signal that came, or with None when the time ran out. A signal that
nobody waits for is lost, as a key pressed outside a Gather is lost on Twilio.
Rule: nothing calls out of a running script; whatever leaves the call goes through the event queue.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from voicebot.simulator.event_queue import Event, EventQueue


@dataclass(frozen=True)
class Wait:
    """Wait for a signal of one of `kinds`, at most `seconds` long (None: as long as it takes)."""

    seconds: float | None
    kinds: tuple[type, ...] = ()


class Cut(Exception):  # noqa: N818  (it is an instruction to stop, not an error)
    """Thrown into a script whose call was redirected by REST."""


class Ended(Exception):  # noqa: N818
    """Thrown into a script whose call is over, and raised by a script that ends its call."""


T = TypeVar("T")
Script = Generator[Wait, object, T]


class _BrokenOff(Exception):  # noqa: N818
    """Thrown into a script that `until` has had enough of."""


@dataclass(frozen=True)
class Afterwards:
    """`with Afterwards(act):` runs `act` however the body ends, unless its script is thrown away unfinished."""

    act: Callable[[], object]

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
        if kind is not GeneratorExit:
            self.act()


def until(kinds: tuple[type, ...], script: Script[object]) -> Script[object]:
    """Run `script`, but break off at the first signal of `kinds` and return it; None if it came to its end."""
    try:
        wait = next(script)
        while True:
            try:
                signal = yield Wait(wait.seconds, wait.kinds + kinds)
            except (Cut, Ended) as reason:
                script.throw(reason)
                raise
            if isinstance(signal, kinds):
                with suppress(_BrokenOff):
                    script.throw(_BrokenOff())
                return signal
            wait = script.send(signal)
    except StopIteration:
        return None


class Process:
    """A script under way. `done` is told once how it ended: None, or the Cut or Ended that it ended with."""

    def __init__(self, queue: EventQueue, script: Script[None], done: Callable[[Exception | None], None]) -> None:
        self._queue, self._script, self._done = queue, script, done
        self._kinds: tuple[type, ...] = ()
        self._timer: Event | None = None
        self._running = self.finished = False

    def start(self) -> None:
        """Run up to the first wait."""
        self._resume(lambda: next(self._script))

    def signal(self, signal: object) -> bool:
        """Hand a signal to the script. False when it does not wait for such a one: then the signal is lost."""
        if not isinstance(signal, self._kinds):
            return False
        self._resume(lambda: self._script.send(signal))
        return True

    def interrupt(self, reason: Cut | Ended) -> None:
        """Throw `reason` into the script; what it does then is its last act. A script cannot interrupt itself."""
        if not self.finished and not self._running:
            self._resume(lambda: self._script.throw(reason))

    def _resume(self, step: Callable[[], Wait]) -> None:
        # While the script runs it waits for nothing, so that what it sets off cannot come back into it.
        self._kinds = ()
        self._running = True
        if self._timer:
            self._timer.cancel()
            self._timer = None
        try:
            wait = step()
        except StopIteration:
            self._finish(None)
        except (Cut, Ended) as reason:
            self._finish(reason)
        else:
            self._running = False
            self._kinds = wait.kinds
            if wait.seconds is not None:
                self._timer = self._queue.after(wait.seconds, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        self._resume(lambda: self._script.send(None))

    def _finish(self, reason: Exception | None) -> None:
        self.finished, self._running = True, False
        self._done(reason)
