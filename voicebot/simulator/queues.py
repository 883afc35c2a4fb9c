"""Call queues: who waits in them, in their order, and who takes the first one out.

https://www.twilio.com/docs/voice/twiml/enqueue, https://www.twilio.com/docs/voice/api/queue-resource
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.signals import Dequeued, MeetingChanged

DEFAULT_SIZE, LARGEST_SIZE = 1000, 5000


@dataclass(eq=False)
class Meeting:
    """Somebody who waits in a queue, and whoever dialled the queue, until they part."""

    waiting: SimCall
    dialler: SimCall
    whisper: Source | None
    queued_for: float
    is_ready: bool = False
    is_over: bool = False

    def ready(self, queue: EventQueue) -> None:
        """The one who waited has heard the whisper out."""
        self.is_ready = True
        self._tell(queue)

    def part(self, queue: EventQueue) -> None:
        """One of the two is gone; the other learns of it."""
        if not self.is_over:
            self.is_over = True
            self._tell(queue)

    def _tell(self, queue: EventQueue) -> None:
        for call in (self.waiting, self.dialler):
            queue.after(0, lambda call=call: call.signal(MeetingChanged(self)))  # type: ignore[misc]


@dataclass(eq=False)
class Member:
    """A call in a queue. `meeting` is made when somebody takes it out."""

    call: SimCall
    joined: datetime
    meeting: Meeting | None = None


@dataclass(eq=False)
class CallQueue:
    """A queue by its name. `diallers` are those who dialled it while nobody was in it."""

    clock: EventQueue
    sid: str
    name: str
    created: datetime
    max_size: int = DEFAULT_SIZE
    updated: datetime | None = None
    members: list[Member] = field(default_factory=list)
    diallers: list[SimCall] = field(default_factory=list)

    def join(self, call: SimCall) -> Member:
        """Let a call in at the end, and wake whoever waits for one."""
        member = Member(call, self.clock.now())
        self.members.append(member)
        if self.diallers:
            dialler = self.diallers[0]
            self.clock.after(0, lambda: dialler.signal(MeetingChanged()))
        return member

    def leave(self, member: Member) -> None:
        """A member is gone, whatever for; who has left already may leave again."""
        if member in self.members:
            self.members.remove(member)

    def take(self, dialler: SimCall, whisper: Source | None) -> Meeting | None:
        """Take the first member out, for the one who dialled; None when nobody waits."""
        if not self.members:
            return None
        member = self.members.pop(0)
        meeting = member.meeting = Meeting(member.call, dialler, whisper, self.waited(member))
        self.clock.after(0, lambda: member.call.signal(Dequeued(meeting)))
        return meeting

    def waited(self, member: Member) -> float:
        """Seconds since a member came in."""
        return (self.clock.now() - member.joined).total_seconds()

    def position(self, member: Member) -> int:
        """The place in the queue, from 1; 0 of one who has left it."""
        return self.members.index(member) + 1 if member in self.members else 0

    @property
    def average_wait(self) -> int:
        """Whole seconds that its present members have waited, on the average."""
        waits = [self.waited(member) for member in self.members]
        return round(sum(waits) / len(waits)) if waits else 0


class Queues:
    """All queues of an account by SID. A name stands for one queue."""

    def __init__(self, clock: EventQueue, next_sid: Callable[[str], str]) -> None:
        self._clock, self._next_sid = clock, next_sid
        self.by_sid: dict[str, CallQueue] = {}

    def named(self, name: str) -> CallQueue | None:
        return next((queue for queue in self.by_sid.values() if queue.name == name), None)

    def open(self, name: str, max_size: int = DEFAULT_SIZE) -> CallQueue:
        """The queue of this name, made if there is none."""
        if found := self.named(name):
            return found
        queue = CallQueue(self._clock, self._next_sid("QU"), name, self._clock.now(), max_size)
        self.by_sid[queue.sid] = queue
        return queue
