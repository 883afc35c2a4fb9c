"""The value of a Chinese numeral."""

from __future__ import annotations

import re
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
_BY_SIZE = sorted(UNITS.items(), key=lambda each: -each[1])


def figures(said: str) -> str:
    """`一万两千` is `12000`; digits read one by one keep their zeros: `零零七` is `007`."""
    if said.startswith("负"):
        return f"-{figures(said[1:])}"
    if re.search(f"[{UNIT}]", said):
        return decimal_text(_value(said))
    return said.replace(",", "").translate(_FIGURES)


def _value(said: str) -> Decimal:
    """A last digit without its unit takes the next lower one: `一千二` is 1200, `一千零二` is 1002."""
    for unit, size in _BY_SIZE:
        head, found, tail = said.rpartition(unit)
        if not found:
            continue
        short = len(tail) == 1 and tail not in "零〇"
        rest = int(figures(tail)) * size // 10 if short else _value(tail.lstrip("零〇"))
        return (_value(head) if head else Decimal(1)) * size + rest
    return Decimal(figures(said) or 0)
