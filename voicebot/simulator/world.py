"""The world of the simulator: an account, its calls and its numbers, and the people at the other end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from voicebot.simulator import chance, execution, lifecycle
from voicebot.simulator.call import Callback, LogEntry, SimCall, Source
from voicebot.simulator.callees.mind import Mind
from voicebot.simulator.callees.model import Callees, Persona, pick_up
from voicebot.simulator.conferences import Conferences
from voicebot.simulator.dialling import DialQueue
from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.faults import Faults, Trouble
from voicebot.simulator.frames import FrameClock
from voicebot.simulator.messages import PostOffice
from voicebot.simulator.problems import NO_SUCH_NUMBER, Notification, Problem
from voicebot.simulator.queues import Queues
from voicebot.simulator.races import RaceOrder
from voicebot.simulator.receiver import Receiver
from voicebot.simulator.recordings import Recording
from voicebot.simulator.sockets import DirectSockets, Sockets
from voicebot.simulator.transport import Transport
from voicebot.simulator.voices import Speaker, Voice
from voicebot.simulator.webhooks import Courier
from voicebot.simulator.websocket import WebSockets

# Seconds between a caller's dialling and the first webhook.
SETUP = 0.5


@dataclass
class OurNumber:
    """A number of the account, and what happens when it is called."""

    sid: str
    number: str
    source: Source
    status_callback: Callback | None = None
    sms_source: Source = field(default_factory=Source)
    friendly_name: str = ""


class World:
    """Everything that is, at one moment of `queue`'s time.

    `calls` are by SID, in the order of their making; `listener` is told of every log entry as it is written.
    `voice` is what people sound like; without one they are silent, and talk for as long as their words would take.
    `race` settles who comes first (see `races`); `idle_gather_asks`: whether the action of a Gather that waits is asked
    for, in vain, when REST moves the call.
    Take `queue.lock` to change anything from another thread than the queue's.
    """

    def __init__(  # noqa: PLR0913  (each is a setting of its own, and named by whoever sets it)
        self,
        queue: EventQueue,
        transport: Transport,
        callees: Callees,
        *,
        account_sid: str,
        auth_token: str,
        seed: int,
        calls_per_second: float = 1.0,
        faults: Faults | None = None,
        sockets: Sockets | None = None,
        plain_sockets: bool = False,
        recording_delay: float = 1.0,
        advanced_opt_out: bool = True,
        voice: Voice | None = None,
        race: RaceOrder = RaceOrder.BOTH_IN_FLIGHT,
        idle_gather_asks: bool = False,
    ) -> None:
        self.queue, self.callees = queue, callees
        self.account_sid, self.auth_token, self.seed = account_sid, auth_token, seed
        self.calls: dict[str, SimCall] = {}
        self.numbers: dict[str, OurNumber] = {}
        self.notifications: list[Notification] = []
        self.conferences = Conferences(self)
        self.sockets = sockets or (WebSockets(queue) if transport.in_background else DirectSockets(queue))
        self.plain_sockets, self.recording_delay = plain_sockets, recording_delay
        self.advanced_opt_out, self.voice = advanced_opt_out, voice
        self.race, self.idle_gather_asks = race, idle_gather_asks
        self.frames = FrameClock(queue)
        self.post_office = PostOffice(self)
        self.queues = Queues(queue, self.sid)
        self.recordings: dict[str, Recording] = {}
        self.api_url = "https://api.twilio.com"
        self.trouble = Trouble(faults or Faults())
        self.courier = Courier(queue, transport, auth_token, seed, self.trouble)
        self.dial_queue = DialQueue(queue, calls_per_second, lifecycle.place)
        self.listener: Callable[[SimCall | None, LogEntry | Notification], None] = lambda _call, _entry: None
        self._born = queue.now()
        self._sids = 0
        self._attempts: dict[str, int] = {}
        for caller in callees.inbound:
            queue.at(self._moment(caller.at), partial(self.call_in, caller.from_, caller.to, caller.persona))
        for text in callees.messages:
            queue.at(self._moment(text.at), partial(self.post_office.receive, text.from_, text.to, text.body))

    def _moment(self, at: float | datetime) -> datetime:
        """A moment, or so many seconds after the world's beginning."""
        return at if isinstance(at, datetime) else self._born + timedelta(seconds=at)

    def sid(self, prefix: str) -> str:
        """The next identifier: two letters, 32 hexadecimal digits; never one of a world that began at another time."""
        self._sids += 1
        return prefix + chance.token(self.seed, "sid", self._born, self._sids)

    def own(self, number: str, voice_url: str = "", sms_url: str = "", **source: str) -> OurNumber:
        """Give the account a number, with the URLs that are asked when somebody calls it, or writes to it."""
        ours = OurNumber(self.sid("PN"), number, Source(voice_url, **source), sms_source=Source(sms_url))
        self.numbers[number] = ours
        return ours

    def call_out(self, from_: str, to: str, source: Source, **settings: Any) -> SimCall:
        """Queue a call; it is dialled at the account's calls per second. `settings` are fields of SimCall."""
        call = self.new_call(from_, to, "outbound-api", execution.outbound, source=source, **settings)
        self.dial_queue.add(call)
        return call

    def call_in(self, from_: str, to: str, persona: Persona) -> SimCall | None:
        """Somebody calls one of our numbers; a number that is not ours is recorded, and nobody rings."""
        ours = self.numbers.get(to)
        if ours is None:
            self.notify(Problem(NO_SUCH_NUMBER, f"{from_} called {to}"), None)
            return None
        settings = {"source": ours.source, "status_callback": ours.status_callback}
        call = self.new_call(from_, to, "inbound", execution.inbound, persona=persona, **settings)
        call.status = "ringing"
        call.note("line", "status", "ringing")
        call.plan(SETUP, lambda: lifecycle.run(call, call.script(call)))
        return call

    def call_child(
        self, parent: SimCall, from_: str, to: str, whisper: Source | None, callback: Callback | None, ring: float
    ) -> SimCall:
        """Ring somebody for a Dial: at once, for the calls per second do not limit it."""
        script = partial(execution.dialled, whisper=whisper)
        call = self.new_call(
            from_, to, "outbound-dial", script, parent=parent, status_callback=callback, ring_seconds=ring
        )
        call.timers.append(self.queue.after(0, lambda: lifecycle.place(call)))
        return call

    def new_call(
        self, from_: str, to: str, direction: str, script: Any, persona: Persona | None = None, **settings: Any
    ) -> SimCall:
        """A call in the queue, with the person who has the number (or calls) at its other end."""
        call = SimCall(self, self.sid("CA"), from_, to, direction, script, self.queue.now(), **settings)
        self.calls[call.sid] = call
        attempt = self._attempts[to] = self._attempts.get(to, 0) + 1
        persona = persona or self.callees.persona(to, self.seed, attempt)
        seed = int(chance.fraction(self.seed, "mind", from_ if direction == "inbound" else to, attempt) * 2**48)
        speaker = Speaker(self.voice, persona.language, int(chance.fraction(self.seed, "voice", from_, to) * 2**32))
        call.mind = Mind(self.queue, Receiver(call), persona, seed, self.callees.recognition, speaker)
        call.pickup = pick_up(persona, to, self.seed, attempt)
        call.note("line", "status", "queued")
        return call

    def notify(self, problem: Problem, call: SimCall | None) -> None:
        """Record a warning or an error, in the account's debugger and on the call."""
        notification = Notification(self.queue.now(), problem, call.sid if call else "", self._notification_sid())
        self.notifications.append(notification)
        if call:
            call.note("line", notification.level, f"{notification.code} {notification.message}")
        else:
            self.listener(None, notification)

    def _notification_sid(self) -> str:
        """Of a count of their own, so that a warning more or less does not change any other SID."""
        return "NO" + chance.token(self.seed, "notification", self._born, len(self.notifications))

    def tell(self, call: SimCall, entry: LogEntry) -> None:
        """Pass an entry of a call's log on to whoever watches."""
        self.listener(call, entry)
