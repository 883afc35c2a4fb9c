"""Other readings of an utterance, each a little less likely than the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from voicebot.speech.mock.mishearing import near
from voicebot.speech.mock.texts import Reading
from voicebot.speech.recognizer import Word

PER_FRAME = 8.0
"""Likelihood of a frame, of the size that the library reports."""

PER_CHANGE = 3.0
"""What one change costs."""


def readings(words: Sequence[Word], most: int, frames: int, vocabulary: Sequence[str]) -> list[Reading]:
    """Up to `most` readings: the words as they were heard, then with one word changed. Silence has one."""
    best = PER_FRAME * frames
    found = enumerate(islice(_variants(words, vocabulary), max(most, 0)))
    return [Reading(variant, best - PER_CHANGE * rank) for rank, variant in found]


def _variants(words: Sequence[Word], vocabulary: Sequence[str]) -> Iterator[tuple[Word, ...]]:
    yield tuple(words)
    unsure_first = sorted(range(len(words)), key=lambda place: words[place].confidence or 1.0)
    for place in unsure_first:
        for other in near(words[place].text, vocabulary):
            yield (*words[:place], replace(words[place], text=other), *words[place + 1 :])
    for place in unsure_first:
        middle = (words[place].start + words[place].end) / 2
        twice = (replace(words[place], end=middle), replace(words[place], start=middle))
        yield (*words[:place], *twice, *words[place + 1 :])
