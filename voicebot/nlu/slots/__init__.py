"""Slots: the one value that an utterance, or the keys pressed, give in answer to a question.

Nothing is guessed: where nothing was said, or two things side by side, there is no value.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from voicebot.nlu.slots.choice import choose
from voicebot.nlu.slots.grammar import GRAMMARS, Grammar
from voicebot.nlu.slots.heard import Found, Heard
from voicebot.nlu.slots.keys import parse_keys
from voicebot.nlu.slots.names import find_name
from voicebot.nlu.slots.value import SlotKind, SlotValue, decimal_text
from voicebot.nlu.slots.when import find_date, find_moment, find_time

__all__ = ["SlotKind", "SlotValue", "parse_keys", "parse_slot"]

T = TypeVar("T")

RATINGS = frozenset(map(Decimal, range(11)))
"""The marks that are understood; a flow's own rules narrow them."""

PHONE_DIGITS = range(7, 16)
"""How long a telephone number is, without its `+`; ITU-T E.164 allows 15 digits."""

LONGEST = 300
"""Characters of an utterance that values are looked for in: no answer to a question is longer, and time is bounded."""


def parse_slot(kind: SlotKind, text: str, language: str, reference: datetime) -> SlotValue | None:
    """The value of `kind` in an utterance, or None where it holds none that can be relied on.

    `language` is the name of a language's data (`en`); `reference` is the callee's local time now, which "tomorrow"
    counts from. In a language without a grammar only text can be said; values are keyed there.
    """
    if kind in {"text", "name"}:
        words = text.strip() if kind == "text" else find_name(text, language)
        return SlotValue(kind, words, words) if words else None
    grammar = GRAMMARS.get(language)
    if grammar is None or len(text) > LONGEST:
        return None
    heard = grammar.hear(text)
    found = _find(kind, heard, grammar, reference)
    return SlotValue(kind, found.value, heard.words(found.start, found.end)) if found else None


def _find(kind: SlotKind, heard: Heard, grammar: Grammar, now: datetime) -> Found[str] | None:
    if kind == "date":
        return _written(find_date(heard, grammar, now), lambda day: day.isoformat())
    if kind == "time":
        return _written(find_time(heard, grammar, now), lambda hour: f"{hour:%H:%M}")
    if kind == "datetime":
        return _written(find_moment(heard, grammar, now), lambda moment: f"{moment:%Y-%m-%dT%H:%M}")
    if kind == "money":
        return _written(choose(grammar.money(heard.text), heard, grammar.manners), str)
    if kind == "number":
        return _written(choose(grammar.numbers(heard.text), heard, grammar.manners), decimal_text)
    if kind == "rating":
        return _find_rating(heard, grammar)
    return _find_digits(kind, heard, grammar)


def _written(found: Found[T] | None, write: Callable[[T], str]) -> Found[str] | None:
    return Found(write(found.value), found.start, found.end) if found else None


def _find_rating(heard: Heard, grammar: Grammar) -> Found[str] | None:
    rating = choose(grammar.ratings(heard.text), heard, grammar.manners)
    return _written(rating, decimal_text) if rating and rating.value in RATINGS else None


def _find_digits(kind: SlotKind, heard: Heard, grammar: Grammar) -> Found[str] | None:
    said = grammar.digits(heard.text)
    digits = choose(said, heard, grammar.manners)
    if digits is None or digits.rank < max(each.rank for each in said):
        return None  # a correction of part of what was read out leaves open which part
    if kind == "phone" and len(digits.value.lstrip("+")) not in PHONE_DIGITS:
        return None
    return digits
