"""What can come to a waiting script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.simulator.webhooks import Delivery

if TYPE_CHECKING:
    from voicebot.simulator.call import SimCall
    from voicebot.simulator.queues import Meeting


@dataclass(frozen=True)
class Pressed:
    """A key of the person on the line."""

    key: str


@dataclass(frozen=True)
class SpeechStarted:
    """The person on the line begins to talk."""


@dataclass(frozen=True)
class SpeechEnded:
    """The person stops talking; the words are what the recognizer made of it."""

    words: str
    confidence: float | None


@dataclass(frozen=True)
class Delivered:
    """What became of the webhook that `mark` stands for."""

    mark: object
    delivery: Delivery


@dataclass(frozen=True)
class ChildReady:
    """A dialled party answered and heard the whisper out."""

    child: SimCall


@dataclass(frozen=True)
class ChildEnded:
    """A dialled party's call is over."""

    child: SimCall


@dataclass(frozen=True)
class ConferenceStarted:
    """The conference one waits in begins."""


@dataclass(frozen=True)
class ConferenceEnded:
    """The conference is over, or one was put out of it."""


@dataclass(frozen=True)
class Dequeued:
    """The first in the queue is wanted: somebody dialled the queue."""

    meeting: Meeting


@dataclass(frozen=True)
class MeetingChanged:
    """Whom one waits for in a queue is there, or is gone; the meeting tells which."""

    meeting: Meeting | None = None


@dataclass(frozen=True)
class StreamClosed:
    """The application's end of a media stream is gone, or was never reached."""
