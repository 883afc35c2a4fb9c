"""What a frame of a media stream costs us, around a recognizer that does nothing, beside the socket library's own cost.

The sound is mu-law at 8 kHz in 20 ms messages as the provider sends them; the recognizer wants 16 kHz, as small models
do, so that the upsampling is in the figure. Half of the frames are voice and half a line's hiss, unless they are named.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Request, TextMessage

from bench.figures import Figure, at_most
from voicebot.flows.actions import Ask, Speech
from voicebot.phone.stream import FORMAT, StreamSession
from voicebot.services.caller import Caller
from voicebot.services.ears import StreamEars, inline
from voicebot.services.listening import listening_to
from voicebot.speech.audio.g711 import encode_ulaw
from voicebot.speech.recognizer import Utterance

BUDGET = 30
ROUNDS, SECONDS = 7, 20
FRAME = 160


class Nothing:
    """An engine and its recognizer, which hears nothing."""

    source, name, rate, dynamic = "none", "nothing", 16000, False

    def open(self, grammar: tuple[str, ...] = ()) -> Nothing:
        return self

    def feed(self, pcm: bytes) -> Utterance | None:
        return None

    def end_of_speech(self) -> Utterance | None:
        return None

    def reset(self) -> None: ...

    def close(self) -> None: ...


class Admitted(StreamEars):
    """Ears for which every stream is the right one: no database is asked."""

    def opened(self, call_id: str, given: str, call_sid: str, stream_sid: str) -> Caller:
        caller = Caller(call_id, self._engines.get, NO_BOARD, self._clock, self._pools)
        caller.open(stream_sid, "")
        words = Speech(text="Hello, this is the centre. Press one for yes or two for no.", language="en-US")
        asked = Ask(language="en-US", hearing="stream", prompts=(words,), barge_in_seconds=9999)
        caller.listen(listening_to(1, asked), words=True)
        return caller


class NoBoard:
    """A switchboard that nothing is told."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"nothing is heard, so nothing is told: {name}")


NO_BOARD: Any = NoBoard()


def measure(_folder: Path) -> Iterator[Figure]:
    """Microseconds per frame: of ours, and of the socket library for the same messages.

    The best of several rounds, since whatever else the machine does only adds to figures so small.
    """
    for name, sound, budget in (("voice and hiss", _talk(), True), ("dead silence", b"\xff" * FRAME * 50, False)):
        taken = min(_per_frame(sound) for _ in range(ROUNDS))
        figure = f"media frame, {name}"
        yield at_most(figure, taken, "us", BUDGET) if budget else Figure(figure, taken, "us")
    yield Figure("media frame, socket library", min(_library() for _ in range(ROUNDS)), "us",
                 note="wsproto, two frames to a read")  # fmt: skip


def _per_frame(sound: bytes) -> float:
    ears = Admitted({"en-US": Nothing()}, lambda: datetime.now(UTC), capacity=1, pools=inline())
    session = StreamSession(ears, "bench")
    session.received(json.dumps({"event": "start", "sequenceNumber": "1", "start": {"mediaFormat": FORMAT}}))
    messages = _messages(sound)
    began = time.perf_counter()
    for message in messages:
        session.received(message)
    return (time.perf_counter() - began) / len(messages) * 1e6


def _messages(sound: bytes) -> list[str]:
    frames = [base64.b64encode(sound[at : at + FRAME]).decode() for at in range(0, len(sound), FRAME)]
    return [
        json.dumps({
            "event": "media", "sequenceNumber": str(number + 2), "streamSid": "MZ" + "0" * 32,
            "media": {"track": "inbound", "chunk": str(number + 1), "timestamp": str(number * 20),
                      "payload": frames[number % len(frames)]},
        })
        for number in range(SECONDS * 50)
    ]  # fmt: skip


def _library() -> float:
    client, server = WSConnection(ConnectionType.CLIENT), WSConnection(ConnectionType.SERVER)
    server.receive_data(client.send(Request(host="bot.example", target="/")))
    list(server.events())
    client.receive_data(server.send(AcceptConnection()))
    list(client.events())
    sent = [client.send(TextMessage(data=message)) for message in _messages(b"\xff" * FRAME)]
    began = time.perf_counter()
    for at in range(0, len(sent), 2):
        server.receive_data(b"".join(sent[at : at + 2]))
        for _ in server.events():
            pass
    return (time.perf_counter() - began) / len(sent) * 1e6


def _talk() -> bytes:
    """Two seconds of a hissing line, half of it with a voice."""
    random = np.random.default_rng(0)
    hiss = random.normal(0, 40, 16000)
    voice = np.where(np.arange(16000) % 8000 < 4000, 4000.0, 0.0) * np.sin(np.arange(16000) / 8)
    return encode_ulaw((hiss + voice).astype(np.int16))
