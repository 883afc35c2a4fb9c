"""Where a call stands between two turns: a frozen value that survives a trip through JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from voicebot.flows.events import Hearing
from voicebot.flows.steps import Scalar
from voicebot.leads.outcomes import Outcome
from voicebot.leads.tables import Grade


class Frozen(BaseModel):
    """The base of the values below."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Callee(Frozen):
    """What the engine knows of the person and the centre: pinned when the call opens, never changed by it."""

    fields: dict[str, Scalar] = {}
    language: str = ""
    """The lead's own language, if known and spoken by the flow."""
    time_zone: str = "UTC"
    opt_out_key: str = "*"
    callback_number: str = ""
    """The number the callee sees and may ring back, E.164."""
    message_left: bool = False
    """Whether a machine's message was left on an earlier call: it is left once per lead."""


class Frame(Frozen):
    """Where a sub-flow returns to."""

    flow: str
    step: str
    """The step to go on with in `flow`; empty: return further."""


class Counters(Frozen):
    """How often the present question failed. They start anew when a question is reached by an answer."""

    noinput: int = 0
    nomatch: int = 0

    @property
    def total(self) -> int:
        """Silences and misunderstandings together."""
        return self.noinput + self.nomatch


class Doubt(Frozen):
    """A reading of the callee's words that waits for a yes or no: an answer of the question, or a slot's value."""

    answer: str = ""
    value: str = ""


class State(Frozen):
    """A call between two turns.

    `phase` is what the line is doing; `flow` and `step` where it waits. `result` fields are what `Conclude` will say.
    """

    callee: Callee = Callee()
    phase: Literal["new", "asking", "holding", "recording", "bridged", "closing", "ended"] = "new"
    hearing: Hearing = "provider"
    stream: Literal["none", "open", "stopped"] = "none"
    listened_on: int = 0
    """How often in a row the line was listened on without an answer: an endless talker must end, too."""
    awaiting: bool = False
    """A recorded answer is being transcribed."""
    flow: str
    step: str
    frames: tuple[Frame, ...] = ()
    language: str
    variables: dict[str, Scalar] = {}
    identity: Literal["unknown", "confirmed", "denied"] = "unknown"
    counters: Counters = Counters()
    doubt: Doubt | None = None
    turn: int = 0
    started_at: str = ""
    trail: tuple[tuple[str, str], ...] = ()
    """Questions already left behind, as (flow, step), for `back`."""
    transfer: int = 0
    """How many transfers this call has asked for; the present one's number while holding or bridged."""
    transfer_since: str = ""
    hold_round: int = 0
    spoke: bool = False
    """A key or a word came from the callee, understood or not."""
    answered_once: bool = False
    """The callee gave at least one understood answer: a machine's verdict is not believed any more."""
    opted_out: bool = False
    opt_out_doubt: Literal["none", "open", "settled"] = "none"
    """An utterance that might have been an opt-out: `open` freezes the lead for a human at the end."""
    message_left: bool = False
    cases: tuple[str, ...] = ()
    """Kinds of the cases that this call has opened: at most one of each."""
    outcome: Outcome | None = None
    grade: Grade | None = None
    reason: str = ""
    callback_at: str = ""
