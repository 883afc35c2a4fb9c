"""One turn being worked out: the state as far as it has got, the words gathered, the effects so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from voicebot.errors import Place
from voicebot.flows.actions import AnyAction, Moved, OpenCase, Speech
from voicebot.flows.bundle import Bundle
from voicebot.flows.marks import Path
from voicebot.flows.model import Flow
from voicebot.flows.prompts import FlowFault, collected, evaluate, facts_in, render, typed
from voicebot.flows.state import State
from voicebot.flows.steps import Effects, OpenedCase, Prompt, Step
from voicebot.leads.outcomes import stronger
from voicebot.nlu.languages import LANGUAGES, Phrases
from voicebot.timestamps import from_text, plus, seconds_between, seconds_of

Way = tuple[str, Path]
"""A part of a flow that leads somewhere: the flow's name, and where in it the part is written."""


@dataclass
class Turn:
    """The working place of `advance`: it starts from a frozen state and ends in one, and nobody else sees it."""

    bundle: Bundle
    state: State
    at: str
    effects: list[AnyAction] = field(default_factory=list)
    words: list[Speech] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    answer: str = ""
    ways: list[Way] = field(default_factory=list)
    """The ways that were taken, in order: for coverage, and never journaled."""

    @property
    def flow(self) -> Flow:
        """The flow the call is in now; a sub-flow while one is gone through."""
        return self.bundle.flows[self.state.flow]

    @property
    def main(self) -> Flow:
        """The flow that the call began with."""
        return self.bundle.flows[self.bundle.main]

    @property
    def step(self) -> Step:
        """The step the call is at."""
        return self.flow.steps[self.state.step]

    @property
    def place(self) -> Place:
        """Where the step stands in its file: named by every fault."""
        return self.bundle.place(self.state.flow, "steps", self.state.step)

    @property
    def phrases(self) -> Phrases:
        """The engine's own words in the language of the call."""
        return LANGUAGES[self.state.language].phrases

    @property
    def now(self) -> datetime:
        """The moment of the event on the callee's own clock."""
        return from_text(self.at).astimezone(ZoneInfo(self.state.callee.time_zone))

    @property
    def out_of_time(self) -> bool:
        """Whether the call has lasted as long as its flow allows; talks with agents aside."""
        return seconds_between(self.state.started_at, self.at) >= self.main.limits.max_duration

    def change(self, **fields: Any) -> None:
        """Replace fields of the state."""
        self.state = self.state.model_copy(update=fields)

    def values(self, flow: Flow | None = None) -> dict[str, Any]:
        """Every name that a prompt or an expression of `flow` may use; by default of the flow the call is in."""
        flow, state = flow or self.flow, self.state
        return {
            "caller": flow.caller[state.language],
            "opt_out_key": state.callee.opt_out_key,
            "callback_number": state.callee.callback_number,
            "now": self.now,
            **facts_in(flow, state.language),
            **state.callee.fields,
            **self._fields(flow),
            **{name: collected(flow.slots.get(name, ""), value) for name, value in state.variables.items()},
        }

    def _fields(self, flow: Flow) -> dict[str, object]:
        """The lead's fields that `flow` needs, as the types it needs; those not given are empty."""
        given = self.state.callee.fields
        try:
            return {name: typed(need, given.get(name)) for name, need in flow.needs.items()}
        except ValueError as fault:
            raise self.fault(f"a field of the lead cannot be used: {fault}.", "Mend it in the list.") from None

    def rendered(self, prompt: Prompt, flow: Flow | None = None) -> Speech:
        """The prompt in the language of the call, with the values of `flow` (by default the one the call is in)."""
        text = render(prompt[self.state.language], self.state.language, self.values(flow), self.place)
        return Speech(text=text.strip(), language=self.state.language)

    def say(self, prompt: Prompt | None, flow: Flow | None = None) -> None:
        """Speak the prompt before whatever the turn ends in."""
        if prompt is not None:
            speech = self.rendered(prompt, flow)
            if speech.text:
                self.words.append(speech)

    def say_phrase(self, text: str) -> None:
        """Speak words of the engine's own."""
        self.words.append(Speech(text=text, language=self.state.language))

    def test(self, expression: str, **more: Any) -> bool:
        """Whether an author's expression holds."""
        return bool(evaluate(expression, {**self.values(), **more}, self.place))

    def apply(self, effects: Effects) -> None:
        """Record what an answer or a step records."""
        given: dict[str, Any] = {}
        if effects.set:
            values = self.values()
            filled = {
                name: render(value, self.state.language, values, self.place) if isinstance(value, str) else value
                for name, value in effects.set.items()
            }
            given["variables"] = {**self.state.variables, **filled}
        if effects.identity:
            given["identity"] = effects.identity
        self.change(
            **given,
            grade=effects.grade or self.state.grade,
            reason=effects.reason or self.state.reason,
            outcome=stronger(self.state.outcome, effects.outcome),
        )
        if effects.case:
            self._open_case(effects.case)

    def _open_case(self, case: OpenedCase) -> None:
        if case.kind not in self.state.cases:
            due_at = plus(self.at, seconds_of(case.within))
            note = case.note or f"{self.state.flow}.{self.state.step}"
            self.effects.append(OpenCase(about=case.kind, owner=case.owner, due_at=due_at, note=note))
            self.change(cases=(*self.state.cases, case.kind))

    def took(self, *path: str | int, main: bool = False) -> None:
        """Note that a part of the present flow, or of the main one, led on."""
        self.ways.append((self.bundle.main if main else self.state.flow, path))

    def took_here(self, *path: str | int) -> None:
        """Note that a part of the present step led on."""
        self.took("steps", self.state.step, self.step.kind, *path)

    def fault(self, problem: str, remedy: str = "") -> FlowFault:
        """A fault of the flow at the step the call is at."""
        return FlowFault(self.place, problem, remedy)

    def finish(self) -> tuple[AnyAction, ...]:
        """The effects of the turn, with the way it took for the journal."""
        if self.steps:
            self.effects.append(Moved(steps=tuple(self.steps), answer=self.answer))
        return tuple(self.effects)
