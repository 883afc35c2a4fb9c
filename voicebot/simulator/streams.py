"""Media streams: what a call sounds like, frame by frame, and what the application sends into it.

https://www.twilio.com/docs/voice/media-streams/websocket-messages. The sound is silence: words are texts here.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from voicebot.simulator.call import Callback, SimCall
from voicebot.simulator.documents import inform
from voicebot.simulator.event_queue import Event
from voicebot.simulator.problems import QUERY_LEFT_OUT, Problem
from voicebot.simulator.signals import StreamClosed
from voicebot.simulator.signature import sign
from voicebot.simulator.sockets import Socket

# Eight thousand µ-law samples a second, in frames of 20 ms; 0xFF is silence.
RATE, FRAME = 8000, 0.02
SILENCE = base64.b64encode(b"\xff" * round(RATE * FRAME)).decode()
TRACKS = {"inbound_track": ("inbound",), "outbound_track": ("outbound",), "both_tracks": ("inbound", "outbound")}


@dataclass(frozen=True)
class StreamPlan:
    """What is asked for: where the stream goes, what it carries, and who is told of it."""

    url: str
    name: str = ""
    track: str = "inbound_track"
    parameters: dict[str, str] = field(default_factory=dict)
    callback: Callback | None = None
    is_bidirectional: bool = False


@dataclass(eq=False)
class _Mark:
    """A mark of the application that has not been told back yet."""

    name: str
    event: Event | None = None


@dataclass(eq=False)
class Stream:
    """One stream of one call. `status` is `in-progress` or `stopped`."""

    call: SimCall
    sid: str
    plan: StreamPlan
    status: str = "in-progress"
    updated: datetime | None = None
    socket: Socket | None = None
    started: datetime | None = None
    _sequence: int = 0
    _frames: int = 0
    _plays_until: datetime | None = None
    _marks: list[_Mark] = field(default_factory=list)
    _drained: Event | None = None

    def start(self) -> None:
        """Connect; what happens then is told to this stream by its socket."""
        self.call.streams.append(self)
        url, problem = self._address()
        if problem:
            self.call.world.queue.after(0, lambda: self.closed(problem))
            return
        headers = {"X-Twilio-Signature": sign(self.call.world.auth_token, url, {}), "User-Agent": "Twilio.TmeWs/1.0"}
        self.socket = self.call.world.sockets.connect(url, headers, self)

    def _address(self) -> tuple[str, Problem | None]:
        """The URL without its query, which Twilio leaves out; or what is wrong with it."""
        parts = urlsplit(self.plan.url)
        if not parts.hostname:
            return "", Problem(31923, f'"{self.plan.url}"')
        plain = parts.scheme == "ws" and self.call.world.plain_sockets and _is_loopback(parts.hostname)
        if parts.scheme != "wss" and not plain:
            return "", Problem(31922, f'"{self.plan.url}" must begin with wss://')
        if parts.query:
            self.call.world.notify(Problem(QUERY_LEFT_OUT, self.plan.url), self.call)
        return parts._replace(query="", fragment="").geturl(), None

    def opened(self) -> None:
        """The application is there."""
        if self.status == "stopped":
            return
        call, plan = self.call, self.plan
        self.started = call.world.queue.now()
        call.note("line", "streaming", f"{self.sid} to {plan.url}")
        self._send({"event": "connected", "protocol": "Call", "version": "1.0.0"}, numbered=False)
        start = {
            "accountSid": call.world.account_sid,
            "streamSid": self.sid,
            "callSid": call.sid,
            "tracks": list(TRACKS[plan.track]),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": RATE, "channels": 1},
            "customParameters": plan.parameters,
        }
        self._send({"event": "start", "start": start})
        self._tell("stream-started")
        call.plan(FRAME, self._frame)

    def _frame(self) -> None:
        """Twenty milliseconds of every track; the next frame is due at its own time, however late this one was."""
        if self.status == "stopped" or self.started is None:
            return
        self._frames += 1
        for track in TRACKS[self.plan.track]:
            timestamp = round((self._frames - 1) * FRAME * 1000)
            media = {"track": track, "chunk": str(self._frames), "timestamp": str(timestamp), "payload": SILENCE}
            self._send({"event": "media", "media": media})
        due = self.started + timedelta(seconds=(self._frames + 1) * FRAME)
        self.call.plan((due - self.call.world.queue.now()).total_seconds(), self._frame)

    def pressed(self, key: str) -> None:
        """A key of the person on the line; only a bidirectional stream is told of it."""
        if self.started and self.plan.is_bidirectional:
            self._send({"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": key}})

    def received(self, text: str) -> None:
        """A message of the application; a faulty one is recorded, and the stream goes on."""
        if self.status == "stopped":
            return
        try:
            message = json.loads(text)
            handler = self._handlers()[message["event"]]
        except (ValueError, TypeError, KeyError):
            self._fault(31951, f"{text[:80]}: one of {', '.join(self._handlers())} with its fields, as JSON")
            return
        try:
            handler(message)
        except (ValueError, TypeError, KeyError, binascii.Error):
            self._fault(31950, text[:80])

    def _handlers(self) -> dict[str, Callable[[Any], None]]:
        if not self.plan.is_bidirectional:
            return {}
        return {"media": self._hear, "mark": self._mark, "clear": self._clear}

    def _hear(self, message: Any) -> None:
        """Sound for the person: it is played after what came before."""
        self._check_sid(message)
        seconds = len(base64.b64decode(message["media"]["payload"], validate=True)) / RATE
        now = self.call.world.queue.now()
        if self._plays_until is None or self._plays_until <= now:
            self.call.note("app", "played", "(audio)")
            if self.call.mind:
                self.call.mind.is_entertained()
        self._plays_until = max(self._plays_until or now, now) + timedelta(seconds=seconds)
        self._plan_drain()

    def _plan_drain(self) -> None:
        """When all has been played, it is the person's turn."""
        if self._drained:
            self._drained.cancel()
        if self._plays_until and self.call.mind:
            mind = self.call.mind
            self._drained = self.call.world.queue.at(
                self._plays_until, lambda: None if self.call.is_over else mind.hears("(audio)", 0.0)
            )

    def _mark(self, message: Any) -> None:
        """Told back when what came before it has been played."""
        self._check_sid(message)
        mark, queue = _Mark(str(message["mark"]["name"])), self.call.world.queue
        mark.event = queue.at(self._plays_until or queue.now(), lambda: self._tell_mark(mark))
        self._marks.append(mark)

    def _clear(self, message: Any) -> None:
        """What has not been played yet is thrown away; its marks are told back at once."""
        self._check_sid(message)
        if self._plays_until and self._plays_until > self.call.world.queue.now():
            self.call.note("app", "cut", "(audio)")
            self._plays_until = self.call.world.queue.now()
            self._plan_drain()
        for mark in list(self._marks):
            self._tell_mark(mark)

    def _tell_mark(self, mark: _Mark) -> None:
        self._marks.remove(mark)
        if mark.event:
            mark.event.cancel()
        self._send({"event": "mark", "mark": {"name": mark.name}})

    def _check_sid(self, message: Any) -> None:
        if message["streamSid"] != self.sid:
            raise ValueError("another stream's SID")

    def stop(self) -> None:
        """End the stream from our side; ending what has ended changes nothing."""
        if self.status == "stopped":
            return
        if self.started:
            stop = {"accountSid": self.call.world.account_sid, "callSid": self.call.sid}
            self._send({"event": "stop", "stop": stop})
        self._end()
        if self.socket:
            self.socket.close()

    def closed(self, problem: Problem | None) -> None:
        """The application has closed its end, or could not be reached."""
        if self.status == "stopped":
            return
        if problem:
            self.call.world.notify(problem, self.call)
            self._tell("stream-error", {"StreamError": str(problem)})
        self._end()

    def _end(self) -> None:
        was_started = self.started is not None
        self.status, self.updated = "stopped", self.call.world.queue.now()
        for event in (self._drained, *(mark.event for mark in self._marks)):
            if event:
                event.cancel()
        if was_started:
            self.call.note("line", "stream ended", self.sid)
            self._tell("stream-stopped")
        if self.plan.is_bidirectional:
            self.call.world.queue.after(0, lambda: self.call.signal(StreamClosed()))

    def _fault(self, code: int, detail: str) -> None:
        self.call.world.notify(Problem(code, detail), self.call)

    def _send(self, message: dict[str, Any], *, numbered: bool = True) -> None:
        if numbered:
            self._sequence += 1
            message |= {"sequenceNumber": str(self._sequence), "streamSid": self.sid}
        if self.socket and self.status != "stopped" and not self.socket.send(json.dumps(message)):
            self._fault(31930, "the application does not read its messages")
            self.socket.close()
            self._end()

    def _tell(self, event: str, extra: dict[str, str] | None = None) -> None:
        """The stream's statusCallback."""
        if callback := self.plan.callback:
            form = {
                "AccountSid": self.call.world.account_sid,
                "CallSid": self.call.sid,
                "StreamSid": self.sid,
                "StreamName": self.plan.name or self.sid,
                "StreamEvent": event,
                "Timestamp": format_datetime(self.call.world.queue.now()),
            }
            inform(self.call, callback.method, callback.url, form | (extra or {}))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def start_stream(call: SimCall, plan: StreamPlan) -> Stream:
    """Begin a stream on a call."""
    stream = Stream(call, call.world.sid("MZ"), plan)
    stream.start()
    return stream
