"""Whether every name in a prompt has a value when it is spoken, and nothing private is spoken too early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from voicebot.errors import did_you_mean
from voicebot.flows.check.graph import Calls, Edge, Node
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.load import LoadedFlow
from voicebot.flows.marks import Path
from voicebot.flows.model import Flow
from voicebot.flows.parts import Part, parts_of
from voicebot.flows.prompts import BUILT_IN
from voicebot.flows.templates import Names, names_in, names_in_expression

TESTED_VALUE = "value"
"""The name of the value under test; only a rule's `check` knows it."""


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family, sub-flows included. A part is judged in the calls of the flows that call it."""
    if subject.flow.type == "part":
        return
    for loaded in subject.calls.flows.values():
        for part in parts_of(loaded.flow):
            for use in _uses(part):
                yield from _Judge(subject.calls, loaded, part, use).findings()
    yield from _told(subject)


@dataclass(frozen=True)
class _Use:
    """The names in one text, where it stands, and whether it is spoken."""

    path: Path
    names: Names
    spoken: bool


def _uses(part: Part) -> Iterator[_Use]:
    if part.what == "prompt":
        for language, template in part.value.items():
            yield _Use((*part.path, language), names_in(template), spoken=True)
    elif part.what == "values":
        for name, value in part.value.items():
            if isinstance(value, str):
                yield _Use((*part.path, name), names_in(value), spoken=False)
    elif part.what == "expression":
        yield _Use(part.path, names_in_expression(part.value), spoken=False)


class _Judge:
    """Judges one use against every way on which a call may come to it."""

    def __init__(self, calls: Calls, loaded: LoadedFlow, part: Part, use: _Use) -> None:
        self.calls, self.loaded, self.flow = calls, loaded, loaded.flow
        self.part, self.use = part, use
        self.nodes = [node for node in calls.ways if node.flow == self.flow.name and self._spoken_at(node)]
        before = part.around[:-1] if part.what == "values" else part.around
        self.set_here = {name for effects in before for name in effects.set}
        self.confirmed_here = any(effects.identity == "confirmed" for effects in part.around)

    def _spoken_at(self, node: Node) -> bool:
        """Whether the text may be spoken while the call is at `node`."""
        if self.part.step:
            return node.step == self.part.step
        if self.part.path[0] in ("machine", "farewell"):
            return node == self.calls.root
        return self.calls.step(node).question is not None

    def findings(self) -> Iterator[Finding]:
        for name in sorted(self.use.names.needed):
            yield from self._value(name)
        if self.use.spoken:
            for name in sorted(self.use.names.needed | self.use.names.tested):
                yield from self._private(name)

    def _value(self, name: str) -> Iterator[Finding]:
        need = self.flow.needs.get(name)
        if need is not None:
            if not need.required and self.use.spoken and name not in self.use.names.tested:
                problem = f'{self._where} speaks "{name}", which a lead need not have.'
                remedy = f"Write {{% if {name} %}} ... {{% endif %}} around it, or {{{{ {name} | default(...) }}}}."
                yield self._issue("optional-field", problem, remedy)
        elif name in known_in(self.flow) or name in self.set_here or self._is_tested_value(name):
            return
        elif name not in set_in(self.calls):
            alike = did_you_mean(name, [*known_in(self.flow), *sorted(set_in(self.calls))])
            remedy = alike or "Write it under `facts` or `needs`, or set it in a step before."
            yield self._issue("missing-variable", f'{self._where} uses "{name}", and nothing sets it.', remedy)
        else:
            trail = self._way([], partial(_sets, self.calls, name))
            if trail:
                problem = f'{self._where} uses "{name}", which is not set on the way {_shown(trail)}.'
                yield self._issue("missing-variable", problem, "Set it at the start, or write `default` after it.")

    def _is_tested_value(self, name: str) -> bool:
        return name == TESTED_VALUE and self.part.path[-1] == "check"

    def _private(self, name: str) -> Iterator[Finding]:
        need = self.flow.needs.get(name)
        if need is None or not need.private or self.confirmed_here:
            return
        trail = self._way(_denied(self.calls), partial(_confirms, self.calls))
        if trail:
            way = f" on the way {_shown(trail)}" if self.part.step else ""
            problem = f'{self._where} speaks the private "{name}" before the person has said who they are{way}.'
            remedy = "Ask first, and write `identity: confirmed` at the answer."
            yield self._issue("private-field", problem, remedy)

    def _way(self, starts: list[Node], settles: Callable[[Node, Edge | None], bool]) -> tuple[Node, ...] | None:
        """A way to the text, from the beginning or from one of `starts`, on which nothing settles the matter."""
        for node in self.nodes:
            if not self.part.step and settles(node, None):
                continue
            trail = self.calls.trail_to(node, [self.calls.root, *starts], lambda at, edge: not settles(at, edge))
            if trail:
                return trail
        return None

    @property
    def _where(self) -> str:
        return f'step "{self.part.step}"' if self.part.step else ".".join(map(str, self.part.path[:2]))

    def _issue(self, code: str, problem: str, remedy: str) -> Finding:
        return finding(self.loaded.marks.at(*self.use.path), code, problem, remedy)


def known_in(flow: Flow) -> list[str]:
    """Names that always have a value in the flow's templates."""
    return [*(name for name in BUILT_IN if name != TESTED_VALUE), *flow.facts, *flow.needs]


def set_in(calls: Calls) -> frozenset[str]:
    """Every variable that some way of a call sets."""
    on_edges = {name for ways in calls.ways.values() for edge, _ in ways for name in edge.sets}
    return frozenset(on_edges | {name for node in calls.ways for name in calls.step(node).set})


def _sets(calls: Calls, name: str, node: Node, edge: Edge | None) -> bool:
    return name in calls.step(node).set or (edge is not None and name in edge.sets)


def _confirms(calls: Calls, node: Node, edge: Edge | None) -> bool:
    return calls.step(node).identity == "confirmed" or (edge is not None and edge.identity == "confirmed")


def _denied(calls: Calls) -> list[Node]:
    """Where a call goes on after the person has said they are somebody else."""
    return [
        following
        for node, ways in calls.ways.items()
        for edge, following in ways
        if following is not None and (edge.identity == "denied" or calls.step(node).identity == "denied")
    ]


def _shown(trail: tuple[Node, ...]) -> str:
    return " > ".join(node.step for node in trail)


def _told(subject: Subject) -> Iterator[Finding]:
    """What the agent's card shows: a name that is neither a field nor ever set stays empty."""
    known = [*known_in(subject.flow), *sorted(set_in(subject.calls))]
    for name, step in subject.flow.steps.items():
        for index, told in enumerate(step.transfer.tell if step.transfer else ()):
            if told not in known:
                problem = f'step "{name}" tells the agent "{told}", and nothing sets it.'
                place = subject.at("steps", name, "transfer", "tell", index)
                remedy = did_you_mean(told, known) or "Remove it, or write it under `needs`."
                yield finding(place, "missing-variable", problem, remedy)
