"""What is said: prompts and conditions filled with the values of a call.

A fault of the flow, such as a name without a value, raises FlowFault with the place it was found at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from jinja2 import TemplateError, Undefined
from jinja2.exceptions import UndefinedError

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.flows.model import Flow, Need
from voicebot.flows.steps import Scalar
from voicebot.flows.templates import compiled, compiled_expression

BUILT_IN = ("caller", "opt_out_key", "callback_number", "now", "value")
"""Names that every template knows. `value` is the value under test in a rule; `now` is the callee's local time."""


class FlowFault(VoicebotError):  # noqa: N818  (a fault of a flow, not of ours)
    """A flow that broke while a call was going through it: a name without a value, an amount that is none."""


def render(template: str, language: str, values: Mapping[str, object], place: Place | str = "prompt") -> str:
    """The words of `template` in `language` (BCP-47 tag), white space made single.

    Raises FlowFault, located at `place`, for a template that does not parse, a name without a value, or a value that
    its filter cannot speak.
    """
    try:
        return " ".join(compiled(template, language).render(values).split())
    except _BREAKS as fault:
        raise _fault(place, fault, values) from None


def evaluate(expression: str, values: Mapping[str, object], place: Place | str = "expression") -> object:
    """The value of an expression as in `when: rating >= 8`. Raises FlowFault, located at `place`."""
    try:
        result = compiled_expression(expression)(**values)
        if isinstance(result, Undefined):
            str(result)  # a StrictUndefined raises here, with the name that is missing
    except _BREAKS as fault:
        raise _fault(place, fault, values) from None
    return result


_BREAKS = (TemplateError, ArithmeticError, TypeError, ValueError, RecursionError)


def _fault(place: Place | str, fault: Exception, values: Mapping[str, object]) -> FlowFault:
    missing = re.fullmatch(r"'(\w+)' is undefined", str(fault))
    if isinstance(fault, UndefinedError) and missing:
        name = missing[1]
        return FlowFault(place, f'"{name}" has no value here.', did_you_mean(name, list(values)))
    return FlowFault(place, f"the template cannot be spoken: {fault}.".replace("..", "."))


# --- the values that templates are given ------------------------------------------------------------------------------


def facts_in(flow: Flow, language: str) -> dict[str, Scalar]:
    """The flow's facts as they read in `language`. A fact that lacks it is left out, and so is missed by name."""
    spoken = {name: fact.get(language) if isinstance(fact, dict) else fact for name, fact in flow.facts.items()}
    return {name: fact for name, fact in spoken.items() if fact is not None}


def typed(need: Need, value: Scalar) -> object:
    """A lead's field as the type that the flow needs: money and number as Decimal, dates and times as such, else text.

    None and empty text stay None. Raises ValueError in a clear sentence for a value that is not of the type.
    """
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    try:
        return _READERS.get(need.type, str)(text)
    except (ValueError, InvalidOperation):
        raise ValueError(f'"{text}" is no {need.type}; write it like {_EXAMPLES[need.type]}') from None


class Amount(Decimal):
    """An amount of money: compared as a number, spoken in its currency where it has one (`49.50 EUR`)."""

    currency: str

    def __new__(cls, text: str) -> Amount:
        number, _, currency = text.strip().partition(" ")
        amount = super().__new__(cls, _number(number))
        amount.currency = currency.strip()
        return amount

    def __str__(self) -> str:
        return f"{super().__str__()} {self.currency}".rstrip()


def collected(kind: str, value: Scalar) -> object:
    """The value of a slot of `kind` as conditions compare it: days as days, amounts as numbers, all else as it is."""
    if kind == "number" and isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(str(value))
    try:
        return _READERS[kind](value) if kind in KEPT_AS_TEXT and isinstance(value, str) and value else value
    except (ValueError, InvalidOperation):
        return value  # something else was `set` under the slot's name


def _number(text: str) -> Decimal:
    number = Decimal(text.replace(",", ""))
    if not number.is_finite():
        raise ValueError
    return number


_READERS: dict[str, Callable[[str], object]] = {
    "number": _number,
    "money": Amount,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
}
KEPT_AS_TEXT = frozenset({"money", "date", "time", "datetime"})
"""Slots that are kept as text and compared as what they are."""

_EXAMPLES = {
    "number": "12.5",
    "money": "1200.50",
    "date": "2026-03-02",
    "time": "15:30",
    "datetime": "2026-03-02T15:30",
}
