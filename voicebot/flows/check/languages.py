"""Whether everything is said, and every phrase listened for, in each language of the flow."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from voicebot.errors import did_you_mean
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Path
from voicebot.flows.parts import parts_of
from voicebot.flows.shape import described


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    for part in parts_of(subject.flow):
        if part.what == "prompt":
            yield from _spoken(subject, part.path, part.value)
    for name, fact in subject.flow.facts.items():
        if isinstance(fact, dict):
            yield from _spoken(subject, ("facts", name), fact)
    for name, step in subject.flow.steps.items():
        for answer_name, answer in step.question.answers.items() if step.question else ():
            if answer.phrases:
                path = ("steps", name, step.kind, "answers", answer_name, "phrases")
                yield from _complete(subject, path, answer.phrases)
    for index, test in enumerate(subject.flow.tests):
        if test.language:
            yield from _known(subject, ("tests", index, "language"), [test.language])


def _spoken(subject: Subject, path: Path, prompt: Mapping[str, str]) -> Iterator[Finding]:
    yield from _complete(subject, path, prompt)
    for language, text in prompt.items():
        if not text.strip():
            problem = f"{described((*path, language))} is empty."
            yield finding(subject.at(*path, language), "empty-prompt", problem, "Write what is said, or remove it.")


def _complete(subject: Subject, path: Path, texts: Mapping[str, object]) -> Iterator[Finding]:
    for language in subject.flow.languages:
        if language not in texts:
            problem = f"{described(path)} lacks {language}, a language of the flow."
            yield finding(subject.at(*path), "missing-language", problem, f"Add `{language}: ...`.")
    yield from _known(subject, path, texts)


def _known(subject: Subject, path: Path, languages: Collection[str]) -> Iterator[Finding]:
    for language in languages:
        if language not in subject.flow.languages:
            problem = f'{described(path)} has "{language}", which is no language of the flow.'
            remedy = did_you_mean(language, subject.flow.languages) or "Add it to `languages`, or remove it."
            yield finding(subject.at(*path, language), "extra-language", problem, remedy)
