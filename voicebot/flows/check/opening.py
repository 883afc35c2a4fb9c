"""The first words of a call, or the only ones: they name who is calling, and offer opting out at once after it."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.flows.check.graph import Calls, Node
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Path
from voicebot.flows.steps import Prompt
from voicebot.flows.templates import names_in

Spoken = tuple[Node, Path, Prompt]


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family. A part has no first words of its own."""
    if subject.flow.type == "part":
        return
    calls = subject.calls
    for opening in _openings(calls, calls.root, (), frozenset()):
        if opening:
            yield from _named(calls, opening)
            yield from _opt_out_offered(calls, opening)
    yield from _named_to_machines(subject)


def _openings(
    calls: Calls, node: Node, heard: tuple[Spoken, ...], seen: frozenset[Node]
) -> Iterator[tuple[Spoken, ...]]:
    """The first two prompts on every way from `node`; fewer where something is waited for, or ends, before."""
    spoken = first_words(calls, node)
    if spoken is not None:
        heard = (*heard, spoken)
    following = [then for edge, then in calls.ways[node] if then is not None and not edge.waits]
    waits = any(edge.waits for edge, _ in calls.ways[node])
    if len(heard) == 2 or waits or not following or node in seen:
        yield heard
        return
    for then in following:
        yield from _openings(calls, then, heard, seen | {node})


def first_words(calls: Calls, node: Node) -> Spoken | None:
    """What is spoken at `node` before anything is waited for."""
    step, path = calls.step(node), ("steps", node.step)
    if step.say:
        return node, (*path, "say"), step.say
    if step.question:
        return node, (*path, step.kind, "ask", 0), step.question.ask[0]
    if step.record:
        return node, (*path, "record", "ask"), step.record.ask
    if step.transfer:
        return node, (*path, "transfer", "hold", 0), step.transfer.hold[0]
    if step.hangup and step.hangup.say:
        return node, (*path, "hangup", "say"), step.hangup.say
    return None


def _named(calls: Calls, opening: tuple[Spoken, ...]) -> Iterator[Finding]:
    node, path, prompt = opening[0]
    for language, template in prompt.items():
        if "caller" not in names_in(template).needed:
            place = calls.flows[node.flow].marks.at(*path, language)
            problem = f'step "{node.step}" is heard first, and does not say who is calling ({language}).'
            yield finding(place, "nobody-named", problem, "Put {{ caller }} into it.")


def _opt_out_offered(calls: Calls, opening: tuple[Spoken, ...]) -> Iterator[Finding]:
    node, path, prompt = opening[0]
    for language in prompt:
        texts = [words[language] for _, _, words in opening if language in words]
        if not any("opt_out_key" in names_in(text).needed for text in texts):
            place = calls.flows[node.flow].marks.at(*path, language)
            problem = f'step "{node.step}" opens the call, and opting out is not offered at once ({language}).'
            remedy = "Say what {{ opt_out_key | key }} does, in this prompt or in the one right after it."
            yield finding(place, "opt-out-not-offered", problem, remedy)


def _named_to_machines(subject: Subject) -> Iterator[Finding]:
    """A machine's message is all that its owner hears of the call."""
    for language, template in (subject.flow.machine.message or {}).items():
        if "caller" not in names_in(template).needed:
            problem = f"the message for machines does not say who is calling ({language})."
            yield finding(
                subject.at("machine", "message", language), "nobody-named", problem, "Put {{ caller }} into it."
            )
