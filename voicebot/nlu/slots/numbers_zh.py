"""Chinese utterances with their numbers written in figures: `下周3下午3点半`, `25号`.

Digits read one by one stay a string of digits (`幺三八` is `138`); a number with units is its value. Rough
numbers (`十几`, `七八个`, `一百多`) name no value and stay as they were heard, as do idioms (`十分满意`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from voicebot.nlu.slots import idioms
from voicebot.nlu.slots.figures_zh import READ, UNIT, VALUES, figures
from voicebot.nlu.slots.heard import Heard
from voicebot.nlu.slots.value import decimal_text
from voicebot.nlu.slots.words_zh import UNITS

_SAME = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {
    ord(traditional): simplified
    for traditional, simplified in zip("￥點號兩禮週塊錢鐘後萬億過個時", "¥点号两礼周块钱钟后万亿过个时", strict=True)
}
_PAUSES = "，,。、；;！!？?"

_NUMBER = re.compile(
    rf"(?:负|零下(?=[{READ}{UNIT}\d]{{1,4}}度))?(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|[{READ}十])(?:[{READ}{UNIT}]|(?<=[{UNIT}])\d)*(?:个亿)?"
)
_WEEKDAY_THEN_HOUR = re.compile(rf"(?:(?<=周)|(?<=星期)|(?<=礼拜))[一二三四五六](?=[{READ}十]+(?:点|时))")
_POINT = re.compile(rf"(?P<whole>[{READ}{UNIT}\d]{{1,12}})点(?P<decimals>[{READ}\d]{{1,6}})个?(?P<unit>[千万亿])")
"""A decimal fraction of a large unit: 三点五亿."""
_PARTS = re.compile(rf"[{READ}{UNIT}\d]{{1,6}}分之[{READ}{UNIT}\d]{{1,6}}")
"""A fraction is no number that is asked for, nor are its parts."""
_THOUSANDS = {"k": 1000, "w": 10**4}
_SHORT = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([kw])(\d)?(?![a-z\d])")
_ROUGH_BEHIND = re.compile(rf"(?<=[{UNIT}])[几多来](?!少|自)[{UNIT}]*")
_PAIR = re.compile(rf"(?:^|[{UNIT}])(?P<pair>[{READ}]{{2}})(?:[{UNIT}]|$)")
_COUNTED = re.compile("[个分天号块元点次年月岁人口位套间辆部台家件毛角页星周]")


def hear(source: str) -> Heard:
    """The utterance without spaces, half width, numbers in figures, a comma for every pause."""
    text = source.translate(_SAME).lower()
    kept = [at for at in range(len(text)) if not _is_gap(text, at)]
    compact = "".join(text[at] for at in kept)
    return Heard.of(source, ((piece, kept[start], kept[end - 1] + 1) for piece, start, end in _pieces(compact)))


def _is_gap(text: str, at: int) -> bool:
    """Recognizers put spaces between words; only those between figures or Latin words mean anything."""
    return text[at].isspace() and not (text[at - 1 : at].isascii() and text[at + 1 : at + 2].isascii())


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    at, last = 0, ""
    while at < len(text):
        piece, end = _read(text, at)
        if last[-1:].isdigit() and piece[0].isdigit():
            yield ",", at, at
        yield piece, at, end
        at, last = end, piece


def _read(text: str, at: int) -> tuple[str, int]:
    character = text[at]
    whole = idioms.CHINESE.match(text, at)
    if whole:
        return whole[0], whole.end()
    if character in _PAUSES:
        return ",", at + 1
    if character in "俩仨":
        return ("2个" if character == "俩" else "3个"), at + 1
    weekday = _WEEKDAY_THEN_HOUR.match(text, at)
    if weekday:
        return f"{figures(weekday[0])},", at + 1
    short = _SHORT.match(text, at)
    if short:
        size = _THOUSANDS[short[2]]
        return decimal_text(Decimal(short[1]) * size + int(short[3] or 0) * size // 10), short.end()
    point = _POINT.match(text, at)
    if point:
        amount = Decimal(f"{figures(point['whole'])}.{figures(point['decimals'])}")
        return decimal_text(amount * UNITS[point["unit"]]), point.end()
    number = _PARTS.match(text, at) or _NUMBER.match(text, at)
    if number is None:
        return character, at + 1
    if "分之" in number[0]:
        return number[0], number.end()
    behind = _ROUGH_BEHIND.match(text, number.end())
    if behind:
        return text[at : behind.end()], behind.end()
    return (number[0] if _is_rough(number, text) else figures(number[0].replace("个", ""))), number.end()


def _is_rough(number: re.Match[str], text: str) -> bool:
    """Whether it means "some tens" (`几十`) or "the one or the other" (`七八个`, `二十五六`)."""
    if number.start() and (
        text[number.start() - 1] in "百千万" or (number[0][0] == "十" and text[number.start() - 1] in "几数")
    ):
        return True
    two = _PAIR.search(number[0])
    if not two or not (len(number[0]) > 2 or _COUNTED.match(text, number.end())):
        return False
    one, other = (VALUES[digit] for digit in two["pair"])
    return 0 < one == other - 1 or two["pair"] == "三五"
