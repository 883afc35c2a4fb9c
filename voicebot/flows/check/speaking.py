"""Whether prompts can be spoken: each is rendered with the flow's facts and the examples of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.model import Flow
from voicebot.flows.parts import parts_of
from voicebot.flows.prompts import FlowFault, facts_in, render, typed
from voicebot.flows.shape import described
from voicebot.flows.templates import names_in

MOMENT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday afternoon, as good as any."""


SINGLE = re.compile(r"(?<!\{)\{\s*\w+\s*(?:\|[^{}]*)?\}(?!\})")
"""A value between single braces, which is spoken as it stands."""


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family. What goes wrong in many prompts for one reason is told once."""
    yield from _examples(subject)
    silent: dict[str, tuple[Finding, int]] = {}
    for path, template, language in _prompts(subject.flow):
        for found in SINGLE.findall(template):
            problem = f'{described(path)} speaks "{found}" as it stands.'
            yield finding(subject.at(*path), "single-brace", problem, f"Write it with two braces: {{{found}}}.")
        fault = _fault(template, language, subject)
        if fault is not None:
            first, times = silent.get(fault.problem, (_unspeakable(subject, path, fault), 0))
            silent[fault.problem] = first, times + 1
    for first, times in silent.values():
        yield replace(first, remedy=f"{first.remedy} It is so in {times} prompts.".lstrip()) if times > 1 else first


def _prompts(flow: Flow) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for language in flow.languages:
        for part in parts_of(flow):
            template = part.value.get(language, "") if part.what == "prompt" else ""
            if template:
                yield (*part.path, language), template, language


def _fault(template: str, language: str, subject: Subject) -> FlowFault | None:
    values = known_values(subject.flow, language, subject.opt_out_key)
    if not names_in(template).needed <= values.keys():
        return None
    try:
        render(template, language, values)
    except FlowFault as fault:
        return fault
    return None


def _unspeakable(subject: Subject, path: tuple[str | int, ...], fault: FlowFault) -> Finding:
    """Told at the fact that cannot be spoken, where it is one; else at the prompt."""
    for name, fact in subject.flow.facts.items():
        if isinstance(fact, str) and repr(fact) in fault.problem:
            return finding(subject.at("facts", name), "unspeakable", f"the fact {name}: {fault.problem}", fault.remedy)
    return finding(subject.at(*path), "unspeakable", f"{described(path)}: {fault.problem}", fault.remedy)


def known_values(flow: Flow, language: str, opt_out_key: str) -> dict[str, object]:
    """Everything that is known of a call before it is made."""
    fields = {name: need.example for name, need in flow.needs.items() if need.example is not None}
    return {
        "caller": flow.caller.get(language, ""),
        "opt_out_key": opt_out_key,
        "callback_number": "+12025550100",
        "now": MOMENT,
        **facts_in(flow, language),
        **fields,
    }


def _examples(subject: Subject) -> Iterator[Finding]:
    for name, need in subject.flow.needs.items():
        try:
            typed(need, need.example)
        except ValueError as fault:
            place = subject.at("needs", name, "example")
            yield finding(place, "example", f'the example of "{name}" will not do: {fault}.')
