"""Which of several values a caller stands by: not what was denied, and of a correction the last word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from voicebot.nlu.slots.heard import Found, Heard, preceding

T = TypeVar("T")


@dataclass(frozen=True)
class Manners:
    """How a language takes words back, as patterns over `Heard.text`."""

    correction: re.Pattern[str]
    """Stands between a slip and what was meant: "six no sorry seven"."""
    denied_before: re.Pattern[str]
    """Ends where a denied value begins: "not on friday"."""
    denied_after: re.Pattern[str]
    """Begins where a denied value ends: "friday is no good"."""
    alternative: re.Pattern[str]
    """All that stands between two values neither of which was chosen: "seven or eight"."""
    aside: re.Pattern[str]
    """A reason; values in it were not the answer: "monday because friday i am away"."""


def choose(found: Sequence[Found[T]], heard: Heard, manners: Manners) -> Found[T] | None:
    """The one value that was answered, or None where nothing stands or two stand side by side."""
    text = heard.text
    standing = [each for each in found if not _denied(each, text, manners)]
    asides = [match.span() for match in manners.aside.finditer(text)]
    meant = [each for each in standing if not any(start <= each.start < end for start, end in asides)]
    standing = meant or standing
    for start, end in reversed(_clauses(text, manners)):
        said = [each for each in standing if start <= each.start < end]
        if said:
            return _last(said, text, manners)
    return None


def _denied(found: Found[T], text: str, manners: Manners) -> bool:
    return bool(preceding(manners.denied_before, text, found.start) or manners.denied_after.match(text, found.end))


def _clauses(text: str, manners: Manners) -> list[tuple[int, int]]:
    marks = list(manners.correction.finditer(text))
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    return list(zip(starts, ends, strict=True))


def _last(said: list[Found[T]], text: str, manners: Manners) -> Found[T] | None:
    best = max(each.rank for each in said)
    for one, other in pairwise(said):
        beside = manners.alternative.fullmatch(text[one.end : other.start])
        if beside and one.value != other.value and best in {one.rank, other.rank}:
            return None
    return [each for each in said if each.rank == best][-1]
