"""The beat of media streams: every 20 ms one event for all of them, and the message that a frame is sent in."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Protocol

from voicebot.simulator import mulaw
from voicebot.simulator.event_queue import Event, EventQueue
from voicebot.simulator.speech import FRAME, FRAME_BYTES

FRAME_MS = 20
SILENT_PAYLOAD = base64.b64encode(mulaw.SILENCE * FRAME_BYTES).decode()


class Framed(Protocol):
    """Something that is called on every beat."""

    def beat(self, start: datetime) -> None:
        """Twenty milliseconds that began at `start` are over."""


class FrameClock:
    """Beats while anybody listens to it, at whole multiples of 20 ms since its making.

    The beat is the same for all, so that a stream costs a function call each time and no event of its own; and it does
    not depend on who else listens, so that every call is the same in whatever company.
    """

    def __init__(self, queue: EventQueue) -> None:
        self._queue, self._due = queue, queue.now()
        self._framed: list[Framed] = []
        self._next: Event | None = None

    def add(self, one: Framed) -> None:
        """Let `one` hear the beats from the next one on."""
        self._framed.append(one)
        if self._next is None:
            beats = (self._queue.now() - self._due) // FRAME + 1
            self._due += beats * FRAME
            self._next = self._queue.at(self._due, self._beat)

    def remove(self, one: Framed) -> None:
        """Let `one` hear no more of them; whoever hears none anyway may be removed, too."""
        if one in self._framed:
            self._framed.remove(one)
        if self._next and not self._framed:
            self._next.cancel()
            self._next = None

    def _beat(self) -> None:
        start = self._due - FRAME
        # The next beat is due at its own time, however late this one is.
        self._due += FRAME
        self._next = self._queue.at(self._due, self._beat)
        for one in tuple(self._framed):
            one.beat(start)


class MediaText:
    """The media messages of one track of a stream, written without building them anew each time.

    https://www.twilio.com/docs/voice/media-streams/websocket-messages#media-message
    """

    def __init__(self, sid: str, track: str) -> None:
        self._head = f'{{"event": "media", "media": {{"track": "{track}", "chunk": "'
        self._tail = f'", "streamSid": "{sid}"}}'

    def write(self, chunk: int, sequence: int, sound: bytes | None) -> str:
        """The message of the chunk (from 1) with this sound; None: silence."""
        payload = SILENT_PAYLOAD if sound is None else base64.b64encode(sound).decode()
        return (
            f'{self._head}{chunk}", "timestamp": "{(chunk - 1) * FRAME_MS}", "payload": "{payload}"}}, '
            f'"sequenceNumber": "{sequence}{self._tail}'
        )
