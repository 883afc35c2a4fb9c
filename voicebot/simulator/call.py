"""A call as the simulator knows it: who, what state it is in, and all that was said, heard and pressed on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from voicebot.simulator.callees.model import Pickup
from voicebot.simulator.speech import Speech

if TYPE_CHECKING:
    from voicebot.simulator.callees.mind import Mind
    from voicebot.simulator.event_queue import Event
    from voicebot.simulator.script import Process, Script
    from voicebot.simulator.streams import Stream
    from voicebot.simulator.webhooks import Flight
    from voicebot.simulator.world import World

# status -> what it may turn into (https://www.twilio.com/docs/voice/api/call-resource#call-status-values)
MOVES: dict[str, frozenset[str]] = {
    "queued": frozenset({"ringing", "busy", "failed", "canceled"}),
    "ringing": frozenset({"in-progress", "busy", "no-answer", "failed", "canceled", "completed"}),
    "in-progress": frozenset({"completed"}),
    "completed": frozenset(),
    "busy": frozenset(),
    "no-answer": frozenset(),
    "failed": frozenset(),
    "canceled": frozenset(),
}
TERMINAL = frozenset(status for status, then in MOVES.items() if not then)


@dataclass(frozen=True)
class LogEntry:
    """One thing that happened on a call: `who` is `app`, `person` or `line`; `what` a word such as `said`."""

    at: datetime
    who: str
    what: str
    text: str = ""
    language: str = ""


@dataclass(frozen=True)
class Source:
    """Where a call gets its TwiML: a URL, or the text itself; and where it turns when that fails."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    twiml: str = ""


@dataclass(frozen=True)
class Callback:
    """A URL that is told of events."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True)
class Detection:
    """What is asked of answering machine detection. `wait_for_end` is DetectMessageEnd; no URL: nobody is told."""

    wait_for_end: bool = False
    asynchronous: bool = False
    callback: Callback | None = None
    timeout: float = 30.0


ANSWERED_AT_ONCE = Pickup("answers", 0.0)


@dataclass(eq=False)
class SimCall:
    """One leg. Times are None until they have come.

    `script` is what happens once the line is open; `mind` is the person at the other end of it, `speech` what they say;
    `flight` is the last request for a document.
    """

    world: World
    sid: str
    from_: str
    to: str
    direction: str
    script: Callable[[SimCall], Script[None]]
    created: datetime
    source: Source = field(default_factory=Source)
    status_callback: Callback | None = None
    parent: SimCall | None = None
    detection: Detection | None = None
    ring_seconds: float = 60.0
    time_limit: int = 14400
    status: str = "queued"
    start: datetime | None = None
    end: datetime | None = None
    updated: datetime | None = None
    answered_by: str = ""
    queue_seconds: float = 0.0
    sip_code: int = 0
    log: list[LogEntry] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    callbacks_sent: int = 0
    is_whispering: bool = False
    is_queued: bool = False
    mind: Mind | None = None
    pickup: Pickup = ANSWERED_AT_ONCE
    process: Process | None = None
    flight: Flight | None = None
    speech: Speech = field(default_factory=Speech)
    streams: list[Stream] = field(default_factory=list)
    timers: list[Event] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return self.status in TERMINAL

    @property
    def duration(self) -> int:
        """Whole seconds from the answer to the end, 0 if there was no answer."""
        if self.start is None or self.end is None:
            return 0
        return round((self.end - self.start).total_seconds())

    def note(self, who: str, what: str, text: str = "", language: str = "") -> None:
        """Write down what happened now."""
        entry = LogEntry(self.world.queue.now(), who, what, text, language)
        self.log.append(entry)
        self.world.tell(self, entry)

    def form(self) -> dict[str, str]:
        """The parameters of every voice webhook (https://www.twilio.com/docs/voice/twiml#request-parameters)."""
        form = {
            "AccountSid": self.world.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to,
            "Caller": self.from_,
            "Direction": self.direction,
            "From": self.from_,
            "To": self.to,
        }
        if self.parent:
            form["ParentCallSid"] = self.parent.sid
        if self.answered_by:
            form["AnsweredBy"] = self.answered_by
        return form

    def signal(self, signal: object) -> bool:
        """Hand something that happened to the running script. False when it was not waiting for it."""
        return self.process is not None and self.process.signal(signal)

    def plan(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something `seconds` from now, unless the call is over by then."""
        self.timers.append(self.world.queue.after(seconds, action))

    def entries(self, *what: str) -> list[str]:
        """The texts of the log's entries of these kinds, in their order: `entries("said")` is what the person heard."""
        return [entry.text for entry in self.log if entry.what in what]
