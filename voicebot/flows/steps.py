"""The step kinds: what a flow author may write under `steps:`.

Every step is a mapping with exactly one kind (`say`, `menu`, ...) and the keys that all steps share (see `Step`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from voicebot.leads.outcomes import Outcome
from voicebot.leads.tables import Grade

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""Steps, answers, slots and flows are named in lower case with underscores."""

Scalar = str | int | float | bool | None

Keys = Annotated[str, Field(pattern=r"^[0-9#]{1,20}$")]
"""Keys of the telephone, in quotes. The star is none of them: it opts out, unless the centre chose another key."""

DURATION = r"^[0-9]+[mhd]$"
"""A while: minutes, hours or days."""

TARGET, EXPRESSION, VALUES = "target", "expression", "values"
"""Marks in the model: what a text is, so that the loader and the lint find every one of its kind."""

Target = Annotated[str, TARGET]
"""The name of a step; empty where going on is meant."""

Expression = Annotated[str, EXPRESSION]
"""A condition in the words of a template: `rating >= 8`."""


def listed(value: object) -> object:
    """One alone need not be put into a list."""
    return value if isinstance(value, list | tuple) else [value]


def per_language(value: object, info: ValidationInfo) -> object:
    """A bare text is the prompt of a flow in one language; the loader tells the flow's languages by the context."""
    if not isinstance(value, str):
        return value
    languages = (info.context or {}).get("languages", ())
    if len(languages) != 1:
        raise PydanticCustomError("bare_prompt", "a prompt is written per language", {"languages": languages})
    return {languages[0]: value}


Prompt = Annotated[dict[str, str], BeforeValidator(per_language)]
"""One prompt, side by side in each language of the flow: BCP-47 tag -> template."""

Keyed = Annotated[tuple[Keys, ...], BeforeValidator(listed)]
Words = Annotated[tuple[str, ...], BeforeValidator(listed)]

Prompts = Annotated[tuple[Prompt, ...], BeforeValidator(listed)]
"""One prompt or a list of them: the second time the question is asked with the second one, and so on."""


