"""A made-up language for the tests of the ear: every word is a hum of its own loudness, and a recognizer of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from voicebot.speech.audio.g711 import encode_ulaw
from voicebot.speech.recognizer import Hypothesis, RecognizerError, Utterance, Word

RATE = 8000
FRAME = 160
QUIET = b"\xff" * FRAME
WORD_MS = 300
GAP_MS = 100

WORDS = [
    "yes", "no", "stop", "three", "four", "mhm", "press", "one", "to", "confirm", "please", "tuesday", "well", "seven",
]  # fmt: skip
LOUDNESS = [round(1500 * 1.23**place) for place in range(len(WORDS))]


def hum(loudness: int, ms: int) -> bytes:
    """A steady voice, in mu-law."""
    return encode_ulaw(np.resize(np.array([loudness, -loudness], np.int16), ms * RATE // 1000))


def say(words: str) -> bytes:
    """Words with gaps between them, in mu-law."""
    gap = b"\xff" * (GAP_MS * 8)
    return gap.join(hum(LOUDNESS[WORDS.index(word)], WORD_MS) for word in words.split())


def silence(ms: int) -> bytes:
    return b"\xff" * (ms * 8)


def noise(ms: int, loudness: int = 60) -> bytes:
    """The hiss of a line."""
    random = np.random.default_rng(7)
    return encode_ulaw(random.normal(0, loudness, ms * 8).astype(np.int16))


@dataclass
class HumRecognizer:
    """Makes words out of hums. `own_pause`: ms of silence after which it says by itself that an utterance is over."""

    grammar: tuple[str, ...] = ()
    own_pause: int | None = None
    breaks_after: int | None = None
    source: str = "hum"
    rate: int = RATE
    fed: int = 0
    is_closed: bool = False
    _words: list[Word] = field(default_factory=list)
    _hum: tuple[int, int] | None = None
    _quiet: int = 0
    _told: str = ""
    _rest: bytes = b""

    def feed(self, pcm: bytes) -> Utterance | None:
        if self.is_closed:
            raise AssertionError("fed after it was closed")
        self._rest += pcm
        while len(self._rest) >= FRAME * 2:
            piece, self._rest = self._rest[: FRAME * 2], self._rest[FRAME * 2 :]
            self._frame(np.frombuffer(piece, np.int16))
        if self.breaks_after is not None and self.fed > self.breaks_after:
            raise RecognizerError("recognizer", "it is broken.")
        if self.own_pause is not None and self._words and self._quiet >= self.own_pause:
            return self.end_of_speech()
        text = " ".join(word.text for word in self._words)
        if text == self._told:
            return None
        self._told = text
        return Utterance((Hypothesis(text),), self.source, final=False)

    def _frame(self, samples: np.ndarray) -> None:
        start, self.fed = self.fed, self.fed + 20
        level = float(np.abs(samples.astype(np.int32)).mean())
        if level < LOUDNESS[0] * 0.9:
            self._quiet += 20
            self._finish_hum()
            return
        self._quiet = 0
        nearest = min(range(len(WORDS)), key=lambda place: abs(LOUDNESS[place] - level))
        self._hum = (nearest, self._hum[1] if self._hum else start)

    def _finish_hum(self) -> None:
        if self._hum is None:
            return
        text, start, end = WORDS[self._hum[0]], self._hum[1] / 1000, (self.fed - 20) / 1000
        self._hum = None
        if not self.grammar or text in self.grammar:
            self._words.append(Word(text, start, end, 0.9))

    def end_of_speech(self) -> Utterance | None:
        self._finish_hum()
        words, self._words, self._told = tuple(self._words), [], ""
        text = " ".join(word.text for word in words)
        return Utterance((Hypothesis(text, 0.9, words),), self.source) if words else None

    def reset(self) -> None:
        self._words, self._hum, self._told = [], None, ""

    def close(self) -> None:
        self.is_closed = True


@dataclass
class HumEngine:
    """Makes such recognizers, and keeps them to be looked at."""

    own_pause: int | None = None
    breaks_after: int | None = None
    refuses: bool = False
    dynamic: bool = True
    source: str = "hum"
    name: str = "hums"
    rate: int = RATE
    made: list[HumRecognizer] = field(default_factory=list)

    def open(self, grammar: tuple[str, ...] = ()) -> HumRecognizer:
        if self.refuses:
            raise RecognizerError("recognizer", "it cannot be had.")
        self.made.append(HumRecognizer(grammar, self.own_pause, self.breaks_after))
        return self.made[-1]
