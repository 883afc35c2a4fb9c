"""Slots: the one value that an utterance, or the keys pressed, give in answer to a question.

Nothing is guessed: where nothing was said, or two things side by side, there is no value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from voicebot.nlu.slots.grammar import GRAMMARS
from voicebot.nlu.slots.heard import Found
from voicebot.nlu.slots.keys import parse_keys
from voicebot.nlu.slots.names import find_name
from voicebot.nlu.slots.utterance import Utterance
from voicebot.nlu.slots.value import TOO_LARGE, SlotKind, SlotValue, decimal_text
from voicebot.nlu.slots.when import find_date, find_moment, find_time

__all__ = ["SlotKind", "SlotValue", "parse_keys", "parse_slot", "parse_slots"]

T = TypeVar("T")

RATINGS = frozenset(map(Decimal, range(11)))
"""The marks that are understood; a flow's own rules narrow them."""

PHONE_DIGITS = range(7, 16)
"""How long a telephone number is, without its `+`; ITU-T E.164 allows 15 digits."""

LONGEST = 500
"""Characters of an utterance that values are looked for in, as heard and with its numbers in figures: time is bounded.

A longer one is a speech, in which nothing tells the value that was asked for from all the others.
"""


def parse_slot(kind: SlotKind, text: str, language: str, reference: datetime) -> SlotValue | None:
    """The value of `kind` in an utterance, or None where it holds none that can be relied on.

    `language` is the name of a language's data (`en`); `reference` is the callee's local time now, which "tomorrow"
    counts from. In a language without a grammar only text can be said; values are keyed there.
    """
    return next(parse_slots((kind,), text, language, reference), None)


def parse_slots(kinds: Sequence[SlotKind], text: str, language: str, reference: datetime) -> Iterator[SlotValue]:
    """The values of several kinds, in their order, out of one reading of the utterance; see `parse_slot`."""
    said = _utterance(text, language, reference)
    for kind in kinds:
        if kind in {"text", "name"}:
            words = text.strip() if kind == "text" else find_name(text, language) if len(text) <= LONGEST else ""
            found = SlotValue(kind, words, words) if words else None
        else:
            found = _value(kind, said) if said else None
        if found:
            yield found


def _utterance(text: str, language: str, now: datetime) -> Utterance | None:
    grammar = GRAMMARS.get(language)
    if grammar is None or len(text) > LONGEST:
        return None
    heard = grammar.hear(text)
    return Utterance(heard, grammar, now) if len(heard.text) <= LONGEST else None


def _value(kind: SlotKind, said: Utterance) -> SlotValue | None:
    found = _find(kind, said)
    if found is None:
        return None
    return SlotValue(kind, found.value, said.heard.words(found.start, found.end), found.until or "")


def _find(kind: SlotKind, said: Utterance) -> Found[str] | None:
    text, grammar = said.heard.text, said.grammar
    if kind == "date":
        return _written(find_date(said), lambda day: day.isoformat())
    if kind == "time":
        return _written(find_time(said), lambda hour: f"{hour:%H:%M}")
    if kind == "datetime":
        return _written(find_moment(said), lambda moment: f"{moment:%Y-%m-%dT%H:%M}")
    if kind == "money":
        money = said.chosen(grammar.money(text))
        return _written(money, str) if money and abs(money.value.amount) < TOO_LARGE else None
    if kind == "number":
        number = said.chosen(grammar.numbers(text))
        return _written(number, decimal_text) if number and abs(number.value) < TOO_LARGE else None
    if kind == "rating":
        rating = said.chosen(grammar.ratings(text))
        return _written(rating, decimal_text) if rating and rating.value in RATINGS else None
    return _find_digits(kind, said)


def _written(found: Found[T] | None, write: Callable[[T], str]) -> Found[str] | None:
    if found is None:
        return None
    until = write(found.until) if found.until is not None else None
    return Found(write(found.value), found.start, found.end, until=until)


def _find_digits(kind: SlotKind, said: Utterance) -> Found[str] | None:
    runs = _resumed(said.grammar.digits(said.heard.text), said)
    digits = said.chosen(runs)
    if digits is None or digits.rank < max(each.rank for each in runs):
        return None  # a correction of part of what was read out leaves open which part
    if kind == "phone" and len(digits.value.lstrip("+")) not in PHONE_DIGITS:
        return None
    return digits


def _resumed(runs: list[Found[str]], said: Utterance) -> list[Found[str]]:
    """The runs, and what they make where one was taken back from some digit on: `7 9 4 6, no, 7 9 4 7 0 1`."""
    whole: list[Found[str]] = []
    for each in runs:
        last = whole[-1] if whole else None
        taken_back = last and said.grammar.manners.correction.search(said.heard.text, last.end, each.start)
        mended = _mended(last.value, each.value) if last and taken_back else ""
        if last and mended:
            whole[-1] = Found(mended, last.start, each.end, rank=len(mended))
        else:
            whole.append(each)
    return whole


def _mended(first: str, second: str) -> str:
    """`first` with `second` in place of its end, where that begins with the same two digits but goes on otherwise."""
    alike, at = max(((_alike(first[at:], second), at) for at in range(len(first))), key=lambda each: each[0])
    goes_on = len(first) - at - alike
    return f"{first[:at]}{second}" if at and alike >= 2 and 0 < goes_on <= len(second) - alike else ""


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
                min(len(one), len(other)))  # fmt: skip
