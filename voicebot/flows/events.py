"""What happened on the line. Every event is a frozen value that carries `at`, its moment; nothing here knows Twilio."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Event(BaseModel):
    """The base of all events. `at` is fixed-width UTC text (see voicebot.timestamps)."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    at: str


Hearing = Literal["provider", "stream", "recording"]
"""Who recognizes what a callee says: the provider within its own <Gather>, ours on a live media stream, or ours on a
recording of each answer."""


class Answered(Event):
    """Somebody or something picked up (or, inbound, rang us) and the first document is asked for.

    `hearing` is settled here for the whole call.
    """

    kind: Literal["answered"] = "answered"
    hearing: Hearing = "provider"


class Pressed(Event):
    """Keys, in order, as pressed: 0-9, *, #. The key that ended the input is not among them."""

    kind: Literal["pressed"] = "pressed"
    digits: str = Field(min_length=1, max_length=64, pattern=r"^[0-9*#]+$")


PROVIDER = "twilio"
"""The source of words that the provider's recognizer heard."""


class TimedWord(BaseModel):
    """One recognized word, with its seconds since the recognizer began to listen to the call."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str = Field(max_length=200)
    start: float
    end: float
    confidence: float | None = None


class Reading(BaseModel):
    """One reading of what was said. `confidence` is 0..1, None where the recognizer gave none; `words` too."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str = Field(max_length=2000)
    confidence: float | None = Field(default=None, ge=0, le=1)
    words: tuple[TimedWord, ...] = Field(default=(), max_length=400)


class Heard(Event):
    """Words, best reading first, from whichever recognizer listened (`source`)."""

    kind: Literal["heard"] = "heard"
    readings: tuple[Reading, ...] = Field(min_length=1, max_length=10)
    source: str = PROVIDER


class Silence(Event):
    """A question or a stretch of hold words ran out without an answer.

    `sure`: we have listened ourselves, and nothing was said.
    """

    kind: Literal["silence"] = "silence"
    sure: bool = False


class StillSpeaking(Event):
    """The time for an answer ran out, but on the stream the callee is heard speaking: what comes will be the answer."""

    kind: Literal["still_speaking"] = "still_speaking"


class BargedIn(Event):
    """The callee began to speak while a prompt was playing, and meant it."""

    kind: Literal["barged_in"] = "barged_in"


WhyDeaf = Literal["not_opened", "lost", "recognizer", "overloaded", "transcription"]


class Deafened(Event):
    """We no longer hear the callee ourselves; from now on the provider's recognizer has to do."""

    kind: Literal["deafened"] = "deafened"
    why: WhyDeaf


class Recorded(Event):
    """A recording ended. `key` is the key that ended it, empty for silence or the time limit."""

    kind: Literal["recorded"] = "recorded"
    url: str = Field(max_length=1000)
    seconds: float = Field(ge=0)
    key: str = ""


AnsweredBy = Literal["human", "machine_start", "machine_beep", "machine_silence", "machine_other", "fax", "unknown"]


class Detected(Event):
    """The provider's verdict on who answered. It may come late, and it may be wrong."""

    kind: Literal["detected"] = "detected"
    answered_by: AnsweredBy


TransferResult = Literal["accepted", "declined", "busy", "no_answer", "failed", "nobody", "ended"]


class Transferred(Event):
    """News of the transfer under way. `accepted`: the agent waits in the room. `ended`: the two have finished.

    `nobody`: no agent of the queue is there. The others say why the last agent tried did not take it.
    """

    kind: Literal["transferred"] = "transferred"
    result: TransferResult
    agent: str = ""


EndStatus = Literal["completed", "busy", "no_answer", "canceled", "failed", "invalid_number"]


class Ended(Event):
    """The line is gone, for good. `canceled`: we took the call back while it rang."""

    kind: Literal["ended"] = "ended"
    status: EndStatus


class Faulted(Event):
    """Something of ours broke while the call was being answered. `problem` is for the journal, never spoken."""

    kind: Literal["faulted"] = "faulted"
    problem: str = Field(max_length=2000)


AnyEvent = Annotated[
    Answered
    | Pressed
    | Heard
    | Silence
    | StillSpeaking
    | BargedIn
    | Deafened
    | Recorded
    | Detected
    | Transferred
    | Ended
    | Faulted,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
"""Reads an event back from its JSON: `EVENT.validate_json(text)`."""
