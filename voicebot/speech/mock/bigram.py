"""The language model that the library makes of a grammar: which words it has, and what ending after one costs.

It counts words and pairs of words (order 2, discount 0.5, backing off), so that any words of the phrases can follow
one another; a phrase is likelier, no more.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable

DISCOUNT = 0.5
END = ""


class NotAnArrayError(ValueError):
    """The text is no JSON array, or an empty one: the library goes on without a graph and the process dies."""


class NotStringsError(ValueError):
    """An element of the array is no text: the library reports an error."""


def phrases(text: str) -> list[str]:
    """The phrases of a grammar's JSON text, read as the library reads it: \\u stays as it is, a tail is ignored."""
    literal = re.sub(r"(?<!\\)((?:\\\\)*)\\u", r"\1\\\\u", text).strip()
    try:
        found, _ = json.JSONDecoder(strict=False).raw_decode(literal)
    except ValueError as error:
        raise NotAnArrayError(text) from error
    if not isinstance(found, list) or not found:
        raise NotAnArrayError(text)
    if not all(isinstance(phrase, str) for phrase in found):
        raise NotStringsError(text)
    return found


class Bigram:
    """Counts of a grammar's words; words for which `known` is false are dropped and told to `dropped`."""

    def __init__(self, given: Iterable[str], known: Callable[[str], bool], dropped: Callable[[str], None]) -> None:
        self._after: dict[str, Counter[str]] = {}
        for phrase in given:
            words = phrase.split(" ")
            for word in words:
                if not known(word):
                    dropped(word)
            self._count([word for word in words if known(word)])
        self._any: Counter[str] = Counter()
        for following in self._after.values():
            self._any.update(following)
        self.words = frozenset(self._any) - {END}

    def _count(self, words: list[str]) -> None:
        for before, word in zip(["", *words], [*words, END], strict=True):
            self._after.setdefault(before, Counter())[word] += 1

    def ending(self, word: str) -> float:
        """What it costs to end after `word` rather than go on, in natural logarithms; 0 with no word."""
        if not word or word not in self._after:
            return 0.0
        direct = _cost(self._after[word])
        return min(direct, -math.log(1 - DISCOUNT) + _cost(self._any))


def _cost(counts: Counter[str]) -> float:
    return -math.log(DISCOUNT * counts[END] / counts.total()) if counts[END] else math.inf
