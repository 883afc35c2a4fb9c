"""The ways a call can take through a flow and the flows it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from voicebot.flows.asking import answer_path, answers_of
from voicebot.flows.load import LoadedFlow
from voicebot.flows.marks import Path
from voicebot.flows.model import RETURN, Flow
from voicebot.flows.steps import Collect, Effects, Question, Step

END = ""
"""Where the call is over."""

Identity = Literal["confirmed", "denied"]


@dataclass(frozen=True)
class Edge:
    """One way from a step: to another step of the flow, to RETURN, or to END.

    `waits`: the callee is waited for on the way. `answered`: the way is taken only by an answer that was understood.
    `sets` and `identity` are what is known afterwards; `path` is where the way is written. `falls`: it is written
    nowhere, and there is no step below.
    """

    target: str
    path: Path
    waits: bool = False
    answered: bool = False
    sets: frozenset[str] = frozenset()
    identity: Identity | None = None
    falls: bool = False


def edges_of(flow: Flow, name: str) -> tuple[Edge, ...]:
    """Every way out of the step `name`. A call leads on to the step after it, as if it were one step."""
    step, path = flow.steps[name], ("steps", name)
    if step.question:
        return tuple(_question_edges(flow, name, step.question, (*path, step.kind)))
    if step.branch:
        cases = [Edge(case.next, (*path, "branch", index, "next")) for index, case in enumerate(step.branch)]
        rest = [] if any(not case.when for case in step.branch) else [_onward(flow, name)]
        return (*cases, *rest)
    if step.transfer:
        branches = step.transfer.branches
        ways = [Edge(target, (*path, "transfer", "branches", end), waits=True) for end, target in branches.items()]
        covered = "otherwise" in branches or len(branches) == len(ENDS)
        return (*ways,) if covered else (*ways, Edge(END, path, waits=True))
    if step.goto is not None:
        return (Edge(step.goto, (*path, "goto")),)
    if step.hangup:
        return (Edge(END, path),)
    if step.record:
        return (_onward(flow, name, waits=True, sets=frozenset({step.record.slot})),)
    return (_onward(flow, name),)


ENDS = ("answered", "declined", "busy", "no_answer", "failed", "nobody")
"""How a transfer can end."""


def _onward(flow: Flow, name: str, *, waits: bool = False, sets: frozenset[str] = frozenset()) -> Edge:
    target = onward(flow, name)
    written: Path = ("steps", name, "next") if flow.steps[name].next else ("steps", name)
    return Edge(target or RETURN, written, waits, sets=sets, falls=not target)


def onward(flow: Flow, name: str) -> str:
    """Where a step leads by itself: its `next`, the step below, or (empty) off the end of the flow."""
    return flow.steps[name].next or flow.below(name)


def _question_edges(flow: Flow, name: str, question: Question, path: Path) -> Iterator[Edge]:
    for answer_name, answer in answers_of(question).items():
        way = (*path, *answer_path(question, answer_name))
        target = answer.next or onward(flow, name)
        yield Edge(
            target or RETURN,
            (*way, "next") if answer.next else way,
            waits=True,
            answered=True,
            sets=_sets(answer) | _slot(question, by_answer=True),
            identity=answer.identity,
            falls=not target,
        )
    if isinstance(question, Collect):
        way_on = _onward(flow, name)
        yield replace(way_on, waits=True, answered=True, sets=_slot(question))
    for event in ("noinput", "nomatch", "low_confidence"):
        handler = getattr(question, event)
        if handler is not None and handler.next:
            yield _handled(handler, (*path, event, "next"), handler.next)
    if question.exhausted:
        yield _handled(question.exhausted, (*path, "exhausted", "next"), question.exhausted.next)
    else:
        yield Edge(flow.exhausted or END, ("exhausted",) if flow.exhausted else path, waits=True)
    for intent, always in flow.anytime.items():
        if always.next:
            yield _handled(always, ("anytime", intent, "next"), always.next, answered=True)


def _slot(question: Question, *, by_answer: bool = False) -> frozenset[str]:
    """The slot that an answer fills: a value does; of the author's own answers only yes and no do."""
    fills = isinstance(question, Collect) and (not by_answer or question.type == "yes_no")
    return frozenset({question.slot}) if fills and isinstance(question, Collect) else frozenset()


def _handled(effects: Effects, path: Path, target: str, *, answered: bool = False) -> Edge:
    return Edge(target, path, True, answered, _sets(effects), effects.identity)


def _sets(effects: Effects) -> frozenset[str]:
    return frozenset(effects.set)


# --- whole calls ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """A step as it is reached in a call: `frames` are the (flow, step) of the calls that led into its flow."""

    flow: str
    step: str
    frames: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Calls:
    """Every call that can be made on the flow `main`: sub-flows are walked through wherever they are called."""

    main: LoadedFlow
    flows: Mapping[str, LoadedFlow]

    @cached_property
    def root(self) -> Node:
        """The step that a call begins with."""
        return Node(self.main.flow.name, self.main.flow.first)

    def step(self, node: Node) -> Step:
        """The step at `node`."""
        return self.flows[node.flow].flow.steps[node.step]

    @cached_property
    def ways(self) -> dict[Node, tuple[tuple[Edge, Node | None], ...]]:
        """Every node that can be reached, with each way out of it and where that leads (None: the end)."""
        ways: dict[Node, tuple[tuple[Edge, Node | None], ...]] = {}
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node not in ways:
                ways[node] = tuple(self._ways(node))
                waiting += [following for _, following in ways[node] if following]
        return ways

    def _ways(self, node: Node) -> Iterator[tuple[Edge, Node | None]]:
        call = self.step(node).call
        if call is not None:
            called = self.flows[call.flow].flow
            edge = Edge(called.first, ("steps", node.step), sets=frozenset(call.values))
            yield edge, Node(called.name, called.first, (*node.frames, (node.flow, node.step)))
            return
        for edge in edges_of(self.flows[node.flow].flow, node.step):
            yield edge, self._resolved(node, edge.target)

    def _resolved(self, node: Node, target: str) -> Node | None:
        """The node that `target` means at `node`; a return goes on after the call, or ends one that nobody called."""
        frames, flow = node.frames, node.flow
        while target == RETURN and frames:
            flow, caller = frames[-1]
            frames = frames[:-1]
            target = onward(self.flows[flow].flow, caller) or RETURN
        return None if target in (RETURN, END) else Node(flow, target, frames)

    def trail_to(
        self, goal: Node, starts: Iterable[Node], passable: Callable[[Node, Edge], bool]
    ) -> tuple[Node, ...] | None:
        """The shortest way from one of `starts` to `goal` over passable edges, or None when there is none."""
        came: dict[Node, Node | None] = dict.fromkeys(starts)
        waiting = list(came)
        for node in waiting:
            if node == goal:
                return _back(came, node)
            for edge, following in self.ways[node]:
                if following is not None and following not in came and passable(node, edge):
                    came[following] = node
                    waiting.append(following)
        return None


def _back(came: Mapping[Node, Node | None], node: Node | None) -> tuple[Node, ...]:
    trail: list[Node] = []
    while node is not None:
        trail.insert(0, node)
        node = came[node]
    return tuple(trail)
