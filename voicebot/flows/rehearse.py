"""A call without a telephone: the engine driven by hand (`talk`) or by the tests inside a flow (`test`).

The state goes through JSON between any two events, so that nothing can hide outside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from voicebot.flows.actions import AnyAction, Conclude, Line, OpenCase, StartTransfer
from voicebot.flows.bundle import Bundle
from voicebot.flows.engine import advance, begin
from voicebot.flows.events import (
    Answered,
    AnyEvent,
    Detected,
    Ended,
    Faulted,
    Heard,
    Pressed,
    Reading,
    Recorded,
    Silence,
    Transferred,
)
from voicebot.flows.model import Expected, Flow, FlowTest, TestTurn
from voicebot.flows.prompts import FlowFault
from voicebot.flows.state import Callee, State
from voicebot.flows.steps import Scalar
from voicebot.timestamps import plus

PAUSE = 4.0
"""Seconds that pass between two events of a rehearsal."""


def example_fields(flow: Flow) -> dict[str, Scalar]:
    """The examples that a flow gives for the fields of a lead."""
    return {name: need.example for name, need in flow.needs.items() if need.example is not None}


@dataclass
class Rehearsal:
    """One call under way. `said` is what the bot said since the callee last did something."""

    bundle: Bundle
    state: State
    now: str
    log: list[tuple[AnyEvent, tuple[AnyAction, ...]]] = field(default_factory=list)

    @classmethod
    def of(cls, bundle: Bundle, callee: Callee, now: str) -> Rehearsal:
        """A call that is about to be answered at `now` (UTC text)."""
        return cls(bundle, begin(bundle, callee), now)

    def feed(self, event: AnyEvent) -> tuple[AnyAction, ...]:
        """Let one event happen. A fault of the flow ends the call with an apology, as it would on the line."""
        self.state = State.model_validate_json(self.state.model_dump_json())
        try:
            self.state, actions = advance(self.bundle, self.state, event)
        except FlowFault as fault:
            event = Faulted(at=event.at, problem=str(fault))
            self.state, actions = advance(self.bundle, self.state, event)
        self.log.append((event, actions))
        self.now = plus(self.now, PAUSE)
        return actions

    def answer(self) -> tuple[AnyAction, ...]:
        """The callee picks up."""
        return self.feed(Answered(at=self.now))

    def press(self, digits: str) -> tuple[AnyAction, ...]:
        """The callee presses keys."""
        return self.feed(Pressed(at=self.now, digits=digits))

    def hear(self, words: str, confidence: float | None = None) -> tuple[AnyAction, ...]:
        """The callee says something."""
        return self.feed(Heard(at=self.now, readings=(Reading(text=words, confidence=confidence),)))

    def silence(self) -> tuple[AnyAction, ...]:
        """The callee says nothing until the question runs out."""
        return self.feed(Silence(at=self.now))

    def hang_up(self) -> tuple[AnyAction, ...]:
        """The line is gone, whoever ended it."""
        return self.feed(Ended(at=self.now, status="completed"))

    @property
    def said(self) -> str:
        """What the bot said last, stretch by stretch on lines of its own."""
        lines = [action for _, actions in self.log[-1:] for action in actions if isinstance(action, Line)]
        return "\n".join(speech.text for line in lines for speech in line.prompts)

    @property
    def conclusion(self) -> Conclude | None:
        """The call's result, once it is over."""
        ends = [action for _, actions in self.log for action in actions if isinstance(action, Conclude)]
        return ends[-1] if ends else None

    @property
    def cases(self) -> list[str]:
        """What the cases are about that the call has opened for humans."""
        return [action.about for _, actions in self.log for action in actions if isinstance(action, OpenCase)]

    @property
    def asked_for_agent(self) -> StartTransfer | None:
        """The transfer that waits for an agent, if one does."""
        if self.state.phase != "holding":
            return None
        asked = [action for _, actions in self.log for action in actions if isinstance(action, StartTransfer)]
        return asked[-1] if asked else None


@dataclass(frozen=True)
class TestResult:
    """What came of one test: `problems` is empty when it passed; `steps` are those it walked through."""

    __test__ = False
    test: FlowTest
    problems: tuple[str, ...]
    rehearsal: Rehearsal


def run_test(bundle: Bundle, test: FlowTest, *, opt_out_key: str = "*") -> TestResult:
    """Play one test of the bundle's main flow and compare its end."""
    flow = bundle.flows[bundle.main]
    callee = Callee(
        fields={**example_fields(flow), **test.lead},
        language=test.language,
        time_zone=test.time_zone,
        opt_out_key=opt_out_key,
        callback_number="+12025550100",
    )
    call = Rehearsal.of(bundle, callee, test.now)
    if not any(turn.dial for turn in test.turns):
        call.answer()
    problems = [
        f"turn {number}: {problem}" for number, turn in enumerate(test.turns, 1) for problem in play(call, turn)
    ]
    if call.conclusion is None:
        call.hang_up()
    faults = [event.problem for event, _ in call.log if isinstance(event, Faulted)]
    return TestResult(test, (*faults, *problems, *_compare(test.expect, call)), call)


def play(call: Rehearsal, turn: TestTurn) -> list[str]:
    """Let the callee do what one line of a test says; what was expected and did not come is returned."""
    problems = []
    if turn.after is not None:
        call.now = plus(call.now, turn.after - PAUSE)
    if turn.press is not None:
        call.press(turn.press)
    if turn.hear is not None:
        call.hear(turn.hear, turn.confidence)
    for _ in range(turn.silence or 0):
        call.silence()
    if turn.machine:
        call.feed(Detected(at=call.now, answered_by=turn.machine))
    if turn.transfer:
        call.feed(Transferred(at=call.now, result=turn.transfer))
    if turn.recorded is not None:
        call.feed(Recorded(at=call.now, url="https://recordings.example/1", seconds=turn.recorded))
    if turn.dial:
        call.feed(Ended(at=call.now, status=turn.dial))
    if turn.hangup:
        call.hang_up()
    if turn.expect_say is not None and turn.expect_say not in call.said.replace("\n", " "):
        problems.append(f'expected to hear "{turn.expect_say}", but heard "{call.said}"')
    if turn.expect_step is not None and turn.expect_step != call.state.step:
        problems.append(f'expected to wait at "{turn.expect_step}", but is at "{call.state.step}"')
    return problems


def _compare(expected: Expected, call: Rehearsal) -> list[str]:
    end = call.conclusion
    if end is None:
        return ["the call did not end"]
    wanted_and_got: list[tuple[str, Scalar, Scalar]] = [("outcome", expected.outcome, end.outcome)]
    if expected.grade is not None:
        wanted_and_got.append(("grade", expected.grade, end.grade))
    if expected.reason is not None:
        wanted_and_got.append(("reason", expected.reason, end.reason))
    if expected.callback is not None:
        wanted_and_got.append(("callback", expected.callback, bool(end.callback_at)))
    if expected.review is not None:
        wanted_and_got.append(("review", expected.review, end.review))
    if expected.case is not None:
        wanted_and_got.append(("case", expected.case, ", ".join(call.cases)))
    wanted_and_got += [(f"values.{name}", value, end.values.get(name)) for name, value in expected.values.items()]
    return [f"expected {name} {wanted!r}, but got {got!r}" for name, wanted, got in wanted_and_got if wanted != got]
