"""Names that must lead somewhere, and templates that must parse: without these a flow cannot be loaded."""

from __future__ import annotations

from collections.abc import Iterator

from voicebot.errors import did_you_mean
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Marks, Path
from voicebot.flows.model import RETURN, Flow
from voicebot.flows.parts import Part, parts_of
from voicebot.flows.shape import described
from voicebot.flows.steps import Answer, Confirm, Question
from voicebot.flows.templates import problem_in, problem_in_expression
from voicebot.nlu.intents import INTENTS, NONE

KNOWN_INTENTS = tuple(name for name in INTENTS if name != NONE)


def faults(flow: Flow, marks: Marks) -> list[Finding]:
    """Everything that a whole flow refers to and that does not exist, and every template that does not parse."""
    found = [*_plain_words(flow, marks), *_intents(flow, marks), *_call_on(flow, marks)]
    for part in parts_of(flow):
        found.extend(_PROBLEMS[part.what](part, flow, marks))
    return sorted(found)


def _target(part: Part, flow: Flow, marks: Marks) -> Iterator[Finding]:
    target, names = part.value, list(flow.steps)
    if target not in flow.steps and (target != RETURN or part.path == ("start",)):
        suggestion = did_you_mean(target, names)
        if suggestion:
            guess = suggestion.split('"')[1]
            suggestion = f'Did you mean "{guess}" (line {marks.at("steps", guess).line})?'
        source = f'step "{part.step}"' if part.step else described(part.path)
        problem = f'{source} goes to "{target}", and no step has that name.'
        yield finding(marks.at(*part.path), "unknown-target", problem, suggestion or f"Steps are: {_some(names)}.")


def _prompt(part: Part, flow: Flow, marks: Marks) -> Iterator[Finding]:
    for language, template in part.value.items():
        yield from _template((*part.path, language), template, marks)


def _values(part: Part, flow: Flow, marks: Marks) -> Iterator[Finding]:
    for name, value in part.value.items():
        if isinstance(value, str):
            yield from _template((*part.path, name), value, marks)


def _template(path: Path, template: str, marks: Marks) -> Iterator[Finding]:
    problem = problem_in(template)
    if problem:
        told = f"{described(path)} cannot be read: {_sentence(problem)}"
        remedy = "" if "Did you mean" in problem else "Mend what stands between the braces."
        yield finding(marks.at(*path), "template", told, remedy)


def _expression(part: Part, flow: Flow, marks: Marks) -> Iterator[Finding]:
    problem = problem_in_expression(part.value)
    if problem:
        place = marks.at(*part.path)
        told = f'the condition "{part.value}" cannot be read: {_sentence(problem)}'
        remedy = "" if "Did you mean" in problem else 'Write it like `tea == "green"` or `cups > 3`.'
        yield finding(place, "expression", told, remedy)


_PROBLEMS = {"target": _target, "prompt": _prompt, "values": _values, "expression": _expression}


def _plain_words(flow: Flow, marks: Marks) -> Iterator[Finding]:
    """What templates insert is spoken as it stands, so it can hold no template itself."""
    plain: list[tuple[Path, object]] = [(("caller", tag), text) for tag, text in flow.caller.items()]
    for name, fact in flow.facts.items():
        if isinstance(fact, dict):
            plain += [(("facts", name, tag), text) for tag, text in fact.items()]
        else:
            plain.append((("facts", name), fact))
    for path, text in plain:
        if isinstance(text, str) and ("{{" in text or "{%" in text):
            problem = f"{described(path)} is inserted into prompts as it stands, and holds a template."
            yield finding(marks.at(*path), "plain-text", problem, "Write plain words.")


def _call_on(flow: Flow, marks: Marks) -> Iterator[Finding]:
    """The date that the first call hangs on must be a field that every lead has."""
    if flow.call_on is None:
        return
    name, need = flow.call_on.field, flow.needs.get(flow.call_on.field)
    if need is None or need.type != "date" or not need.required:
        problem = f'`call_on` counts from "{name}", and that is no required need of type date.'
        yield finding(marks.at("call_on", "field"), "call-on", problem, f"Add `{name}: {{type: date}}` under `needs`.")


def _intents(flow: Flow, marks: Marks) -> Iterator[Finding]:
    for intent in flow.anytime:
        yield from _intent(intent, ("anytime", intent), marks)
    for name, step in flow.steps.items():
        if step.question:
            for path, intent in _heard(("steps", name, step.kind), step.question):
                yield from _intent(intent, path, marks)


def _heard(path: Path, question: Question) -> Iterator[tuple[Path, str]]:
    answers: dict[Path, Answer] = {("answers", name): answer for name, answer in question.answers.items()}
    if isinstance(question, Confirm):
        answers |= {("yes",): question.yes, ("no",): question.no}
    for way, answer in answers.items():
        for index, intent in enumerate(answer.hear):
            yield (*path, *way, "hear", index), intent


def _intent(intent: str, path: Path, marks: Marks) -> Iterator[Finding]:
    if intent not in KNOWN_INTENTS:
        remedy = did_you_mean(intent, KNOWN_INTENTS) or f"Intents are: {', '.join(KNOWN_INTENTS)}."
        yield finding(marks.at(*path), "unknown-intent", f'there is no intent "{intent}".', remedy)


def _sentence(problem: str) -> str:
    return problem if problem.endswith((".", "?")) else f"{problem}."


def _some(names: list[str]) -> str:
    return ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
