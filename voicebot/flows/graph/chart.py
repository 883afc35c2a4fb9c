"""What a picture of a flow shows: a box for each step, an arrow for each way that an answer or an event takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.flows.as_test import scalar
from voicebot.flows.asking import answers_of
from voicebot.flows.check.graph import END, Edge, edges_of
from voicebot.flows.model import RETURN, Flow
from voicebot.flows.steps import Prompt, Step

ANYTIME = "at any time"
"""The box of what may be said at every question. Steps are named in lower case without spaces, so none is called so."""

EVENTS = {
    "noinput": "silence",
    "nomatch": "not understood",
    "low_confidence": "doubtful",
    "exhausted": "attempts used up",
}


@dataclass(frozen=True)
class Box:
    """A step: its name, its kind, and the first words of what it says or does; or, for ANYTIME, a list."""

    name: str
    kind: str
    words: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """A way from box to box, and by what: several answers that lead the same way are one arrow."""

    source: str
    target: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """The boxes in the order of the flow, and the arrows between them."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def chart_of(flow: Flow, language: str = "") -> Chart:
    """The chart of a flow, with prompts in `language` (by default the flow's first).

    What every question inherits (intents at any time, attempts used up) is listed in one box of its own, from which
    arrows lead only to steps that nothing else leads to.
    """
    language = language or flow.languages[0]
    boxes = [Box(name, step.kind, _words(step, language)) for name, step in flow.steps.items()]
    ways = [way for name in flow.steps for way in _ways(flow, name)]
    always = list(_always(flow))
    if always:
        boxes.append(Box(ANYTIME, "anytime", "", tuple(f"{label} → {target}" for _, target, label in always)))
    reached = _reached(flow.first, ways)
    always = [way for way in always if way[1] not in reached]
    merged: dict[tuple[str, str], list[str]] = {}
    for source, target, label in (*always, *ways):
        merged.setdefault((source, target), []).append(label)
    if any(target == RETURN for _, target in merged):
        boxes.append(Box(RETURN, "return", "to the calling flow"))
    arrows = [
        Arrow(source, target, tuple(dict.fromkeys(filter(None, told)))) for (source, target), told in merged.items()
    ]
    return Chart(flow.title or flow.name, tuple(boxes), tuple(arrows))


def _reached(first: str, ways: list[tuple[str, str, str]]) -> set[str]:
    reached, waiting = {first}, [first]
    while waiting:
        here = waiting.pop()
        onward = {target for source, target, _ in ways if source == here} - reached
        reached |= onward
        waiting += onward
    return reached


def _ways(flow: Flow, name: str) -> Iterator[tuple[str, str, str]]:
    for edge in edges_of(flow, name):
        inherited = edge.path[0] in ("anytime", "exhausted")
        if edge.target != END and not inherited:
            yield name, edge.target, _label(flow.steps[name], edge)


def _always(flow: Flow) -> Iterator[tuple[str, str, str]]:
    for intent, always in flow.anytime.items():
        if always.next:
            yield ANYTIME, always.next, " ".join((*always.keys, intent))
    if flow.exhausted:
        yield ANYTIME, flow.exhausted, EVENTS["exhausted"]


def _label(step: Step, edge: Edge) -> str:
    """By what a way is taken: `1 yes`, `silence`, `rating >= 8`."""
    if step.question:
        where = edge.path[3:]
        event = str(where[0]) if where else ""
        if event in EVENTS:
            return EVENTS[event]
        answer = next((str(part) for part in where if part in answers_of(step.question)), "")
        if answer:
            return " ".join((*answers_of(step.question)[answer].keys, answer))
        return step.collect.slot if step.collect and step.collect.type != "yes_no" else ""
    if step.branch:
        case = edge.path[3:4]
        return step.branch[int(case[0])].when or "otherwise" if case else "otherwise"
    return str(edge.path[-1]) if step.transfer else ""


def _words(step: Step, language: str) -> str:
    """The first words of a step, or what it does where it says nothing."""
    prompt = _prompt(step)
    if prompt:
        told = _BLOCK.sub("", _NAME.sub(r"‹\1›", prompt.get(language, "")))
        return " ".join(told.split())
    if step.hangup:
        return str(step.hangup.outcome or "")
    if step.call:
        return f"the flow {step.call.flow}"
    if step.callback:
        return f"at {step.callback.slot}" if step.callback.slot else f"after {step.callback.after}"
    noted = [f"{name} = {scalar(value)}" for name, value in step.set.items()]
    noted += [f"{name}: {value}" for name, value in (("grade", step.grade), ("outcome", step.outcome)) if value]
    return ", ".join([*noted, f"case: {step.case.kind}"] if step.case else noted)


_NAME = re.compile(r"\{\{\s*(\w+)[^}]*\}\}")
_BLOCK = re.compile(r"\{%.*?%\}")
"""What stands in a prompt for a value, and what chooses between words."""


def _prompt(step: Step) -> Prompt | None:
    if step.question:
        return step.question.ask[0]
    if step.record:
        return step.record.ask
    if step.transfer:
        return step.transfer.hold[0]
    if step.send:
        return step.send.sms
    return step.say or (step.hangup.say if step.hangup else None)
