"""What the bot does. Effects come first, in order; the last action may be a `Line`, which becomes one document.

An event that needs an answer on the line always gets exactly one Line; news that comes beside the line (a verdict,
a transfer's progress, the end) gets one only when the line must be told something new.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from voicebot.flows.events import Hearing
from voicebot.leads.outcomes import Outcome
from voicebot.leads.tables import Grade
from voicebot.nlu.meaning import QuestionKind


class Action(BaseModel):
    """The base of all actions."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Speech(BaseModel):
    """One stretch of rendered words in one language (BCP-47 tag), ready to be spoken."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    language: str


# --- lines: what the callee hears next, and what is listened for -----------------------------------------------------


class Line(Action):
    """What is heard next. All `prompts` may be cut by a key.

    `stream` says what becomes of the call's media stream with this line: it is opened, or stopped for good.
    """

    prompts: tuple[Speech, ...] = ()
    stream: Literal["", "open", "stop"] = ""


class Ask(Line):
    """Speak, then wait for keys or words.

    `first_input` seconds are given for the first key or word, `between_keys` between keys; `max_keys` ends the input at
    once (None: `finish_key` or the pause ends it). `speech` says whether words are listened for, `hints` helps the
    recognizer, `speech_end` is seconds of silence that end an utterance, or "auto".

    `expects` is the kind of question asked (see nlu.meaning.QuestionKind): it tells how long a silence may be within
    the answer. While the prompts play, `barge_in_words` recognized words or `barge_in_seconds` of voice cut them.
    """

    kind: Literal["ask"] = "ask"
    language: str
    speech: bool = True
    hints: tuple[str, ...] = ()
    max_keys: int | None = 1
    finish_key: str = "#"
    first_input: int = 5
    between_keys: int = 3
    speech_end: int | Literal["auto"] = "auto"
    barge_in: bool = True
    hearing: Hearing = "provider"
    expects: QuestionKind = "open"
    barge_in_words: int = 2
    barge_in_seconds: float = 1.2


class Hold(Line):
    """Keep the callee company while an agent is rung, listening for opting out; then ask again after `seconds`."""

    kind: Literal["hold"] = "hold"
    language: str
    speech: bool = True
    seconds: int = 6
    hearing: Hearing = "provider"


class Await(Line):
    """Keep the callee on the line for `seconds` while what was recorded of their answer is transcribed."""

    kind: Literal["await"] = "await"
    language: str
    seconds: int = 4


class Record(Line):
    """Speak, then record what is said."""

    kind: Literal["record"] = "record"
    language: str
    max_seconds: int = 120
    silence_seconds: int = 5
    finish_key: str = "#"
    beep: bool = True


class Bridge(Line):
    """Join the callee with the agent who accepted transfer number `transfer` of this call."""

    kind: Literal["bridge"] = "bridge"
    transfer: int
    max_seconds: int = 3600


class Close(Line):
    """Speak the last words and hang up. While `listen`, the opt-out key still works during them."""

    kind: Literal["close"] = "close"
    language: str
    listen: bool = True


AnyLine = Ask | Hold | Await | Record | Bridge | Close


# --- effects: what is written down or set going ---------------------------------------------------------------------


class OptOut(Action):
    """Never call this person again. To be committed before anything else happens on the line."""

    kind: Literal["opt_out"] = "opt_out"
    by: Literal["key", "words", "flow"]
    evidence: str
    """What was pressed or said."""


class StartTransfer(Action):
    """Ring agents of `queue` (or `number`) on legs of their own; answered by a `Transferred` event."""

    kind: Literal["start_transfer"] = "start_transfer"
    transfer: int
    queue: str = ""
    number: str = ""
    whisper: Speech
    accept_key: str
    decline_key: str
    timeout: int
    ring_seconds: int
    card: dict[str, str]


class CancelTransfer(Action):
    """Stop ringing agents: the callee is gone, has opted out, or has waited long enough."""

    kind: Literal["cancel_transfer"] = "cancel_transfer"
    transfer: int
    why: Literal["caller_gone", "opted_out", "timeout"]


class SendMessage(Action):
    """Send a text message to the callee."""

    kind: Literal["send_message"] = "send_message"
    text: str


class Transcribe(Action):
    """Find out what was said in the recording at `url`; answered by a `Heard`, `Silence` or `Deafened` event."""

    kind: Literal["transcribe"] = "transcribe"
    url: str
    seconds: float


class OpenCase(Action):
    """Open a case for a human: `owner` looks after it until `due_at` (UTC text). `note` says where it came from."""

    kind: Literal["open_case"] = "open_case"
    about: Literal["complaint", "review"]
    owner: str = ""
    due_at: str
    note: str


class Understood(Action):
    """For the journal: how words were read, and what was decided (candidates best first)."""

    kind: Literal["understood"] = "understood"
    text: str
    intent: str
    option: str | None
    score: float
    uncertain: bool
    candidates: tuple[str, ...]


class Valued(Action):
    """For the journal: a value that was read out of an answer, and in which of its words or keys.

    `of` is the kind of value (see nlu.slots.SlotKind), `slot` the variable it was asked for, `until` the end of a range
    (see nlu.slots.SlotValue), `heard` the caller's own words for the value, or the keys.
    """

    kind: Literal["valued"] = "valued"
    slot: str
    of: str
    value: str
    until: str = ""
    heard: str


class Moved(Action):
    """For the journal: the steps walked through on this turn, as `flow.step`, and the answer that led there."""

    kind: Literal["moved"] = "moved"
    steps: tuple[str, ...]
    answer: str = ""


class LeftMessage(Action):
    """The machine's message was spoken on this call (counts once per lead)."""

    kind: Literal["left_message"] = "left_message"


class Conclude(Action):
    """The call's result, once the line is gone: the one moment at which the lead changes.

    `values` are what was collected; `callback_at` is a wished time (UTC text) or empty; `review` freezes the lead until
    a human has looked at it (an opt-out that stayed uncertain).
    """

    kind: Literal["conclude"] = "conclude"
    outcome: Outcome
    grade: Grade | None = None
    reason: str = ""
    callback_at: str = ""
    values: dict[str, str | int | float | bool | None] = {}
    review: bool = False


AnyAction = Annotated[
    AnyLine
    | OptOut
    | StartTransfer
    | CancelTransfer
    | SendMessage
    | Transcribe
    | OpenCase
    | Understood
    | Valued
    | Moved
    | LeftMessage
    | Conclude,
    Field(discriminator="kind"),
]
ACTION: TypeAdapter[AnyAction] = TypeAdapter(AnyAction)
"""Reads an action back from its JSON."""
