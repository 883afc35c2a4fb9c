"""The seam between whatever recognizes speech and the engine: every word a caller says goes through here.

A recognizer that runs with us is fed audio and speaks up when it has something; one that runs at the provider hands
over finished words. Both give the same value, an `Utterance`, and `heard` is the only way from it into an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from voicebot.flows.events import Heard, Reading

READINGS = 10
"""The most readings of one utterance that are kept."""

LETTERS = 2000
"""The most characters of one reading that are kept: speech ends after 60 seconds, which is less than this."""


@dataclass(frozen=True)
class Hypothesis:
    """One way to read an utterance. `confidence` is 0..1, None where the recognizer gives none."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class Utterance:
    """What was said, best reading first; `final` is False while the caller still speaks.

    A partial utterance may cut a prompt short; it never decides anything.
    """

    readings: tuple[Hypothesis, ...]
    source: str
    final: bool = True


class Recognizer(Protocol):
    """Listens to one caller. It belongs to the process that receives the caller's audio."""

    @property
    def source(self) -> str:
        """The recognizer's name, kept with every utterance."""
        ...

    def feed(self, audio: bytes) -> Utterance | None:
        """Take the next stretch of sound (8 kHz mu-law, as the line delivers it); what it says so far, if anything."""
        ...

    def finish(self) -> Utterance | None:
        """The line is closed: the last words, if there are any."""
        ...


def gathered(words: str, confidence: float | None) -> Utterance | None:
    """The utterance that the provider's own recognizer hands over when <Gather input="speech"> ends."""
    return Utterance((Hypothesis(words, confidence),), source="twilio") if words.strip() else None


def heard(utterance: Utterance, at: str) -> Heard | None:
    """The event of a finished utterance; None for a partial one, or one in which no reading has words."""
    if not utterance.final:
        return None
    readings = [
        Reading(text=reading.text.strip()[:LETTERS], confidence=_bounded(reading.confidence))
        for reading in utterance.readings
        if reading.text.strip()
    ]
    return Heard(at=at, readings=tuple(readings[:READINGS]), source=utterance.source) if readings else None


def _bounded(confidence: float | None) -> float | None:
    return None if confidence is None else min(max(confidence, 0.0), 1.0)
