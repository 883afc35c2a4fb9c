"""Sentences that a language's own templates describe: what callers of a rehearsal say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from voicebot.nlu.language_data import LanguageData
from voicebot.nlu.templates import Choice, Expression, Gap, Sequence, Word

OF_A_TEMPLATE = 4
"""Sentences made of one template: its alternatives are gone through until there are so many."""


@lru_cache(maxsize=256)
def samples(language: LanguageData, intent: str) -> tuple[str, ...]:
    """Sentences for an intent, a few of each of its templates; none where the language has no template for it."""
    found = (
        _joined(words)
        for template in language.templates
        if template.intent == intent
        for words in islice(_worded(template.expression), OF_A_TEMPLATE)
    )
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def _worded(expression: Expression) -> Iterator[tuple[str, ...]]:
    """Ways to word an expression; the gaps are left empty. Every alternative is used at least once."""
    match expression:
        case Word(text):
            yield (text,)
        case Gap():
            yield ()
        case Choice(parts):
            for part in parts:
                yield from islice(_worded(part), 1)
        case Sequence(parts):
            yield from _in_step([list(_worded(part)) for part in parts])


def _in_step(parts: list[list[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """The parts side by side, each going through its own wordings, until the longest has gone through all."""
    for turn in range(max((len(part) for part in parts), default=1)):
        yield tuple(word for part in parts for word in part[turn % len(part)])


def _joined(words: tuple[str, ...]) -> str:
    spaced = all(word.isascii() for word in words)
    return (" " if spaced else "").join(words)
