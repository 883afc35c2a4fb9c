"""The recognizers on one line: sound in at the line's rate, the words of the utterance that is going on out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from voicebot.speech.audio import Samples
from voicebot.speech.audio.resample import Upsampler
from voicebot.speech.recognizer import READINGS, UNKNOWN, Engine, Hypothesis, Recognizer, Utterance, Word

log = logging.getLogger("voicebot.speech")

Answer = TypeVar("Answer")

LINE_RATE = 8000


class Track:
    """Keeps what a recognizer says to be final until the utterance really is over, and tells words by the line's time.

    Every method may raise RecognizerError.
    """

    def __init__(self, recognizer: Recognizer, began: int) -> None:
        """`began` is the moment of the line (ms) at which the recognizer begins to listen."""
        self._recognizer = recognizer
        self._shift = began
        self._finals: list[Utterance] = []
        self._partial = ""

    @property
    def words(self) -> str:
        """What was said so far, as far as it is known."""
        return " ".join(filter(None, (*(final.readings[0].text for final in self._finals), self._partial)))

    def feed(self, pcm: bytes) -> bool:
        """Take the next sound, at the recognizer's rate; whether the words have changed."""
        before = self.words
        self._take(self._recognizer.feed(pcm))
        return self.words != before

    def skip(self, length: int) -> None:
        """The next `length` ms of the line are silence, and are not fed."""
        self._shift += length

    def end_of_speech(self) -> Utterance | None:
        """The caller has said it all: everything since the last time, as one."""
        self._take(self._recognizer.end_of_speech())
        finals, self._finals, self._partial = self._finals, [], ""
        return joined(finals)

    def close(self) -> None:
        """Give the recognizer back."""
        self._recognizer.close()

    def _take(self, heard: Utterance | None) -> None:
        if heard is None:
            return
        if not heard.final:
            self._partial = heard.readings[0].text if heard.readings else ""
            return
        self._partial = ""
        if any(reading.text.strip() for reading in heard.readings):
            readings = tuple(self._on_the_line(reading) for reading in heard.readings)
            self._finals.append(replace(heard, readings=readings))

    def _on_the_line(self, reading: Hypothesis) -> Hypothesis:
        shift = self._shift / 1000
        words = (replace(word, start=word.start + shift, end=word.end + shift) for word in reading.words)
        return replace(reading, words=tuple(words))


class Tracks:
    """The recognizers of one line in one language: one of any words and, for some questions, one of few."""

    def __init__(self, engine: Engine, language: str, began: int) -> None:
        """Raises RecognizerError when no recognizer can be had."""
        self.language = language
        self._engine = engine
        self._upsampler = Upsampler(LINE_RATE, engine.rate)
        self._open = Track(engine.open(), began)
        self._closed: Track | None = None
        self._grammar: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What was said so far, as far as it is known."""
        return self._open.words

    def feed(self, samples: Samples) -> bool:
        """Take the next sound; whether the words have changed. Raises RecognizerError."""
        pcm = self._upsampler.feed(samples).tobytes()
        self._ask_second(lambda second: second.feed(pcm))
        return self._open.feed(pcm)

    def skip(self, length: int) -> None:
        """The next `length` ms are silence, and are not fed."""
        self._open.skip(length)
        self._ask_second(lambda second: second.skip(length))

    def end_of_speech(self) -> Utterance | None:
        """What was said, by the recognizer of any words; what the other made of it comes last. May raise as it does."""
        second = self._ask_second(Track.end_of_speech)
        heard = self._open.end_of_speech()
        if heard is None or second is None:
            return heard
        known = {reading.text for reading in heard.readings}
        further = (reading for reading in second.readings[:1] if reading.text not in known and reading.text != UNKNOWN)
        return replace(heard, readings=(*heard.readings[: READINGS - 1], *further))

    def choose(self, grammar: tuple[str, ...], began: int) -> None:
        """From `began` (ms) on, have the second recognizer choose from these phrases; () for no second one."""
        wanted = grammar if self._engine.dynamic else ()
        if wanted == self._grammar:
            return
        self._dismiss_second()
        self._grammar = wanted
        if wanted:
            try:
                self._closed = Track(self._engine.open(wanted), began)
            except Exception as fault:
                log.warning("a second opinion cannot be had: %s", fault)

    def close(self) -> None:
        """Give the recognizers back."""
        self._dismiss_second()
        self._open.close()

    def _ask_second(self, ask: Callable[[Track], Answer]) -> Answer | None:
        """A second opinion that breaks is done without."""
        if self._closed is None:
            return None
        try:
            return ask(self._closed)
        except Exception as fault:
            log.warning("the second opinion is done without: %s", fault)
            self._dismiss_second()
            return None

    def _dismiss_second(self) -> None:
        if self._closed:
            self._closed.close()
        self._closed = None


def joined(finals: Sequence[Utterance]) -> Utterance | None:
    """Several finals as one utterance: the best readings in a row, then the second best, and so on; None for none."""
    if len(finals) < 2:
        return finals[0] if finals else None
    depth = min(max(len(final.readings) for final in finals), READINGS)
    rows = ([final.readings[min(place, len(final.readings) - 1)] for final in finals] for place in range(depth))
    return Utterance(tuple(dict.fromkeys(map(_in_a_row, rows))), finals[0].source)


def _in_a_row(readings: Sequence[Hypothesis]) -> Hypothesis:
    """One reading out of several; it is as doubtful as the most doubtful of them."""
    text = " ".join(reading.text.strip() for reading in readings if reading.text.strip())
    known = [reading.confidence for reading in readings if reading.confidence is not None]
    words: tuple[Word, ...] = tuple(word for reading in readings for word in reading.words)
    return Hypothesis(text, min(known, default=None), words)
