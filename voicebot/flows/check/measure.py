"""What is too much: words before the first choice, choices in a question, what the provider takes in one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from voicebot.flows.asking import answers_of, settings_of
from voicebot.flows.check.ends import ordered
from voicebot.flows.check.graph import Node
from voicebot.flows.check.opening import first_words
from voicebot.flows.check.speaking import known_values
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.pace import seconds
from voicebot.flows.prompts import FlowFault, render
from voicebot.flows.steps import Collect
from voicebot.flows.templates import names_in

FIRST_CHOICE_WITHIN = 15.0
"""Seconds within which who calls, why, and the first choice must have been said."""

CHOICES = 5
"""Answers with keys that callers can keep in mind while they listen."""

HINTS, HINT_LETTERS = 500, 100
"""Entries, and letters of each, that the provider takes as hints (<Gather>, attribute `hints`)."""

DOCUMENT_BYTES = 64_000
"""Bytes that the provider takes as one document, its tags left aside."""


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    yield from _choices(subject)
    yield from _hints(subject)
    yield from _size(subject)
    if subject.flow.type != "part":
        for language in subject.flow.languages:
            yield from _first_choice(subject, language)


def _choices(subject: Subject) -> Iterator[Finding]:
    for name, step in subject.flow.steps.items():
        if step.question and not isinstance(step.question, Collect):
            keyed = [answer for answer in answers_of(step.question).values() if answer.keys]
            if len(keyed) > CHOICES:
                problem = (
                    f'step "{name}" offers {len(keyed)} choices by key, and nobody keeps more than {CHOICES} in mind.'
                )
                yield finding(
                    subject.at("steps", name, step.kind, "answers"), "too-many-choices", problem, "Ask in two steps."
                )


def _hints(subject: Subject) -> Iterator[Finding]:
    for name, step in subject.flow.steps.items():
        if not step.question or settings_of(step.question, subject.flow).input == "keys":
            continue
        for language in subject.flow.languages:
            hints = [words for answer in step.question.answers.values() for words in answer.phrases.get(language, ())]
            place = subject.at("steps", name, step.kind, "answers")
            if len(hints) > HINTS:
                problem = (
                    f'step "{name}" listens for {len(hints)} phrases ({language}); the recognizer is told {HINTS}.'
                )
                yield finding(place, "hint-limit", problem, "Use fewer.")
            for words in hints:
                if len(words) > HINT_LETTERS:
                    problem = (
                        f'step "{name}" has a phrase of {len(words)} letters; the recognizer is told {HINT_LETTERS}.'
                    )
                    yield finding(place, "hint-limit", problem, f'Shorten "{words[:20]}...".')


def _size(subject: Subject) -> Iterator[Finding]:
    """Whatever is spoken from one answer to the next goes into one document."""
    if subject.flow.type == "part":
        return
    for language in subject.flow.languages:
        size, node = max(_heaviest(subject, language).items(), key=lambda item: item[1])[::-1]
        if size > DOCUMENT_BYTES:
            place = subject.calls.flows[node.flow].marks.at("steps", node.step)
            problem = (
                f'from step "{node.step}" to the next answer {size:,} bytes are spoken ({language}), '
                f"and the provider takes {DOCUMENT_BYTES:,} at a time."
            )
            yield finding(place, "too-long", problem, "Ask something in between, or say less.")


def _heaviest(subject: Subject, language: str) -> dict[Node, int]:
    """The bytes that may be spoken from each step on until something is waited for; loops are gone through once."""
    calls, weights = subject.calls, dict[Node, int]()
    for node in ordered(calls)[0]:  # what follows comes first
        words = first_words(calls, node)
        spoken = _spoken_at(subject, node, words[2].get(language, ""), language) if words else ""
        onward = (weights.get(after, 0) for edge, after in calls.ways[node] if after is not None and not edge.waits)
        weights[node] = len(escape(spoken).encode()) + max(onward, default=0)
    return weights


def _spoken_at(subject: Subject, node: Node, template: str, language: str) -> str:
    values = known_values(subject.calls.flows[node.flow].flow, language, subject.opt_out_key)
    return _spoken(template, language, values)


def _first_choice(subject: Subject, language: str) -> Iterator[Finding]:
    """The longest way to each question that may be the first one."""
    longest: dict[Node, float] = {}
    for node, spoken in _ways(subject, subject.calls.root, 0.0, frozenset(), language):
        longest[node] = max(spoken, longest.get(node, 0.0))
    for node, spoken in longest.items():
        if spoken > FIRST_CHOICE_WITHIN:
            place = subject.calls.flows[node.flow].marks.at("steps", node.step)
            problem = (
                f'step "{node.step}" is the first choice, and about {spoken:.0f} seconds are spoken until then '
                f"({language}); {FIRST_CHOICE_WITHIN:.0f} are enough for who calls, why, and what may be answered."
            )
            yield finding(place, "late-choice", problem, "Say less before it.")


def _ways(
    subject: Subject, node: Node, before: float, seen: frozenset[Node], language: str
) -> Iterator[tuple[Node, float]]:
    """Each first question with the seconds spoken until it has been put."""
    calls, words = subject.calls, first_words(subject.calls, node)
    text = _spoken_at(subject, node, words[2].get(language, ""), language) if words else ""
    spoken = before + seconds(text, language)
    if calls.step(node).question:
        yield node, spoken
    elif node not in seen:
        for edge, following in calls.ways[node]:
            if following is not None and not edge.waits:
                yield from _ways(subject, following, spoken, seen | {node}, language)


def _spoken(template: str, language: str, values: Mapping[str, object]) -> str:
    """A prompt with what is known of a call before it is made; what is not yet known takes a word each."""
    unknown = {name: name for name in names_in(template).needed - values.keys()}
    try:
        return render(template, language, {**values, **unknown})
    except FlowFault:
        return template
