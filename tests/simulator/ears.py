"""An application's end of a media stream, and a voice whose sounds a test knows again."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from voicebot.simulator import DirectSocket, EventQueue

SILENT = b"\xff" * 160


class Ears:
    """An application's end: remembers what it is told, and does on a message what a test wants."""

    def __init__(self, on: Callable[[Ears, dict[str, Any]], object] = lambda _ears, _message: None) -> None:
        self.heard: list[dict[str, Any]] = []
        self.times: list[datetime] = []
        self.on = on
        self.queue: EventQueue | None = None
        self.socket: DirectSocket | None = None
        self.is_closed = False

    def accept(self, socket: DirectSocket) -> None:
        self.socket = socket
        socket.on_message, socket.on_close = self.hear, self.close

    def hear(self, text: str) -> None:
        message = json.loads(text)
        self.heard.append(message)
        if self.queue:
            self.times.append(self.queue.now())
        self.on(self, message)

    def close(self) -> None:
        self.is_closed = True

    def say(self, **message: Any) -> None:
        assert self.socket
        self.socket.send(json.dumps({"streamSid": self.heard[1]["streamSid"]} | message))

    def events(self) -> list[str]:
        """What happened, the frames left out."""
        return [message["event"] for message in self.heard if message["event"] != "media"]

    def frames(self, track: str = "inbound") -> list[dict[str, str]]:
        return [one["media"] for one in self.heard if one["event"] == "media" and one["media"]["track"] == track]

    def sound(self, track: str = "inbound") -> bytes:
        """All that came on a track, as if nothing had been lost."""
        return b"".join(base64.b64decode(frame["payload"]) for frame in self.frames(track))

    def arrivals(self) -> list[tuple[int, datetime]]:
        """Of every frame its timestamp in milliseconds, and when it came."""
        both = zip(self.heard, self.times, strict=True)
        return [(int(one["media"]["timestamp"]), when) for one, when in both if one["event"] == "media"]


class Letters:
    """A voice of which every word is a tenth of a second, and sounds like nothing else; it remembers what it said."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []

    def sound(self, words: str, language: str, seed: int) -> bytes:
        self.asked.append((words, language, seed))
        return b"".join(letters(word) for word in words.split())


def letters(word: str) -> bytes:
    """The sound of a word: 800 bytes, no run of which stands anywhere else, and none of which is silence."""
    noise = hashlib.shake_128(word.encode()).digest(800)
    return noise.replace(b"\xff", b"\xfe").replace(b"\x7f", b"\x7e")


def said(*words: str) -> bytes:
    """The sound of some words, one after the other."""
    return b"".join(letters(word) for word in words)
