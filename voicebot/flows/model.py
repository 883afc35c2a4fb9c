"""A flow as its author writes it. Loading and line marks: `load.py`; faults beyond the shape: `check/`."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from voicebot.flows.events import Hearing
from voicebot.flows.steps import (
    DURATION,
    CaseKind,
    Effects,
    Name,
    Prompt,
    Prompts,
    Scalar,
    Settings,
    Spec,
    Step,
    Target,
    listed,
)
from voicebot.leads.outcomes import Outcome
from voicebot.leads.tables import Grade
from voicebot.nlu.languages import LANGUAGES

SPEC = 1
"""The version of this language. Older files are upgraded (upgrade.py), newer ones refused by name."""

RETURN = "return"
"""The target that leads back to the calling flow."""

DEFAULTS = Settings(
    first_input=6,
    between_keys=3,
    speech_end="auto",
    barge_in=True,
    barge_in_words=2,
    barge_in_seconds=1.2,
    input="both",
    confidence=0.45,
    margin=0.12,
    noinput=2,
    nomatch=2,
    total=3,
    finish_key="#",
)
"""What holds where neither step nor flow says otherwise."""


def not_reserved(name: str) -> str:
    if name == RETURN:
        raise PydanticCustomError("reserved", "the name is reserved")
    return name


def known_language(tag: str) -> str:
    if tag not in LANGUAGES:
        raise PydanticCustomError("unknown_language", "no such language")
    return tag


StepName = Annotated[Name, AfterValidator(not_reserved)]
AnytimeKeys = Annotated[tuple[Annotated[str, Field(pattern="^[0-9#]$")], ...], BeforeValidator(listed)]
Fact = Scalar | dict[str, str]
LanguageTag = Annotated[str, AfterValidator(known_language)]


class Need(Spec):
    """A field of the lead that the flow speaks or decides on."""

    type: Literal["text", "number", "money", "date", "time", "datetime", "phone", "digits"] = Field(
        default="text", description="what kind of value it is"
    )
    required: bool = Field(default=True, description="a lead without it is not dialled with this flow")
    private: bool = Field(default=False, description="may be spoken only after the person has confirmed who they are")
    example: Scalar = Field(default=None, description="stands in for the field in `talk` and in the lint")


class Anytime(Effects):
    """What is listened for at every question: said back and asked again, or a step to go to."""

    say: Prompts = Field(default=(), description="what is said; then the question is asked again")
    next: Target = Field(default="", description="or the step to go to instead")
    keys: AnytimeKeys = Field(default=(), description="keys that mean it wherever the question leaves them free")


class Machine(Spec):
    """What happens when a machine answers."""

    action: Literal["hang_up", "leave_message", "carry_on"] = Field(
        default="hang_up", description="hang up, leave the message first, or talk on as if it were a person"
    )
    message: Prompt | None = Field(default=None, description="spoken after the beep, once per lead; names no debt")


class Limits(Spec):
    """When a call ends whatever is being said."""

    max_turns: int = Field(default=40, ge=1, le=200, description="questions that are asked at the most")
    max_duration: int = Field(default=300, ge=10, le=3600, description="seconds from the answer, a transfer excluded")


class Retry(Spec):
    """When the number is tried again after an outcome, in this flow's campaigns (else the policy's own table)."""

    after: str = Field(pattern=DURATION, description="the while in between: 30m, 2h, 14d")
    times: int = Field(ge=0, le=10, description="how often; 0 for never")


class CallOn(Spec):
    """A first call on a day that hangs on a date of the lead: three days before it falls due, the day after a visit."""

    field: Name = Field(description="the field of the lead that holds the date; a need of type date")
    days: int = Field(ge=-365, le=365, description="days after that date; negative ones before it")
    within: int = Field(
        default=3, ge=0, le=365, description="days after which it is too late for a first call, counted from that day"
    )


# --- tests inside the flow ------------------------------------------------------------------------------------------


class TestTurn(Spec):
    """One line of a test: what is expected to be heard, or what the callee does."""

    __test__ = False  # not for pytest
    expect_say: str | None = Field(default=None, description="words that the bot's last document must contain")
    expect_step: str | None = Field(default=None, description="the step the call now waits at")
    press: str | None = Field(default=None, description="the keys that the callee presses, in quotes")
    hear: str | None = Field(default=None, description="what the callee says, as a recognizer would write it")
    confidence: float | None = Field(default=None, ge=0, le=1, description="of the words in `hear`")
    silence: int | None = Field(default=None, ge=1, description="how often the callee says nothing; `silence` alone: 1")
    hangup: bool = Field(default=False, description="the callee hangs up; `hangup` alone will do")
    machine: Literal["machine_start", "machine_beep", "machine_silence", "fax"] | None = Field(
        default=None, description="a machine is found to have answered"
    )
    dial: Literal["busy", "no_answer", "failed", "invalid_number"] | None = Field(
        default=None, description="nobody answers, for this reason"
    )
    transfer: Literal["accepted", "declined", "busy", "no_answer", "failed", "nobody", "ended"] | None = Field(
        default=None, description="what becomes of the transfer under way"
    )
    recorded: float | None = Field(default=None, description="seconds that were recorded")
    after: float | None = Field(
        default=None, ge=0, le=7200, description="seconds since what happened before; by default 4"
    )


def turn_in_words(value: object) -> object:
    return {value: 1 if value == "silence" else True} if value in ("silence", "hangup") else value


class Expected(Spec):
    """How the call must have ended."""

    outcome: Outcome = Field(description="the outcome of the call")
    grade: Grade | None = Field(default=None, description="the intent grade")
    reason: str | None = Field(default=None, description="the reason of a refusal")
    callback: bool | None = Field(default=None, description="whether another call was booked")
    values: dict[str, Scalar] = Field(default={}, description="variables that must have these values")
    case: CaseKind | None = Field(default=None, description="the kind of a case that was opened")
    review: bool | None = Field(default=None, description="whether the lead waits for a human to look at it")


class FlowTest(Spec):
    """A conversation and its end, kept beside the steps it tests."""

    name: str = Field(description="what the test shows")
    language: str = Field(default="", description="the language of the lead; by default the flow's first")
    lead: dict[str, Scalar] = Field(default={}, description="fields of the lead; by default the examples of `needs`")
    now: str = Field(default="2026-03-02T15:00:00.000Z", description="the moment the call is answered, UTC")
    time_zone: str = Field(default="UTC", description="the callee's time zone")
    turns: tuple[Annotated[TestTurn, BeforeValidator(turn_in_words)], ...] = Field(description="what happens, in order")
    expect: Expected = Field(description="how the call must have ended")


class Flow(Spec):
    """A whole flow. `steps` keep their order: the next step by default is the one below."""

    spec: int = Field(description=f"the version of the flow language; now {SPEC}")
    name: Name = Field(description="the name of the flow, which is also that of its file")
    version: str = Field(description="the author's own version; kept with every call")
    type: Literal["outbound", "inbound", "part"] = Field(
        description="outbound: we call; inbound: we are called; part: only called by other flows"
    )
    title: str = Field(default="", description="what people call it")
    purpose: Literal["marketing", "service", "survey", "debt", "notice"] = Field(
        description="what the calls are for; the rules of calling depend on it"
    )
    languages: Annotated[tuple[LanguageTag, ...], BeforeValidator(listed)] = Field(
        min_length=1, description="BCP-47 tags; the first is the default"
    )
    caller: Prompt = Field(description="who is calling, as it is spoken")
    facts: dict[Name, Fact] = Field(default={}, description="constants, plain or per language")
    needs: dict[Name, Need] = Field(default={}, description="fields of the lead")
    settings: Settings = Field(default=Settings(), description="how questions are asked")
    hearing: Hearing | None = Field(
        default=None,
        description="who recognizes speech: the provider, we on the call's own stream, or we on a recording of each "
        "answer; by default what the centre has chosen",
    )
    announces_recording: bool = Field(
        default=False, description="whether the first words say that the call is recorded, where the law wants that"
    )
    limits: Limits = Field(default=Limits(), description="when a call ends whatever is being said")
    machine: Machine = Field(default=Machine(), description="what happens when a machine answers")
    inbound: Literal["separate", "continue"] = Field(
        default="separate",
        description="what somebody hears who missed our call and rings back: the centre's flow for inbound calls, or "
        "this flow",
    )
    call_on: CallOn | None = Field(default=None, description="the day of the first call, by a date of the lead")
    retry: dict[Outcome, Retry] = Field(default={}, description="when to try again, by outcome")
    anytime: dict[str, Anytime] = Field(default={}, description="by intent: what is listened for at every question")
    noinput: Prompts = Field(default=(), description="said at a silence where the question has no words of its own")
    nomatch: Prompts = Field(default=(), description="said at a misunderstanding, likewise")
    exhausted: Target = Field(default="", description="the step to go to when a question has used up its attempts")
    farewell: Prompt | None = Field(default=None, description="said when the call must end by its limits")
    start: Target = Field(default="", description="the first step; by default the topmost")
    steps: dict[StepName, Step] = Field(min_length=1, max_length=500, description="the steps, in order")
    tests: tuple[FlowTest, ...] = Field(default=(), description="conversations and how they must end")

    @cached_property
    def slots(self) -> dict[str, str]:
        """The type of every slot that a step collects, by the slot's name."""
        return {step.collect.slot: step.collect.type for step in self.steps.values() if step.collect}

    @property
    def first(self) -> str:
        """The name of the step that the call begins with."""
        return self.start or next(iter(self.steps))

    def below(self, step: str) -> str:
        """The step written below `step`, or an empty text for the last one."""
        names = list(self.steps)
        index = names.index(step) + 1
        return names[index] if index < len(names) else ""
