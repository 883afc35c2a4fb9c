"""Recognition errors at a given rate: words lost, taken for others that sound like them, or heard twice.

An error depends on the seed, the word, when it was said and what the recognizer was told to expect, and on nothing
else: the same sound gives the same errors however it is cut up, and two recognizers on one caller err on their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import yaml

from voicebot.speech.recognizer import Word

KINDS = ("drop", "substitute", "double")
LIKENESS = 60
"""How alike, of 100, two words must be spelled to be taken for one another."""


@dataclass(frozen=True)
class Errors:
    """How often a word is misheard (0..1), in which ways, each as likely as the others, and the seed of chance."""

    rate: float = 0.0
    seed: int = 0
    kinds: tuple[str, ...] = KINDS


def misheard(word: Word, errors: Errors, expected: str, vocabulary: Sequence[str]) -> list[Word]:
    """The word as it is recognized: itself, another, none, or itself twice, each half as long.

    `expected` is the grammar's text, or empty; `vocabulary` is what the model knows, empty where it knows every word.
    """
    if errors.rate <= 0 or not errors.kinds:
        return [word]
    chance = _Chance(errors.seed, word.text, round(word.start, 2), expected)
    if chance.fraction("errs") >= errors.rate:
        return [word]
    kind = chance.choice("kind", errors.kinds)
    unsure = 0.3 + 0.4 * chance.fraction("confidence")
    if kind == "double":
        middle = (word.start + word.end) / 2
        return [replace(word, end=middle, confidence=unsure), replace(word, start=middle, confidence=unsure)]
    others = near(word.text, vocabulary) if kind == "substitute" else ()
    return [replace(word, text=chance.choice("other", others), confidence=unsure)] if others else []


def near(word: str, vocabulary: Sequence[str] = ()) -> tuple[str, ...]:
    """Words that sound like this one, best first; of `vocabulary` where there is one."""
    family = tuple(other for other in _families().get(word, ()) if other != word)
    if not vocabulary:
        return family
    known = tuple(other for other in family if other in vocabulary)
    return known or tuple(other for other in _alike(word, tuple(vocabulary)) if other != word)


@cache
def _alike(word: str, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  (only a misheard word pays for the import)

    found = process.extract(word, vocabulary, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=4)
    return tuple(other for other, _, _ in found)


@cache
def _families() -> dict[str, tuple[str, ...]]:
    text = (files(__package__) / "near.yaml").read_text(encoding="utf-8")
    return {word: tuple(family) for families in yaml.safe_load(text).values() for family in families for word in family}


class _Chance:
    def __init__(self, *key: object) -> None:
        self._key = repr(key)

    def fraction(self, name: str) -> float:
        digest = hashlib.blake2b(f"{self._key}/{name}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) / 2**64

    def choice(self, name: str, options: Sequence[str]) -> str:
        return options[int(self.fraction(name) * len(options))]
