"""How things end: transfers, callbacks, machines, further tries, and the tests' own expectations."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.errors import did_you_mean
from voicebot.flows.check.graph import ENDS
from voicebot.flows.check.subject import Subject
from voicebot.flows.check.variables import set_in
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Path
from voicebot.flows.steps import Collect, Transfer
from voicebot.leads.cadence import TERMINAL

MOMENTS = ("date", "time", "datetime")


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    yield from _machine_and_retry(subject)
    yield from _slots(subject)
    yield from _tests(subject)
    for name, step in subject.flow.steps.items():
        if step.transfer:
            yield from _transfer(subject, name, step.transfer)
        if step.callback:
            yield from _callback(subject, name)


def _transfer(subject: Subject, name: str, transfer: Transfer) -> Iterator[Finding]:
    path = ("steps", name, "transfer")
    if bool(transfer.queue) == bool(transfer.number):
        problem = f'step "{name}" must transfer to either a queue or a number.'
        yield finding(
            subject.at(*path), "transfer-target", problem, "Write `queue: ...` or `number: ...`, and not both."
        )
    failures = [end for end in ENDS[1:] if end not in transfer.branches]
    if failures and "otherwise" not in transfer.branches:
        problem = f'step "{name}" does not say where the call goes when the transfer ends with {", ".join(failures)}.'
        yield finding(subject.at(*path, "branches"), "transfer-branch", problem, "Add them, or `otherwise: ...`.")
    if "answered" not in transfer.branches:
        problem = f'step "{name}" does not say where the call goes after the talk with the agent.'
        yield finding(subject.at(*path, "branches"), "transfer-branch", problem, "Add `answered: ...`.")


def _callback(subject: Subject, name: str) -> Iterator[Finding]:
    callback, path = subject.flow.steps[name].callback, ("steps", name, "callback")
    if callback is None:
        return
    if bool(callback.slot) == bool(callback.after):
        problem = f'step "{name}" must book a call either at a moment that was asked for or after a while.'
        yield finding(subject.at(*path), "callback-time", problem, "Write `slot: ...` or `after: ...`, and not both.")
    for _, collect in _collected(subject, callback.slot):
        if collect.type not in MOMENTS:
            problem = f'step "{name}" books a call at "{callback.slot}", which is a {collect.type} and no time.'
            yield finding(subject.at(*path), "slot-type", problem, f"Collect it with one of: {', '.join(MOMENTS)}.")


def _collected(subject: Subject, slot: str) -> list[tuple[str, Collect]]:
    steps = subject.flow.steps.items()
    return [(name, step.collect) for name, step in steps if step.collect and step.collect.slot == slot]


def _slots(subject: Subject) -> Iterator[Finding]:
    """One name, one type."""
    first: dict[str, tuple[str, str]] = {}
    for name, step in subject.flow.steps.items():
        if step.collect:
            earlier, kind = first.setdefault(step.collect.slot, (name, step.collect.type))
            if kind != step.collect.type:
                problem = (
                    f'step "{name}" collects "{step.collect.slot}" as {step.collect.type}, '
                    f'and step "{earlier}" collects it as {kind}.'
                )
                place = subject.at("steps", name, "collect", "type")
                yield finding(place, "slot-type", problem, "Give one of them another name.")


def _machine_and_retry(subject: Subject) -> Iterator[Finding]:
    machine = subject.flow.machine
    if machine.action == "leave_message" and machine.message is None:
        problem = "a machine is to be left a message, and there is none."
        yield finding(subject.at("machine"), "machine-message", problem, "Add `message: ...`.")
    if machine.action != "leave_message" and machine.message is not None:
        problem = f"there is a message for machines, and their `action` is {machine.action}."
        yield finding(subject.at("machine"), "machine-message", problem, "Write `action: leave_message`.")
    for outcome in subject.flow.retry:
        if outcome in TERMINAL:
            problem = f'after "{outcome}" nobody is called again.'
            yield finding(subject.at("retry", outcome), "retry-terminal", problem, "Remove it.")


def _tests(subject: Subject) -> Iterator[Finding]:
    fields = [name for loaded in subject.calls.flows.values() for name in loaded.flow.needs]
    variables = sorted(set_in(subject.calls))
    steps = sorted({node.step for node in subject.calls.ways})
    for index, test in enumerate(subject.flow.tests):
        wanted: list[tuple[Path, str, list[str], str]] = [
            *((("lead", name), name, fields, "field of the lead") for name in test.lead),
            *((("expect", "values", name), name, variables, "variable") for name in test.expect.values),
            *(
                (("turns", number), turn.expect_step, steps, "step")
                for number, turn in enumerate(test.turns)
                if turn.expect_step is not None
            ),
        ]
        for way, name, known, what in wanted:
            if name not in known:
                problem = f'test "{test.name}" names "{name}", and there is no such {what}.'
                yield finding(subject.at("tests", index, *way), "test-name", problem, did_you_mean(name, known))
