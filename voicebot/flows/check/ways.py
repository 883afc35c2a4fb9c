"""Where steps lead: unreachable steps, dead ends, returns to nowhere, loops that nothing ends."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.flows.check.graph import Calls, Edge, Node, edges_of
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.model import RETURN
from voicebot.flows.parts import parts_of
from voicebot.flows.templates import names_in_expression


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    edges = {name: edges_of(subject.flow, name) for name in subject.flow.steps}
    yield from _unreachable(subject, edges)
    yield from _dead_ends(subject, edges)
    yield from _returns(subject)
    yield from _loops(subject, subject.calls)


def _unreachable(subject: Subject, edges: dict[str, tuple[Edge, ...]]) -> Iterator[Finding]:
    reached, waiting = {subject.flow.first}, [subject.flow.first]
    while waiting:
        for edge in edges[waiting.pop()]:
            if edge.target in edges and edge.target not in reached:
                reached.add(edge.target)
                waiting.append(edge.target)
    for name in subject.flow.steps:
        if name not in reached:
            problem = f'no way leads to step "{name}".'
            yield finding(subject.at("steps", name), "unreachable", problem, "Remove it, or let another step go there.")


def _dead_ends(subject: Subject, edges: dict[str, tuple[Edge, ...]]) -> Iterator[Finding]:
    if subject.flow.type == "part":
        return
    for name, ways in edges.items():
        if any(edge.falls for edge in ways):
            problem = f'step "{name}" goes on with the step below it, and there is none.'
            yield finding(
                subject.at("steps", name), "dead-end", problem, "Add `next: ...`, or a `hangup` step below it."
            )


def _returns(subject: Subject) -> Iterator[Finding]:
    if subject.flow.type == "part" or subject.called:
        return
    for part in parts_of(subject.flow):
        if part.what == "target" and part.value == RETURN:
            problem = f'step "{part.step}" returns, and no flow calls this one.'
            yield finding(
                subject.at(*part.path), "no-caller", problem, "Go to a step of this flow, or write `type: part`."
            )


def _loops(subject: Subject, calls: Calls) -> Iterator[Finding]:
    told: set[frozenset[tuple[str, str]]] = set()
    for node in calls.ways:
        trail = _circle(calls, node)
        steps = frozenset((one.flow, one.step) for one in trail)
        if not trail or steps in told or _counted(calls, trail):
            continue
        told.add(steps)
        first = min(trail, key=lambda one: calls.flows[one.flow].marks.at("steps", one.step))
        start = trail.index(first)
        names = [one.step for one in (*trail[start:], *trail[: start + 1])]
        problem = f"nothing ends the loop {' > '.join(names)}: it goes round without an answer."
        place = calls.flows[first.flow].marks.at("steps", first.step)
        yield finding(place, "uncounted-loop", problem, "Let one of these steps lead out of it.")


def _circle(calls: Calls, node: Node) -> tuple[Node, ...]:
    """The shortest way from `node` back to itself on which no answer is needed; empty when there is none."""
    for edge, following in calls.ways[node]:
        if following is not None and not edge.answered:
            trail = calls.trail_to(node, [following], lambda _, way: not way.answered)
            if trail is not None:
                return (node, *trail[:-1])
    return ()


def _counted(calls: Calls, trail: tuple[Node, ...]) -> bool:
    """Whether a step of the loop sets a variable by which a branch of it decides."""
    steps = [calls.step(node) for node in trail]
    counted = {name for step in steps for name in step.set}
    decided = {
        name
        for step in steps
        for case in step.branch or ()
        if case.when
        for name in names_in_expression(case.when).needed
    }
    return bool(counted & decided)
