"""The value that fills a slot."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

SlotKind = Literal["digits", "number", "rating", "date", "time", "datetime", "money", "phone", "text", "name"]


TOO_LARGE = 10**15
"""No number or amount that is asked for; below it, a float keeps every whole number and cent."""


@dataclass(frozen=True)
class SlotValue:
    """What a caller answered, in one written form per kind.

    `value` is plain decimal text (number), 0 to 10 (rating), `YYYY-MM-DD` (date), `HH:MM` (time),
    `YYYY-MM-DDTHH:MM` in the callee's own zone (datetime), an amount and, where it was said, an ISO 4217
    code: `49.50 USD` (money), digits exactly as read, after a `+` where one was said (digits, phone), or the
    trimmed words (text, name). `text` is the span of the utterance that was read so, or the keys pressed.

    A range (date, time, datetime) has its beginning in `value` and its end in `until`: "between two and four". Where
    only the end was said ("before noon") both are that end; where only the beginning was ("after five"), `until` is
    empty as it is for a single value.
    """

    kind: SlotKind
    value: str
    text: str
    until: str = ""


@dataclass(frozen=True)
class Money:
    """An amount and its ISO 4217 code, empty where no currency was said."""

    amount: Decimal
    currency: str = ""

    def __str__(self) -> str:
        return f"{amount_text(self.amount)} {self.currency}".rstrip()


def decimal_text(value: Decimal) -> str:
    """Plain decimal text without exponent or trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def amount_text(amount: Decimal) -> str:
    """An amount as it is written: whole, or with two places."""
    whole = decimal_text(amount)
    return format(amount.quantize(Decimal("0.01")), "f") if "." in whole else whole
