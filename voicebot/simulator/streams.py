"""Media streams: what a call sounds like, frame by frame, and what the application sends into it.

https://www.twilio.com/docs/voice/media-streams/websocket-messages. What comes in is the voice of the person, where the
world has voices (key tones are left out, as Twilio leaves them out); what goes out to them is silence here.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from voicebot.simulator.call import Callback, SimCall
from voicebot.simulator.documents import inform
from voicebot.simulator.faults import BREAKS
from voicebot.simulator.frames import MediaText
from voicebot.simulator.mulaw import RATE
from voicebot.simulator.playback import Playback
from voicebot.simulator.problems import QUERY_LEFT_OUT, Problem
from voicebot.simulator.signals import StreamClosed
from voicebot.simulator.signature import sign
from voicebot.simulator.sockets import CONNECTING, Socket
from voicebot.simulator.stream_faults import StreamFaults

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
    _chunks: int = 0
    _faults: StreamFaults | None = None
    _late: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._texts = [(track == "inbound", MediaText(self.sid, track)) for track in TRACKS[self.plan.track]]
        self._playback = Playback(self.call, lambda name: self._send({"event": "mark", "mark": {"name": name}}))

    def start(self) -> None:
        """Connect; what happens then is told to this stream by its socket."""
        self.call.streams.append(self)
        url, problem = self._address()
        if problem:
            self.call.world.queue.after(0, lambda: self.closed(problem))
            return
        if self.call.world.trouble.befalls("stream_refused", self.sid):
            refused = Problem(31902, "on purpose")
            self.call.world.queue.after(CONNECTING, lambda: self.closed(refused))
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
        self._befall()
        call.world.frames.add(self)

    def _befall(self) -> None:
        """Draw what befalls this stream; one that is spared has no faults to ask at every frame."""
        trouble = self.call.world.trouble
        faults = StreamFaults(trouble, self.sid)
        self._faults = faults if faults.strikes else None
        if trouble.befalls("stream_broken", self.sid):
            self.call.plan(trouble.within(BREAKS, "breaks", self.sid), self._break)

    def _break(self) -> None:
        if self.socket and self.status != "stopped":
            self.socket.abort()
            self.closed(Problem(31921, "the connection broke, on purpose"))

    def beat(self, start: datetime) -> None:
        """The twenty milliseconds from `start` on, of every track."""
        if self.status == "stopped" or self.socket is None:
            return
        self._chunks += 1
        sound = self.call.speech.frame(start)
        for is_inbound, text in self._texts:
            self._sequence += 1
            if self._faults:
                self._send_badly(self._faults, is_inbound, text, sound)
            elif not self.socket.send(text.write(self._chunks, self._sequence, sound if is_inbound else None)):
                self._overflow()
                return

    def _send_badly(self, faults: StreamFaults, is_inbound: bool, text: MediaText, sound: bytes | None) -> None:
        """Send the frame as its faults have it: noisy, late or not at all."""
        chunk = self._chunks
        if is_inbound and faults.loses(chunk):
            return
        heard = faults.blur(sound, chunk, self.call.speech) if is_inbound else None
        self._late.append(text.write(chunk, self._sequence, heard))
        if not faults.holds_up(chunk):
            self._catch_up()

    def _catch_up(self) -> None:
        """Send what has had to wait."""
        late, self._late = self._late, []
        for text in late:
            if self.socket and not self.socket.send(text):
                self._overflow()
                return

    def _overflow(self) -> None:
        self._fault(31930, "the application does not read its messages")
        if self.socket:
            self.socket.close()
        self._end()

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
        """Sound for the person."""
        self._check_sid(message)
        self._playback.play(len(base64.b64decode(message["media"]["payload"], validate=True)) / RATE)

    def _mark(self, message: Any) -> None:
        self._check_sid(message)
        self._playback.mark(str(message["mark"]["name"]))

    def _clear(self, message: Any) -> None:
        self._check_sid(message)
        self._playback.clear()

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
        if self.status == "stopped":
            return
        was_started = self.started is not None
        self.call.world.frames.remove(self)
        self.status, self.updated = "stopped", self.call.world.queue.now()
        self._playback.end()
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
        self._catch_up()
        if self.socket and self.status != "stopped" and not self.socket.send(json.dumps(message)):
            self._overflow()

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
