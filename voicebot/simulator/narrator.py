"""Tells in one line for each event what goes on in a world."""

from __future__ import annotations

from collections.abc import Callable

from voicebot.simulator.call import LogEntry, SimCall
from voicebot.simulator.problems import Notification


def narrator(write: Callable[[str], object]) -> Callable[[SimCall | None, LogEntry | Notification], None]:
    """A listener for a world that writes a readable line for every event."""

    def listen(call: SimCall | None, entry: LogEntry | Notification) -> None:
        write(describe(call, entry))

    return listen


def describe(call: SimCall | None, entry: LogEntry | Notification) -> str:
    """`09:00:04.2  CA..6ab1cc  +12025550142  app     said         Hello`."""
    time = f"{entry.at:%H:%M:%S}.{entry.at.microsecond // 100_000}"
    if isinstance(entry, Notification):
        return f"{time}  {entry.level} {entry.code}: {entry.message}"
    if call is None:
        return f"{time}  {entry.who:<6}  {entry.what:<11} {entry.text}".rstrip()
    other = call.from_ if call.direction == "inbound" else call.to
    return f"{time}  CA..{call.sid[-6:]}  {other:<15} {entry.who:<6}  {entry.what:<11} {entry.text}".rstrip()
