"""The seam between whatever recognizes speech and the engine: every word a caller says goes through here.

A recognizer that runs with us is fed sound and speaks up when it has something; one that runs at the provider hands
over finished words. Both give the same value, an `Utterance`, and `heard` is the only way from it into an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from voicebot.errors import OutsideError
from voicebot.flows.events import Heard, Reading, TimedWord

READINGS = 10
"""The most readings of one utterance that are kept."""

LETTERS = 2000
"""The most characters of one reading that are kept: speech ends after 60 seconds, which is less than this."""

WORDS, WORD_LETTERS = 400, 200
"""The most words of one reading, and characters of one word, whose times are kept."""

UNKNOWN = "[unk]"
"""What a recognizer writes for a word it has no name for. It stands among the words, never in the text."""


class RecognizerError(OutsideError):
    """A recognizer, or the model or server behind it, is broken, lost, or not what it was taken for."""


@dataclass(frozen=True)
class Word:
    """One word, and when it was said: in seconds since its recognizer was made."""

    text: str
    start: float
    end: float
    confidence: float | None = None


@dataclass(frozen=True)
class Hypothesis:
    """One way to read an utterance. `confidence` is 0..1, None where the recognizer gives none."""

    text: str
    confidence: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Utterance:
    """What was said, best reading first; `final` is False while the caller still speaks.

    A partial utterance may cut a prompt short; it never decides anything.
    """

    readings: tuple[Hypothesis, ...]
    source: str
    final: bool = True


class Recognizer(Protocol):
    """Listens to one caller. It is not thread-safe and belongs to one worker at a time.

    Sound is 16-bit PCM, mono, little-endian, at `rate` samples a second. `feed` and `end_of_speech` raise
    RecognizerError when the recognizer is broken or lost; it cannot be used after that, only closed.
    """

    @property
    def source(self) -> str:
        """The recognizer's name, kept with every utterance."""
        ...

    @property
    def rate(self) -> int:
        """Samples per second that it wants: its engine's rate."""
        ...

    def feed(self, pcm: bytes) -> Utterance | None:
        """Take the next stretch of sound, best 0.1 to 0.5 seconds of it.

        A final utterance when the caller came to an end, a partial one when its words changed, None otherwise. No
        more than one end is looked for in one stretch: what is said after a pause within it joins what was before.
        """
        ...

    def end_of_speech(self) -> Utterance | None:
        """The caller is known to be silent: what was said since the last final utterance, if anything, as a final."""
        ...

    def reset(self) -> None:
        """Forget what was said since the last final utterance."""
        ...

    def close(self) -> None:
        """Give back what it holds. It may be called twice."""
        ...


class Engine(Protocol):
    """Makes recognizers; there is one in a process, and it is thread-safe."""

    @property
    def source(self) -> str:
        """The kind of recognizer: "vosk", "vosk-server" or "mock"."""
        ...

    @property
    def name(self) -> str:
        """Which model or server it is, for people to read."""
        ...

    @property
    def rate(self) -> int:
        """Samples per second that its recognizers want."""
        ...

    @property
    def dynamic(self) -> bool:
        """Whether it takes a grammar for each recognizer."""
        ...

    def open(self, grammar: tuple[str, ...] = ()) -> Recognizer:
        """A recognizer for one caller: of any words, or of phrases and whatever can be made of their words.

        Phrases with words that the model does not have are left out. Raises RecognizerError when none is left, when
        the engine takes no grammar, or when the recognizer cannot be had.
        """
        ...


def gathered(words: str, confidence: float | None) -> Utterance | None:
    """The utterance that the provider's own recognizer hands over when <Gather input="speech"> ends."""
    return Utterance((Hypothesis(words, confidence),), source="twilio") if words.strip() else None


def heard(utterance: Utterance, at: str) -> Heard | None:
    """The event of a finished utterance; None for a partial one, or one in which no reading has words."""
    if not utterance.final:
        return None
    readings = [
        Reading(text=reading.text.strip()[:LETTERS], confidence=_bounded(reading.confidence), words=_timed(reading))
        for reading in utterance.readings
        if reading.text.strip()
    ]
    return Heard(at=at, readings=tuple(readings[:READINGS]), source=utterance.source) if readings else None


def _timed(reading: Hypothesis) -> tuple[TimedWord, ...]:
    """Its words, to the millisecond."""
    return tuple(
        TimedWord(
            text=word.text[:WORD_LETTERS],
            start=round(word.start, 3),
            end=round(word.end, 3),
            confidence=None if word.confidence is None else round(word.confidence, 3),
        )
        for word in reading.words[:WORDS]
    )


def _bounded(confidence: float | None) -> float | None:
    return None if confidence is None else min(max(confidence, 0.0), 1.0)