class Spec(BaseModel):
    """The base of everything an author writes: unknown keys are refused, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Settings(Spec):
    """How questions are asked. What a step does not set is taken from the flow, and from there from these defaults."""

    first_input: int | None = Field(default=None, ge=1, le=60, description="seconds to wait for the first key or word")
    between_keys: int | None = Field(default=None, ge=1, le=20, description="seconds to wait between two keys")
    speech_end: Annotated[int, Field(ge=1, le=60)] | Literal["auto"] | None = Field(
        default=None, description="seconds of silence that end an utterance, or auto"
    )
    barge_in: bool | None = Field(default=None, description="may speech cut the prompt (keys always may)")
    barge_in_words: int | None = Field(
        default=None, ge=1, le=20, description="words that cut the prompt, where we listen to the call's own stream"
    )
    barge_in_seconds: float | None = Field(
        default=None, ge=0.2, le=10, description="seconds of voice that cut it, whether understood or not"
    )
    input: Literal["keys", "speech", "both"] | None = Field(default=None, description="what is listened for")
    confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="words recognized with less confidence are asked to be confirmed",
    )
    margin: float | None = Field(
        default=None, ge=0, le=1, description="two readings closer than this are asked to be told apart"
    )
    noinput: int | None = Field(default=None, ge=1, le=9, description="silences of one question before it gives up")
    nomatch: int | None = Field(default=None, ge=1, le=9, description="misunderstandings before it gives up")
    total: int | None = Field(default=None, ge=1, le=12, description="both together, so that alternating ends, too")
    finish_key: str | None = Field(default=None, pattern="^[0-9#]?$", description="the key that ends several keys")


CaseKind = Literal["complaint", "review"]


class OpenedCase(Spec):
    """A case that a human is to look after: `case: complaint`, or with an owner and a time by which."""

    kind: CaseKind = Field(description="what the case is about")
    owner: str = Field(default="", max_length=64, description="who looks after it: a name, or a queue of agents")
    within: str = Field(default="1d", pattern=DURATION, description="the while in which it is due: 30m, 4h, 2d")
    note: str = Field(default="", max_length=200, description="a word for whoever opens the case; never spoken")


def case_in_a_word(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


class Effects(Spec):
    """What an answer or a step records, besides where it leads."""

    set: Annotated[dict[Name, Scalar], VALUES] = Field(
        default={}, description="variables to remember; a text may be a template"
    )
    grade: Grade | None = Field(default=None, description="the intent grade this shows")
    reason: str = Field(default="", max_length=64, description="why somebody refuses: product, price, no_need, ...")
    outcome: Outcome | None = Field(default=None, description="the outcome if nothing stronger comes")
    identity: Literal["confirmed", "denied"] | None = Field(
        default=None,
        description="whether the person has said who they are; private fields may be spoken only then",
    )
    case: Annotated[OpenedCase | None, BeforeValidator(case_in_a_word)] = Field(
        default=None, description="a case to be opened for a human, at most one of a kind on a call"
    )


class Answer(Effects):
    """One answer of a question: by keys, by intents of the language, by phrases of the author."""

    keys: Keyed = Field(default=(), description='keys, in quotes: ["1"]')
    hear: Words = Field(default=(), description="intents that mean this answer: [yes, interested]")
    phrases: dict[str, Words] = Field(default={}, description="words that mean it, per language")
    say: Prompt | None = Field(default=None, description="what is said back before going on")
    label: Prompt | None = Field(
        default=None,
        description="the answer in a few words, for `did you mean ...?`; by default its first phrase",
    )
    next: Target = Field(default="", description="the step to go on with; by default the one below")


class Handler(Effects):
    """What happens at a silence or a misunderstanding: said each time, then the question again; or go elsewhere."""

    say: Prompts = Field(default=(), description="the first time the first, the second time the second, ...")
    next: Target = Field(default="", description="go there at once instead of asking again")


class Exit(Effects):
    """Where it goes when the question has used up its attempts."""

    say: Prompt | None = Field(default=None, description="what is said before going there")
    next: Target = Field(description="the step to go to")


class Question(Spec):
    """What all questions share: the words, the events each must route or inherit, and settings of its own."""

    ask: Prompts = Field(description="the question; a list asks differently the second time")
    answers: dict[Name, Answer] = Field(default={}, description="the answers, each under a name of its own")
    noinput: Handler | None = Field(default=None, description="at a silence; by default the flow's own words")
    nomatch: Handler | None = Field(default=None, description="at a misunderstanding; by default the flow's own words")
    low_confidence: Handler | None = Field(
        default=None, description="instead of `did you say ...?`, which is asked when words are doubtful"
    )
    exhausted: Exit | None = Field(default=None, description="when the attempts are used up; by default the flow's own")
    settings: Settings = Field(default=Settings(), description="what holds for this question only")


class Menu(Question):
    """One answer of several."""

    kind: Literal["choice", "yes_no", "open"] = Field(
        default="choice", description="what was asked, which is half of what an answer means"
    )


class Rule(Spec):
    """A condition that a collected value must meet, and what is said when it does not."""

    check: Expression = Field(description="an expression that must be true; the value is called `value`")
    say: Prompt = Field(description="what is said when it is not")


class Collect(Question):
    """A value of a known type."""

    slot: Name = Field(description="the variable that keeps the value")
    type: Literal["digits", "number", "rating", "yes_no", "date", "time", "datetime", "money", "phone", "text"] = Field(
        description="what kind of value it is"
    )
    length: int | None = Field(default=None, ge=1, le=32, description="how many keys; ends the input at once")
    rules: tuple[Rule, ...] = Field(default=(), description="conditions that the value must meet")
    private: bool = Field(default=False, description="kept out of logs, and erased with the private values")


class Recording(Spec):
    """What the callee says, kept as sound."""

    ask: Prompt = Field(description="what is said before the beep")
    slot: Name = Field(description="the variable that keeps the address of the recording")
    max_seconds: int = Field(default=120, ge=1, le=600, description="seconds that are recorded at the most")
    silence_seconds: int = Field(default=5, ge=1, le=30, description="seconds of silence that end the recording")
    finish_key: str = Field(default="#", pattern="^[0-9#]$", description="the key that ends the recording")


class Confirm(Question):
    """A yes or no about what was collected. `yes` and `no` say where each leads."""

    yes: Answer = Field(description="the answer yes; by default key 1 and the intent yes")
    no: Answer = Field(description="the answer no; by default key 2 and the intent no")


class Case(Spec):
    """One arm of a branch."""

    when: Expression = Field(default="", description="an expression; left out in the last arm, which takes the rest")
    next: Target = Field(description="the step to go to when it holds")


TransferBranch = Literal["answered", "declined", "busy", "no_answer", "failed", "nobody", "otherwise"]


class Transfer(Spec):
    """Put the callee through, hot. The agent hears the whisper and takes the call with a key."""

    queue: Name | Literal[""] = Field(default="", description="the queue of agents to ring")
    number: str = Field(default="", description="or the one number to ring, with + and country code")
    whisper: Prompt = Field(description="what the agent hears before taking the call")
    hold: Prompts = Field(description="what the callee hears while an agent is rung; a list is gone through")
    accept_key: str = Field(default="1", pattern="^[0-9]$", description="the key with which an agent takes the call")
    decline_key: str = Field(default="2", pattern="^[0-9]$", description="the key with which an agent declines it")
    timeout: int = Field(default=45, ge=10, le=300, description="seconds the callee waits at the most")
    ring_seconds: int = Field(default=20, ge=5, le=60, description="seconds one agent's telephone rings")
    tell: Words = Field(default=(), description="fields and variables shown on the agent's card")
    branches: dict[TransferBranch, Target] = Field(description="where each end leads; `otherwise` takes the rest")


class Callback(Spec):
    """Book another call: at a collected moment, or after a while."""

    slot: str = Field(default="", description="the slot that holds the wished date and time")
    after: str = Field(default="", pattern=r"^([0-9]+[mhd])?$", description="or a while from now: 30m, 2h, 14d")


class Call(Spec):
    """Go through another flow and come back."""

    flow: Name = Field(description="the flow, which stands in a file of that name beside this one")
    values: dict[Name, Scalar] = Field(default={}, alias="with", description="variables handed to it")


class Send(Spec):
    """Send a text message."""

    sms: Prompt = Field(description="the text")


class Hangup(Spec):
    """Say the last words and hang up."""

    say: Prompt | None = Field(default=None, description="the last words")
    outcome: Outcome | None = Field(default=None, description="how the call ended, if nothing stronger was noted")


KINDS = ("say", "menu", "collect", "record", "confirm", "branch", "set", "transfer", "callback", "call", "send", "goto",
         "hangup")  # fmt: skip
"""The step kinds; `set` alone is also an effect that other steps may carry."""


EFFECTS = frozenset(Effects.model_fields)
"""What a step of the kind `set` may consist of."""


class Step(Effects):
    """One step: exactly one kind, and what every step may carry."""

    say: Prompt | None = Field(default=None, description="say something")
    menu: Menu | None = Field(default=None, description="ask for one answer of several")
    collect: Collect | None = Field(default=None, description="ask for a value: a number, a date, an amount")
    record: Recording | None = Field(default=None, description="record what is said")
    confirm: Confirm | None = Field(default=None, description="ask yes or no about what was collected")
    branch: tuple[Case, ...] | None = Field(default=None, description="go one way or another by conditions")
    transfer: Transfer | None = Field(default=None, description="put the callee through to an agent")
    callback: Callback | None = Field(default=None, description="book another call")
    call: Call | None = Field(default=None, description="go through another flow and come back")
    send: Send | None = Field(default=None, description="send a text message")
    goto: Target | None = Field(default=None, description="go to another step")
    hangup: Annotated[Hangup | None, BeforeValidator(lambda value: {} if value is None else value)] = Field(
        default=None, description="say the last words and hang up"
    )
    next: Target = Field(default="", description="the step to go on with; by default the one below")

    @model_validator(mode="after")
    def _one_kind(self) -> Step:
        kinds = [kind for kind in KINDS if kind != "set" and getattr(self, kind) is not None]
        if len(kinds) > 1:
            raise PydanticCustomError("kinds", "{kinds}", {"kinds": " and ".join(f'"{kind}"' for kind in kinds)})
        if not kinds and not self.model_fields_set & EFFECTS:
            raise PydanticCustomError("no_kind", "a step needs a kind")
        return self

    @property
    def kind(self) -> str:
        """Which of KINDS this step is."""
        return next((kind for kind in KINDS if kind != "set" and getattr(self, kind) is not None), "set")

    @property
    def question(self) -> Question | None:
        """The question this step asks, if it asks one."""
        return self.menu or self.collect or self.confirm
