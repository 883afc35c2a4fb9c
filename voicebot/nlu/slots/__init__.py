"""Slots: the one value that an utterance, or the keys pressed, give in answer to a question.

Nothing is guessed: where nothing was said, or two things side by side, there is no value.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from .choice import choose
from .grammar import GRAMMARS, Grammar
from .heard import Found, Heard
from .keys import parse_keys
from .names import find_name
from .value import SlotKind, SlotValue, decimal_text
from .when import find_date, find_moment, find_time

__all__ = ["SlotKind", "SlotValue", "parse_keys", "parse_slot"]

PHONE_DIGITS = range(7, 16)
"""How long a telephone number is, without its `+`; ITU-T E.164 allows 15 digits."""


def parse_slot(kind: SlotKind, text: str, language: str, reference: datetime) -> SlotValue | None:
    """The value of `kind` in an utterance, or None where it holds none that can be relied on.

    `language` is `en` or `zh`; `reference` is the callee's local time now, which "tomorrow" counts from.
    Raises KeyError for a language that has no grammar.
    """
    if kind in {"text", "name"}:
        words = text.strip() if kind == "text" else find_name(text, language)
        return SlotValue(kind, words, words) if words else None
    grammar = GRAMMARS[language]
    heard = grammar.hear(text)
    found = _find(kind, heard, grammar, reference)
    return SlotValue(kind, found.value, heard.words(found.start, found.end)) if found else None


def _find(kind: SlotKind, heard: Heard, grammar: Grammar, now: datetime) -> Found[str] | None:
    if kind == "date":
        day = find_date(heard, grammar, now)
        return day and Found(day.value.isoformat(), day.start, day.end)
    if kind == "time":
        hour = find_time(heard, grammar, now)
        return hour and Found(f"{hour.value:%H:%M}", hour.start, hour.end)
    if kind == "datetime":
        moment = find_moment(heard, grammar, now)
        return moment and Found(f"{moment.value:%Y-%m-%dT%H:%M}", moment.start, moment.end)
    if kind == "money":
        money = choose(grammar.money(heard.text), heard, grammar.manners)
        return money and Found(str(money.value), money.start, money.end)
    if kind in {"number", "rating"}:
        return _find_number(kind, heard, grammar)
    return _find_digits(kind, heard, grammar)


def _find_number(kind: SlotKind, heard: Heard, grammar: Grammar) -> Found[str] | None:
    candidates = grammar.ratings if kind == "rating" else grammar.numbers
    number = choose(candidates(heard.text), heard, grammar.manners)
    if number is None or (kind == "rating" and number.value not in map(Decimal, range(11))):
        return None
    return Found(decimal_text(number.value), number.start, number.end)


def _find_digits(kind: SlotKind, heard: Heard, grammar: Grammar) -> Found[str] | None:
    digits = choose(grammar.digits(heard.text), heard, grammar.manners)
    if digits is None or (kind == "phone" and len(digits.value.lstrip("+")) not in PHONE_DIGITS):
        return None
    return digits
