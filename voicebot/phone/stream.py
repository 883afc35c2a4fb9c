"""One media stream of a call: the provider's messages in, sound and its end out to the ears of this process.

https://www.twilio.com/docs/voice/media-streams/websocket-messages

Rule: nothing that comes in raises. A message that means nothing is passed over, and one that shows that the sound
cannot be believed ends the stream; then the call goes on with the provider's recognizer.
"""

from __future__ import annotations

import binascii
import json
import logging
from binascii import a2b_base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from voicebot.phone.urls import PREFIX
from voicebot.services.caller import Caller
from voicebot.services.ears import StreamEars, StreamRefused

log = logging.getLogger("voicebot.ears")

LONGEST_MESSAGE = 64 * 1024
"""Characters of a message that are read; 20 ms of sound take about 350."""

LONGEST_PAYLOAD = 8000
"""Bytes of sound in a message, which is one second."""

FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
"""The only sound that this provider has, and that we know how to read."""

TRACKS = ("inbound", "inbound_track")

EARLY_AT_MOST = 100
"""Messages before `start` that are passed over: whoever sends more is no telephone provider."""

CHECKED_EVERY = 50
"""Frames after which the amount of sound is compared with the time that it claims to take."""

LIE = 1.5
"""So many times more sound, or less, than its own clock allows shows that the sample rate is not what was said."""

MIX_UPS = {
    "binary": "a binary message, where text belongs",
    "json": "a message that is no JSON object with an event",
    "media": "a message whose sound cannot be read",
    "track": "sound of another track than the callee's",
    "gap": "messages are missing",
    "second start": "it was started twice",
    "early": "sound before its start",
}
"""What is passed over, and told once of each stream."""


