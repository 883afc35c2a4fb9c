"""Answers that can be taken for each other, or for something else, judged by the code that understands callers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from voicebot.flows.asking import answer_path, answers_of, settings_of
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Path
from voicebot.flows.reading import asked_of
from voicebot.flows.steps import Answer, Question
from voicebot.nlu.intents import OPT_OUT
from voicebot.nlu.language_data import LanguageData, language_data, language_text
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import Hypothesis, Understanding
from voicebot.nlu.meaning import Question as Asked
from voicebot.nlu.understand import understand


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    for name, step in subject.flow.steps.items():
        if step.question and settings_of(step.question, subject.flow).input != "keys":
            for language in subject.flow.languages:
                yield from _Listening(subject, name, step.question, language).findings()


@dataclass(frozen=True)
class _Listening:
    """One question of the flow, listened to in one language."""

    subject: Subject
    step: str
    question: Question
    language: str

    def findings(self) -> Iterator[Finding]:
        answers = answers_of(self.question)
        said = Counter(phrase.casefold() for one in answers.values() for phrase in one.phrases.get(self.language, ()))
        for name, answer in answers.items():
            for index, phrase in enumerate(answer.phrases.get(self.language, ())):
                twice = said[phrase.casefold()] > 1  # told as such: see questions.py
                told = None if twice else self._judged(name, answer, phrase)
                if told:
                    code, problem, remedy = told
                    place = self.subject.at(*self._path(name, index))
                    yield finding(place, code, f'step "{self.step}": {problem} ({self.language}).', remedy)

    def _path(self, name: str, index: int) -> Path:
        kind = self.subject.flow.steps[self.step].kind
        return ("steps", self.step, kind, *answer_path(self.question, name), "phrases", self.language, index)

    def _judged(self, name: str, answer: Answer, phrase: str) -> tuple[str, str, str] | None:
        """What is wrong with a phrase of the answer `name`, if anything is."""
        asked = asked_of(self.question, self.subject.flow, self.language)
        meant = self._understood(phrase, asked)
        own = f'"{phrase}", which is to mean "{name}",'
        if OPT_OUT in (meant.intent, *(one.intent for one in meant.candidates[:2])):
            return "heard-as-opt-out", f"{own} is taken for opting out, which ends the call", "Use other words."
        if meant.option != name or meant.uncertain:
            if not meant.candidates:
                return "heard-elsewhere", f"{own} is not understood at all", "Use words that say something."
            others = [one for one in meant.candidates if one.option != name] or list(meant.candidates)
            code = "confusable" if others[0].option else "heard-elsewhere"
            return code, f'{own} is taken for "{others[0].option or others[0].intent}"', "Use other words."
        return self._alike(name, phrase, asked) or self._contrary(answer, phrase, asked, own)

    def _alike(self, name: str, phrase: str, asked: Asked) -> tuple[str, str, str] | None:
        """Whether a recognizer's slip turns the phrase into that of another answer."""
        others = replace(asked, options=tuple(option for option in asked.options if option.name != name))
        meant = self._understood(phrase, others)
        slipped = bool(meant.candidates) and "repair:" in meant.candidates[0].rule
        if not meant.option or meant.uncertain or not slipped:
            return None
        problem = f'"{phrase}", which is to mean "{name}", sounds like words of "{meant.option}"'
        return "confusable", problem, "Use words that differ more."

    def _contrary(self, answer: Answer, phrase: str, asked: Asked, own: str) -> tuple[str, str, str] | None:
        """Whether a phrase says yes where its answer hears no, or the other way round."""
        bare = replace(asked, options=tuple(replace(option, phrases=()) for option in asked.options))
        meant = self._understood(phrase, bare)
        contrary = {"yes": "no", "no": "yes"}.get(meant.intent)
        if meant.uncertain or contrary not in answer.hear:
            return None
        return "confusable", f"{own} says {meant.intent}, and the answer hears {contrary}", "Move it to another answer."

    def _understood(self, phrase: str, asked: Asked) -> Understanding:
        margin = settings_of(self.question, self.subject.flow).margin or 0.0
        return understand([Hypothesis(phrase)], self._data, asked, margin=margin)

    @property
    def _data(self) -> LanguageData:
        """Templates alone: what the voter makes of a few words out of nowhere convicts no author."""
        return language_data(language_text(LANGUAGES[self.language].data))
