"""The value of a Chinese numeral."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from voicebot.nlu.slots.value import decimal_text
from voicebot.nlu.slots.words_zh import DIGITS, UNITS

VALUES = {digit: value for value, digit in enumerate(DIGITS)} | {
    "〇": 0, "洞": 0, "幺": 1, "两": 2, "拐": 7, "勾": 9,
}  # fmt: skip
"""Digits as they are said, also in the way of the military and of digits read out one by one."""
READ = "".join(VALUES)
UNIT = "".join(UNITS)

_FIGURES = str.maketrans({digit: str(value) for digit, value in VALUES.items()})
_COUNT = rf"(?:\d{{1,15}}(?:\.\d{{1,9}})?|[{READ}])"
_COUNTED = [
    (size, re.compile(rf"[零〇]?(?P<count>{_COUNT}){'?' if size == 10 else ''}{unit}"))
    for unit, size in reversed(UNITS.items())
    if size < 10**4
]
_LAST = re.compile(rf"(?P<gap>[零〇]?)(?P<count>{_COUNT})(?![{READ}\d千百十])")
_ROW = re.compile(rf"[{READ}\d.]+")
_ROW_COUNTED = re.compile(rf"(?:{_COUNT}|[{READ}]{{1,15}})(?=[万亿])")


def figures(said: str) -> str:
    """`一万两千` is `12000`; digits read one by one keep their zeros: `零零七` is `007`.

    Where the units rise again a new number begins, after a comma: `三百五百` is `300,500`.
    """
    for sign in ("负", "零下"):
        if said.startswith(sign):
            return f"-{figures(said.removeprefix(sign))}"
    said = said.replace(",", "")
    return ",".join(_numbers(said)) if re.search(f"[{UNIT}]", said) else said.translate(_FIGURES)


def _numbers(said: str) -> Iterator[str]:
    at = 0
    while at < len(said):
        value, end = _number(said, at, ("亿", "万"))
        if end == at:  # digits in a row that no unit counts, or a unit that counts nothing
            row = _ROW.match(said, at)
            end = row.end() if row else at + 1
            yield said[at:end].translate(_FIGURES)
        else:
            yield decimal_text(value)
        at = end


def _number(said: str, at: int, units: tuple[str, ...]) -> tuple[Decimal, int]:
    """The number that begins here, and where it ends: 亿 and 万 each count all that stands before them.

    A last digit without its unit takes the next lower one: `一千二` is 1200, `一千零二` is 1002.
    """
    if not units:
        return _section(said, at)
    unit, smaller = units[0], units[1:]
    value, end = _number(said, at, smaller)
    if end == at or said[end : end + 1] != unit:
        return value, end
    value, end = value * UNITS[unit], end + 1
    begin = end + (said[end : end + 1] in {"零", "〇"})
    rest, after = _number(said, begin, smaller)
    if after == begin or said[after : after + 1] in {unit, "万"}:
        return value, end
    lone = after == end + 1
    return value + rest * (UNITS[unit] // 10 if lone else 1), after


def _section(said: str, at: int) -> tuple[Decimal, int]:
    """A number below 万, whose units fall; a digit that the next number counts with is left to that."""
    row = _ROW_COUNTED.match(said, at)
    if row:
        return Decimal(row[0].translate(_FIGURES)), row.end()
    value, end, least = Decimal(0), at, 10
    for size, counted in _COUNTED:
        match = counted.match(said, end)
        if match:
            value += Decimal((match["count"] or "1").translate(_FIGURES)) * size
            end, least = match.end(), size
    last = _LAST.match(said, end)
    if last:
        worth = 1 if last["gap"] else least // 10
        return value + Decimal(last["count"].translate(_FIGURES)) * worth, last.end()
    return value, end
