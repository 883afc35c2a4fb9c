"""Whether a question can be answered, and what happens when it is not: silence, misunderstandings, clashing answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from voicebot.flows.asking import KEYED_VALUES, answer_path, answers_of, settings_of
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Path
from voicebot.flows.steps import Answer, Collect, Question


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    yield from _anytime_keys(subject)
    for name, step in subject.flow.steps.items():
        if step.question:
            asked = _Asked(subject, name, step.question)
            yield from asked.silence()
            yield from asked.answerable()
            yield from asked.keys()
            yield from asked.values()
            yield from asked.words()
        if step.transfer and step.transfer.accept_key == step.transfer.decline_key:
            problem = (
                f'step "{name}" has the key "{step.transfer.accept_key}" both for taking and for declining a call.'
            )
            yield finding(
                subject.at("steps", name, "transfer", "accept_key"), "key-clash", problem, "Change one of them."
            )


class _Asked:
    """One question of the flow under check."""

    def __init__(self, subject: Subject, name: str, question: Question) -> None:
        self.subject, self.name, self.question = subject, name, question
        self.settings = settings_of(question, subject.flow)
        self.answers = answers_of(question)
        self.path: Path = ("steps", name, subject.flow.steps[name].kind)

    def _at(self, *path: str | int) -> Path:
        return (*self.path, *path)

    def _answer(self, name: str, *path: str | int) -> Path:
        return self._at(*answer_path(self.question, name), *path)

    def _issue(self, path: Path, code: str, problem: str, remedy: str) -> Finding:
        return finding(self.subject.at(*path), code, f'step "{self.name}" {problem}', remedy)

    def silence(self) -> Iterator[Finding]:
        flow, question = self.subject.flow, self.question
        for event, code, meaning in (
            ("noinput", "no-silence-branch", "the callee is silent"),
            ("nomatch", "no-nomatch-branch", "an answer is not understood"),
        ):
            own = getattr(question, event)
            if not (own and (own.say or own.next)) and not getattr(flow, event):
                remedy = f"Add `{event}: ...` to the question or to the flow."
                yield self._issue(self.path, code, f"does not say what happens when {meaning}.", remedy)
        if not question.exhausted and not flow.exhausted:
            remedy = "Add `exhausted: ...` to the question or to the flow."
            yield self._issue(self.path, "no-exhausted-branch", "leads nowhere when its attempts are used up.", remedy)

    def answerable(self) -> Iterator[Finding]:
        if not self.answers and not isinstance(self.question, Collect):
            yield self._issue(self.path, "unanswerable", "asks, and has no answers.", "Add `answers: ...`.")
        for name, answer in self.answers.items():
            by_keys = bool(answer.keys) and self.settings.input != "speech"
            by_words = bool(answer.hear or answer.phrases) and self.settings.input != "keys"
            if not by_keys and not by_words:
                only = f" (input is {self.settings.input})" if self.settings.input != "both" else ""
                problem = f'has the answer "{name}", which nobody can give{only}.'
                yield self._issue(self._answer(name), "unanswerable", problem, "Add `keys`, `hear` or `phrases`.")

    def keys(self) -> Iterator[Finding]:
        keyed = [(key, name) for name, answer in self.answers.items() for key in answer.keys]
        for key, name in keyed:
            yield from self._taken(key, name)
        for (key, name), (other_key, other) in combinations(keyed, 2):
            if key == other_key:
                problem = f'has the key "{key}" for "{name}" and for "{other}".'
                yield self._issue(
                    self._answer(other, "keys"), "key-clash", problem, "Give each answer keys of its own."
                )
            elif self.question.settings.finish_key is None and _prefixed(key, other_key):
                short, long = sorted((key, other_key), key=len)
                problem = f'has the keys "{short}" and "{long}": after {short} it must wait whether more is coming.'
                remedy = "Use keys of one length, or set `finish_key` in the question's `settings` and name it."
                yield self._issue(self._answer(other, "keys"), "key-prefix", problem, remedy)

    def _taken(self, key: str, name: str) -> Iterator[Finding]:
        """Keys that an answer cannot have, because they mean something else."""
        path = self._answer(name, "keys")
        if self.subject.opt_out_key in key:
            problem = f'has the key "{key}" for "{name}", and {self.subject.opt_out_key} is the key that opts out.'
            yield self._issue(path, "opt-out-key", problem, "Use another key.")
        if self.settings.finish_key and self.settings.finish_key in key:
            problem = (
                f'has the key "{key}" for "{name}", and {self.settings.finish_key} is the key that ends the input.'
            )
            remedy = 'Use another key, or write `finish_key: ""` in the question\'s `settings`.'
            yield self._issue(path, "key-clash", problem, remedy)
        for intent, always in self.subject.flow.anytime.items():
            if key in always.keys:
                problem = f'has the key "{key}" for "{name}", and at any time it means "{intent}".'
                yield self._issue(path, "key-clash", problem, "Use another key.")

    def values(self) -> Iterator[Finding]:
        question = self.question
        if not isinstance(question, Collect) or question.type not in KEYED_VALUES:
            return
        for name, answer in self.answers.items():
            for key in answer.keys:
                if key.isdigit() and question.length in (None, len(key)):
                    problem = f'has the key "{key}" for "{name}", and {key} may also be the {question.type} asked for.'
                    remedy = "Use #, or no key." if question.type != "digits" else "Use another `length`, or no key."
                    yield self._issue(self._answer(name, "keys"), "key-clash", problem, remedy)

    def words(self) -> Iterator[Finding]:
        heard: dict[str, str] = {}
        for name, answer in self.answers.items():
            for word in _words(answer):
                if word in heard and heard[word] != name:
                    problem = f'listens for "{word}" both as "{heard[word]}" and as "{name}".'
                    remedy = "Leave it to one of them."
                    yield self._issue(self._answer(name), "heard-twice", problem, remedy)
                heard.setdefault(word, name)
            if "opt_out" in answer.hear:
                problem = f'has the answer "{name}" for opting out, which ends the call before any answer counts.'
                yield self._issue(self._answer(name, "hear"), "opt-out-answer", problem, "Remove opt_out from `hear`.")


def _words(answer: Answer) -> Iterator[str]:
    yield from answer.hear
    for phrases in answer.phrases.values():
        yield from (phrase.casefold().strip() for phrase in phrases)


def _prefixed(key: str, other: str) -> bool:
    return key.startswith(other) or other.startswith(key)


def _anytime_keys(subject: Subject) -> Iterator[Finding]:
    """Keys of `anytime`: each means one thing, and none opts out by mistake. Opting out itself says, and no more."""
    meanings: dict[str, str] = {}
    for intent, always in subject.flow.anytime.items():
        place = subject.at("anytime", intent)
        for key in always.keys:
            if key == subject.opt_out_key:
                yield finding(place, "opt-out-key", f'"{intent}" has the key that opts out.', "Use another key.")
            elif key in meanings:
                problem = f'the key "{key}" means "{meanings[key]}" and "{intent}" at any time.'
                yield finding(place, "key-clash", problem, "Give each a key of its own.")
            meanings.setdefault(key, intent)
        if intent == "opt_out" and always.model_fields_set - {"say"}:
            problem = "opting out ends the call at once: `opt_out` can have no more than `say`."
            yield finding(place, "opt-out-answer", problem, "Remove the rest.")