class StreamSession:
    """One socket. `received` and `closed` are called by one thread at a time, in the order of what happens."""

    def __init__(self, ears: StreamEars, call_id: str) -> None:
        self._ears, self._call_id = ears, call_id
        self._caller: Caller | None = None
        self._is_over = False
        self._told: set[str] = set()
        self._early = 0
        self._sequence = 0
        self._clock = _SoundClock()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is taken, because the stream or this process is at its end."""
        return self._is_over or self._ears.is_closed

    @property
    def is_taken_in(self) -> bool:
        """Whether it has shown whose stream it is."""
        return self._caller is not None

    def received(self, message: str | bytes) -> bool:
        """Take one message; whether the socket is to be kept open."""
        if self.is_over:
            return False
        try:
            self._take(message)
        except Exception as fault:  # whatever it is, the call goes on without this stream
            log.exception("a stream's message broke us")
            self._end(f"{type(fault).__name__}")
        return not self.is_over

    def closed(self, problem: str = "") -> None:
        """The socket is gone, in whatever way."""
        self._end(problem or "the socket was closed")

    def _take(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self._mixed_up("binary")
            return
        if len(message) > LONGEST_MESSAGE:
            self._end(f"a message of {len(message)} characters")
            return
        try:
            event = json.loads(message)
            kind = event["event"]
        except (ValueError, TypeError, KeyError, RecursionError):
            self._mixed_up("json")
            return
        if kind == "media":
            self._hear(event)
        elif kind == "start":
            self._start(event)
        elif kind == "stop":
            self._stop()

    # --- its beginning and its end ---

    def _start(self, event: dict[str, Any]) -> None:
        if self._caller is not None:
            self._mixed_up("second start")
            return
        start = _mapping(event.get("start"))
        given = _text(_mapping(start.get("customParameters")).get("token"))
        try:
            self._caller = self._ears.opened(
                self._call_id, given, _text(start.get("callSid")), _text(start.get("streamSid"))
            )
        except StreamRefused:
            self._is_over = True
            return
        self._sequence = _number(event.get("sequenceNumber")) or 0
        declared = _mapping(start.get("mediaFormat"))
        if any(declared.get(name) != value for name, value in FORMAT.items()):
            self._end(f"sound of another format: {json.dumps(declared)[:100]}")

    def _stop(self) -> None:
        caller, self._is_over = self._caller, True
        if caller is not None:
            self._ears.stopped(caller)

    def _end(self, problem: str) -> None:
        """Give the stream up; the call falls back, if it relies on it."""
        caller, was_over, self._is_over = self._caller, self._is_over, True
        if caller is not None and not was_over:
            self._ears.lost(caller, "lost", problem)

    # --- its sound ---

    def _hear(self, event: dict[str, Any]) -> None:
        if self._caller is None:
            self._come_early()
            return
        self._count(event)
        media = event.get("media")
        try:
            track, at, payload = media["track"], int(media["timestamp"]), media["payload"]  # type: ignore[index]
            if len(payload) > LONGEST_PAYLOAD * 4 // 3 + 4:
                raise ValueError
            sound = a2b_base64(payload, strict_mode=True)
        except (TypeError, KeyError, ValueError, binascii.Error):
            self._mixed_up("media")
            return
        if track not in TRACKS:
            self._mixed_up("track")
            return
        if self._clock.lies(len(sound), at):
            self._end("its sample rate is not the one that it claims")
            return
        self._caller.sound(sound, at)

    def _count(self, event: dict[str, Any]) -> None:
        """Messages are numbered in a row; sound that is missing is made up for by silence (see `speech.timeline`)."""
        number = _number(event.get("sequenceNumber"))
        if number is None:
            return
        if number > self._sequence + 1:
            self._clock.lose()
            self._mixed_up("gap")
        self._sequence = max(self._sequence, number)

    def _come_early(self) -> None:
        self._early += 1
        self._mixed_up("early")
        if self._early > EARLY_AT_MOST:
            self._is_over = True

    def _mixed_up(self, kind: str) -> None:
        """Told once; strangers, who have not shown a token yet, are told of in the log alone."""
        if kind in self._told:
            return
        self._told.add(kind)
        if self._caller is None:
            log.warning("stream of call %s: %s", self._call_id[:40], MIX_UPS[kind])
        else:
            self._ears.trouble(self._call_id, MIX_UPS[kind])


class _SoundClock:
    """Compares how much sound has come with the time that passed on its own clock."""

    def __init__(self) -> None:
        self._frames = self._bytes = 0
        self._since: int | None = None
        self._has_gap = False

    def lose(self) -> None:
        """Some sound is missing, so that there may be too little of it for now."""
        self._has_gap = True

    def lies(self, length: int, at: int) -> bool:
        """Count `length` bytes that begin at `at` ms; whether there is far more or less sound than time."""
        if self._since is None:
            self._since = at
        if self._frames < CHECKED_EVERY:
            self._frames += 1
            self._bytes += length
            return False
        sound, passed, has_gap = self._bytes / 8, at - self._since, self._has_gap
        self._frames, self._bytes, self._since, self._has_gap = 1, length, at, False
        if passed <= 0 or has_gap:
            return False
        return sound > LIE * passed or sound * LIE < passed


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    """A count as the provider writes it, `"17"`; None for anything else."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) <= 12 else None


# --- streams in this process ------------------------------------------------------------------------------------------


def accepting(ears: StreamEars) -> Callable[[Any], None]:
    """What takes in the streams of a provider in the same process: each has a `url`, calls the `on_message` and
    `on_close` that it is given, and can be closed by `close`. It raises LookupError for another address.
    """

    def accept(wire: Any) -> None:
        call_id = call_of(urlsplit(wire.url).path)
        session = StreamSession(ears, call_id)

        def on_message(text: str) -> None:
            if not session.received(text):
                wire.close()

        wire.on_message, wire.on_close = on_message, session.closed

    return accept


def call_of(path: str) -> str:
    """The call whose stream's address this is. Raises LookupError for any other address."""
    prefix, _, rest = path.partition(f"{PREFIX}/")
    call_id, _, what = rest.partition("/")
    if prefix or what != "stream" or not call_id:
        raise LookupError(f"no stream is taken in at {path[:100]}")
    return call_id
