"""What a mock model is: a folder with a `mock.yaml` that says what it knows, where its words come from, how it errs."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from voicebot.speech.mock.decoder import EndRules
from voicebot.speech.mock.mishearing import KINDS, Errors
from voicebot.speech.mock.sources import Carried, Source, Tabled, Timed
from voicebot.speech.recognizer import UNKNOWN, Word

FILE = "mock.yaml"
EPSILON = "<eps>"
"""The name of no word: its number is 0, and in a grammar it ends the process."""

HEARS = ("carrier", "table", "timed")


class ScriptError(ValueError):
    """A mock model that cannot be read; its text says why."""


@dataclass(frozen=True)
class Script:
    """A mock model."""

    hears: str = "carrier"
    """Where words come from: "carrier" (the sound carries them), "table" (`table`), "timed" (`timed`)."""
    rate: int = 16000
    """Samples per second of the model; sound of a lower rate is refused, unless `upsample`."""
    upsample: bool = False
    dynamic: bool = True
    """Whether it takes a grammar."""
    vocabulary: tuple[str, ...] = ()
    """The words that it knows; every word where there are none."""
    table: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By fingerprint of a sound: its words."""
    timed: tuple[Word, ...] = ()
    """Words at times, in seconds since the recognizer was made."""
    errors: Errors = field(default_factory=Errors)
    endpoint: EndRules = field(default_factory=EndRules)

    def source(self, rate: int) -> Source:
        """Where the words of one recognizer come from, at the rate of its sound."""
        if self.hears == "table":
            return Tabled(rate, self.table)
        return Timed(rate, self.timed) if self.hears == "timed" else Carried(rate)

    def number(self, word: str) -> int:
        """A word's number; -1 for one that the model does not know, 0 for the word that is none."""
        if word == EPSILON:
            return 0
        if self.vocabulary:
            return self.vocabulary.index(word) + 1 if word in self.vocabulary else -1
        return 1 + zlib.crc32(word.encode()) % 2**30 if word and word.isprintable() and " " not in word else -1

    def knows(self, word: str) -> bool:
        """Whether the model has a word, or the word that is none."""
        return self.number(word) >= 0

    @property
    def unknown(self) -> bool:
        """Whether words that it does not know can be told as such."""
        return self.knows(UNKNOWN)


def load(folder: Path) -> Script:
    """The mock model in a folder. Raises ScriptError, or OSError when there is none."""
    try:
        given = yaml.safe_load((folder / FILE).read_text(encoding="utf-8")) or {}
        return _script(given)
    except (yaml.YAMLError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise ScriptError(f"{folder / FILE}: {error}") from error


def _script(given: dict[str, Any]) -> Script:
    unknown = set(given) - {each.name for each in fields(Script)}
    if unknown:
        raise ScriptError(f"no such setting: {', '.join(sorted(unknown))}")
    if given.get("hears", "carrier") not in HEARS:
        raise ScriptError(f"hears is one of {', '.join(HEARS)}")
    shaped = dict(given)
    if "vocabulary" in given:
        shaped["vocabulary"] = tuple(map(str, given["vocabulary"] or ()))
    if "table" in given:
        shaped["table"] = {key: tuple(text.split()) for key, text in given["table"].items()}
    if "timed" in given:
        shaped["timed"] = tuple(Word(str(text), float(start), float(end)) for text, start, end in given["timed"])
    if "errors" in given:
        shaped["errors"] = Errors(**given["errors"] | {"kinds": tuple(given["errors"].get("kinds", KINDS))})
    if "endpoint" in given:
        shaped["endpoint"] = EndRules(**given["endpoint"])
    return Script(**shaped)
