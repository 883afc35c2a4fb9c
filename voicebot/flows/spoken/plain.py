"""Values as they are written, for a language that has no spoken forms of its own: its voice reads the figures."""

from __future__ import annotations

from voicebot.flows.spoken.values import (
    as_date,
    as_digits,
    as_key,
    as_moment,
    as_money,
    as_number,
    as_time,
    as_whole,
    grouped,
)
from voicebot.nlu.slots.value import amount_text, decimal_text

USUAL_CURRENCY = "USD"


def number(value: object) -> str:
    """`105.50` -> "105.5". Raises ValueError."""
    return decimal_text(as_number(value))


def ordinal(value: object) -> str:
    """`22` -> "22". Raises ValueError."""
    return str(as_whole(value))


def money(value: object, currency: str | None = None) -> str:
    """`49.5` -> "49.50 USD". Raises ValueError."""
    amount, code = as_money(value, currency, USUAL_CURRENCY)
    return f"{amount_text(amount)} {code}"


def day(value: object, year: bool = False) -> str:
    """`2026-03-03` -> "2026-03-03": with its year always, so that day and month are not mixed up. Raises ValueError."""
    return as_date(value).isoformat()


def hour(value: object) -> str:
    """`15:30` -> "15:30". Raises ValueError."""
    return f"{as_time(value):%H:%M}"


def moment(value: object, year: bool = False) -> str:
    """`2026-03-03T15:30` -> "2026-03-03, 15:30". Raises ValueError."""
    exact = as_moment(value)
    return f"{day(exact)}, {hour(exact)}"


def digits(value: object, group: int = 3) -> str:
    """`4719` -> "4 7 1, 9". Raises ValueError."""
    return ", ".join(" ".join(one) for one in grouped(as_digits(value), [max(group, 1)]))


def phone(value: object) -> str:
    """`+14155550132` -> "+1 4 1, 5 5 5, ...". Raises ValueError."""
    return f"{'+' if str(value).strip().startswith('+') else ''}{digits(value)}"


def key(value: object) -> str:
    """`*` -> "*". Raises ValueError."""
    return as_key(value)
