"""What was heard, rewritten so that rules can read it, with the way back to the caller's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Context = TypeVar("Context")

TAKEN = "\0"
"""Stands for every character that a rule has used up, so that no later rule reads it or across it."""


@dataclass(frozen=True)
class Heard:
    """One utterance: `source` as it was heard, `text` with its numbers written in figures."""

    source: str
    text: str
    origins: tuple[tuple[int, int], ...]
    """For each character of `text`, the start and end in `source` of what it was made from."""

    @classmethod
    def of(cls, source: str, pieces: Iterable[tuple[str, int, int]], between: str = "") -> Heard:
        """Join (rewritten, start, end) pieces, with `between` in the gaps."""
        text: list[str] = []
        origins: list[tuple[int, int]] = []
        for piece, start, end in pieces:
            if text and between:
                text.append(between)
                origins.append((start, start))
            text.append(piece)
            origins.extend([(start, end)] * len(piece))
        return cls(source, "".join(text), tuple(origins))

    def words(self, start: int, end: int) -> str:
        """The caller's own words behind `text[start:end]`."""
        if start >= end:
            return ""
        return self.source[self.origins[start][0] : self.origins[end - 1][1]].strip()


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value and where in `Heard.text` it stands. Of several, only those of the highest `rank` count.

    `until` is the end of a range that begins with `value`; where only the end was said ("before noon"), `value`.
    """

    value: T
    start: int
    end: int
    rank: int = 0
    until: T | None = None


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Context], T | None]]
"""A pattern and what it says. A match uses its words up even where it says nothing (30 February)."""


def rule(pattern: str, resolve: Callable[[re.Match[str], Context], T | None]) -> Rule[Context, T]:
    """A rule from the pattern's text."""
    return re.compile(pattern), resolve


def scan(rules: Sequence[Rule[Context, T]], text: str, context: Context) -> list[Found[T]]:
    """All that the rules find, in the order of the text; an earlier rule takes its words from a later one."""
    found: list[Found[T]] = []
    for pattern, resolve in rules:
        matches = list(pattern.finditer(text))
        for match in matches:
            value = resolve(match, context)
            if value is not None:
                found.append(Found(value, *match.span()))
        if matches:
            text = mask(text, (match.span() for match in matches))
    return sorted(found, key=lambda each: each.start)


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with the spans used up, at its old length."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = TAKEN * (end - start)
    return "".join(signs)


LOOK_BACK = 40
"""Characters before a value that can say something of it; they bound the work, whatever was said."""


def preceding(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """What the pattern, which ends with `$`, finds to end at `at`."""
    return pattern.search(text, max(0, at - LOOK_BACK), at)
