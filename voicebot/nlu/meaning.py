"""The values that go into understanding and come out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

QuestionKind = Literal[
    "open", "yes_no", "choice", "digits", "number", "rating", "date", "time", "datetime", "money", "phone", "text"
]

UNIVERSAL_INTENTS = ("opt_out", "speak_to_agent", "repeat", "help", "back", "language")
"""Always listened for, whatever the question (the engine decides which of them a step leaves open)."""


@dataclass(frozen=True)
class Hypothesis:
    """One reading of an utterance by a recognizer. `confidence` is 0..1, None where none was given."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class Option:
    """One answer that a step listens for: by intents of the language, by phrases of the flow's author."""

    name: str
    intents: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What was asked, which is half of what an answer means."""

    kind: QuestionKind = "open"
    options: tuple[Option, ...] = ()
    intents: tuple[str, ...] = ()
    """Further intents that lead somewhere (universals, questions the flow answers)."""


@dataclass(frozen=True)
class Candidate:
    """One reading of the words. `score` is 0..1; `rule` says in a few words why (for --explain and the journal)."""

    intent: str
    score: float
    rule: str
    option: str | None = None


@dataclass(frozen=True)
class Understanding:
    """What was meant. `intent` is `none` when nothing was understood, which is an honest result.

    `uncertain`: two candidates are close, or the recognizer doubted its own words; `candidates` (best first)
    then holds both, and the flow asks. Where `opt_out` is the best reading it is never uncertain for lack of
    recognizer confidence alone unless another candidate is close.
    """

    intent: str
    score: float = 0.0
    option: str | None = None
    uncertain: bool = False
    candidates: tuple[Candidate, ...] = field(default=())
    text: str = ""
    """The hypothesis that was decided on, normalized."""
