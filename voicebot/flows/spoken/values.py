"""What the spoken forms accept, brought to one type each, or told apart with a clear sentence."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

LARGEST = Decimal(10) ** 12
"""Numbers are read aloud below this; nobody understands a longer one by ear."""


def as_number(value: object) -> Decimal:
    """A finite number below `LARGEST`, from a number or its plain decimal text. Raises ValueError."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"cannot read {value!r} aloud as a number; it should look like 49 or 49.50") from None
    if not number.is_finite() or abs(number) >= LARGEST:
        raise ValueError(f"cannot read {value!r} aloud as a number; it is too large")
    return number


def as_whole(value: object) -> int:
    """A whole number that is not negative. Raises ValueError."""
    number = as_number(value)
    if number != int(number) or number < 0:
        raise ValueError(f"cannot read {value!r} aloud as an ordinal; it should be a whole number such as 3")
    return int(number)


def as_money(value: object, currency: str | None, usual: str) -> tuple[Decimal, str]:
    """An amount of at most two decimal places and its currency's code.

    The code is `currency`, else the one in the value (`49.50 EUR`), else `usual`. Raises ValueError.
    """
    amount, _, code = str(value).strip().partition(" ")
    code = (currency or code.strip() or usual).upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"{code!r} is no currency code; it should have three letters, such as USD")
    try:
        number = as_number(amount)
    except ValueError:
        raise ValueError(f"cannot read {value!r} aloud as money; it should look like 49.50 or 49.50 USD") from None
    if number != number.quantize(Decimal("0.01")):
        raise ValueError(f"cannot read {value!r} aloud as money; it has more than two decimal places")
    return number, code


def as_date(value: object) -> date:
    """A date, from a date or its text `YYYY-MM-DD`. Raises ValueError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"cannot read {value!r} aloud as a date; it should look like 2026-03-03") from None


def as_time(value: object) -> time:
    """A time of day, from a time or its text `HH:MM`. Raises ValueError."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f"cannot read {value!r} aloud as a time; it should look like 15:30") from None


def as_moment(value: object) -> datetime:
    """A moment, from a datetime or its text `YYYY-MM-DDTHH:MM`. Raises ValueError."""
    if isinstance(value, datetime):
        return value
    text = str(value).strip()
    try:
        if "T" in text or " " in text:
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"cannot read {value!r} aloud as a date and time; it should look like 2026-03-03T15:30")


def as_digits(value: object) -> str:
    """The digits of a text, without the spaces and marks that people write between them. Raises ValueError."""
    text = re.sub(r"[\s().+/-]", "", str(value))
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"cannot read {value!r} aloud as digits; it should hold digits only")
    return text


def as_key(value: object) -> str:
    """One key of a telephone. Raises ValueError."""
    text = str(value).strip()
    if len(text) != 1 or text not in "0123456789*#":
        raise ValueError(f"there is no key {value!r} on a telephone; it should be one of 0 to 9, * and #")
    return text


def grouped(digits: str, sizes: list[int]) -> list[str]:
    """The digits cut into groups of those sizes; the last size goes on to the end."""
    groups = []
    while digits:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        groups.append(digits[:size])
        digits = digits[size:]
    return groups
