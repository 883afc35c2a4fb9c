"""Which steps and branches of flows were taken by conversations, and which by none.

Rule: what is written once is counted once. A question's own words at a silence are a branch of that question; those it
inherits from the flow are one branch of the flow, wherever they were heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voicebot.errors import Place
from voicebot.flows.asking import answer_path, answers_of
from voicebot.flows.bundle import Bundle
from voicebot.flows.engine import begin, trace
from voicebot.flows.events import AnyEvent
from voicebot.flows.load import LoadedFlow
from voicebot.flows.marks import Path
from voicebot.flows.model import Flow
from voicebot.flows.shape import described
from voicebot.flows.state import Callee
from voicebot.flows.steps import Collect, Question
from voicebot.flows.turn import Way
from voicebot.flows.walk import OTHERWISE

HANDLERS = ("noinput", "nomatch", "low_confidence", "exhausted")
"""What a question may say of its own about the events that answer nothing."""


@dataclass(frozen=True, order=True)
class Uncovered:
    """A step or a branch that no conversation took."""

    place: Place
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what} is never taken."


@dataclass(frozen=True)
class Coverage:
    """How much of a flow was taken. A step is counted apart from the branches in it."""

    flow: str
    steps: int
    steps_taken: int
    branches: int
    branches_taken: int
    uncovered: tuple[Uncovered, ...]

    @property
    def share(self) -> float:
        """Steps and branches taken of all there are, 0..1."""
        return (self.steps_taken + self.branches_taken) / (self.steps + self.branches)


def ways_taken(bundle: Bundle, callee: Callee, events: Iterable[AnyEvent]) -> set[Way]:
    """The steps and branches that a call took: its events are gone through once more.

    Raises FlowFault where the flow is at fault, unless the event says so itself (`Faulted`).
    """
    state, taken = begin(bundle, callee), set[Way]()
    for event in events:
        state, _, ways = trace(bundle, state, event)
        taken.update(ways)
    return taken


def coverage(loaded: LoadedFlow, taken: Iterable[Way]) -> Coverage:
    """What of this flow is among the ways taken."""
    name = loaded.flow.name
    known = {path for flow, path in taken if flow == name}
    steps: list[Path] = [("steps", step) for step in loaded.flow.steps]
    branches = list(branches_of(loaded.flow))
    lacking = [path for path in (*steps, *branches) if path not in known]
    return Coverage(
        flow=name,
        steps=len(steps),
        steps_taken=sum(path in known for path in steps),
        branches=len(branches),
        branches_taken=sum(path in known for path in branches),
        uncovered=tuple(sorted(Uncovered(loaded.marks.at(*path), described(path)) for path in lacking)),
    )


def branches_of(flow: Flow) -> Iterator[Path]:
    """Every branch that is written in a flow, by where it is written."""
    inherited: set[str] = set()
    for name, step in flow.steps.items():
        here: Path = ("steps", name, step.kind)
        if step.question:
            inherited |= {event for event in HANDLERS if getattr(step.question, event) is None}
            yield from ((*here, *way) for way in _question_ways(step.question))
        if step.branch:
            yield from ((*here, index) for index in range(len(step.branch)))
            if all(case.when for case in step.branch):
                yield (*here, OTHERWISE)
        if step.transfer:
            yield from ((*here, "branches", end) for end in step.transfer.branches)
    yield from _flow_ways(flow, inherited)


def _question_ways(question: Question) -> Iterator[Path]:
    yield from (answer_path(question, name) for name in answers_of(question))
    if isinstance(question, Collect):
        if question.type != "yes_no":
            yield ("slot",)
        yield from (("rules", index) for index in range(len(question.rules)))
    yield from ((event,) for event in HANDLERS if getattr(question, event) is not None)


def _flow_ways(flow: Flow, inherited: set[str]) -> Iterator[Path]:
    """What is written once for all questions, and for the call as a whole; a part has no call of its own."""
    yield from (
        (event,) for event in ("noinput", "nomatch", "exhausted") if event in inherited and getattr(flow, event)
    )
    yield from (("anytime", intent) for intent, always in flow.anytime.items() if intent != "opt_out" or always.say)
    if flow.type != "part":
        if flow.farewell:
            yield ("farewell",)
        if flow.machine.message:
            yield ("machine", "message")
