"""Who is held to the contract: the mock, and the library itself on the tiny model and on whatever model there is.

A subject says words in the sound that it understands: the library's model hears chords, the mock is told the times.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from tests.speech.tiny_model.words import CHORDS, chord, silence
from voicebot.speech import mock
from voicebot.speech.recognizer import Word

RATE = 8000
GIVEN_MODEL = os.environ.get("VOSK_MODEL_PATH", "")
WORD_SECONDS = 0.3


@dataclass(frozen=True)
class Subject:
    """A module with the face of `vosk`, and a model of it; `model` is None where the module makes one per case."""

    name: str
    vosk: ModuleType
    model: Any = None
    rate: int = RATE
    dynamic: bool = True

    def says(self, *parts: float | str, rate: int = 0, scripted: mock.Script | None = None) -> Case:
        """A case in which words are said and, where numbers stand, so many seconds of silence are kept."""
        rate = rate or self.rate
        sounds, timed, now = [], [], 0.0
        for part in parts:
            seconds = WORD_SECONDS if isinstance(part, str) else part
            sounds.append(chord(part, rate, seconds) if isinstance(part, str) else silence(seconds, rate))
            if isinstance(part, str):
                timed.append(Word(part, now, now + seconds))
            now += seconds
        script = mock.Script(
            hears="timed", rate=self.rate, vocabulary=tuple(CHORDS), timed=tuple(timed), dynamic=self.dynamic
        )
        model = self.model if self.model is not None else mock.scripted(script)
        return Case(self.vosk, model, np.concatenate(sounds).tobytes() if sounds else b"", rate)


@dataclass
class Case:
    """One sound, and recognizers to hear it."""

    vosk: ModuleType
    model: Any
    sound: bytes
    rate: int
    ends: list[int] = field(default_factory=list)

    def recognizer(self, *arguments: object) -> Any:
        """A fresh recognizer on the case's model."""
        return self.vosk.KaldiRecognizer(self.model, self.rate, *arguments)

    def pieces(self, seconds: float) -> Iterator[bytes]:
        """The sound in pieces of so many seconds."""
        size = 2 * round(seconds * self.rate)
        yield from (self.sound[begin : begin + size] for begin in range(0, len(self.sound), size))

    def seconds(self, begin: float, end: float | None = None) -> bytes:
        """A part of the sound."""
        first, last = (None if at is None else 2 * round(at * self.rate) for at in (begin, end))
        return self.sound[first:last]


def mocked(*, dynamic: bool = True) -> Subject:
    """The mock."""
    return Subject("the mock", mock, dynamic=dynamic)


def real(model: Path, name: str, rate: int = RATE, *, dynamic: bool = True) -> Subject:
    """The library on a model."""
    vosk = importlib.import_module("vosk")
    vosk.SetLogLevel(-1)
    return Subject(name, vosk, vosk.Model(str(model)), rate, dynamic)
