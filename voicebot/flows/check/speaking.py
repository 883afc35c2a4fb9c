"""Whether prompts can be spoken: each is rendered with the flow's facts and the examples of its fields."""

from __future__ import annotations

from collections.abc import Iterator
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


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    yield from _examples(subject)
    for language in subject.flow.languages:
        values = known_values(subject.flow, language, subject.opt_out_key)
        for part in parts_of(subject.flow):
            template = part.value.get(language, "") if part.what == "prompt" else ""
            if template and names_in(template).needed <= values.keys():
                path = (*part.path, language)
                try:
                    render(template, language, values)
                except FlowFault as fault:
                    yield finding(subject.at(*path), "unspeakable", f"{described(path)}: {fault.problem}", fault.remedy)


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
