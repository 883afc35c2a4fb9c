"""Chinese utterances with their numbers written in figures: `下周3下午3点半`, `25号`.

Digits read one by one stay a string of digits (`幺三八` is `138`); a number with units is its value. Rough
numbers (`十几`, `七八个`, `一百多`) name no value and stay as they were heard, as do idioms (`十分满意`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from .heard import Heard
from .value import decimal_text
from .words_zh import DIGITS, GROUPS, UNITS

_DIGIT = {digit: value for value, digit in enumerate(DIGITS)} | {
    "〇": 0, "○": 0, "洞": 0, "幺": 1, "妖": 1, "两": 2, "拐": 7, "勾": 9,
}  # fmt: skip
_UNIT = UNITS | GROUPS | {"拾": 10, "佰": 100, "仟": 1000, "萬": 10**4, "億": 10**8}
_READ = "".join(_DIGIT)
_UNITS_READ = "".join(_UNIT)
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {ord("点"): "点", ord("點"): "点", ord("號"): "号",
               ord("兩"): "两", ord("禮"): "礼", ord("週"): "周", ord("塊"): "块", ord("錢"): "钱", ord("鐘"): "钟"}  # fmt: skip

_IDIOM = re.compile(
    r"一(?:下|定|般|样|起|直|些|会儿?|切|边|向|旦|块儿|律|概|共|时|言|清二楚|五一十|句话|辈子|家人|口价|部分|方面|听|看|说|想)"
    r"|(?<=[哪这那每某另头])一|(?<=有)一点|万一|千万(?=别|不|要|记|得|请)|十分(?=满意|感谢|抱歉|不|好|清楚|方便|重要|着急|愿意|需要|想|喜欢|差|失望|生气"
    r"|了解|高兴|难|麻烦|忙|有|肯定|确定|可惜|遗憾)|乱七八糟|七上八下|三番[五两]次|再三|八九不离十|不三不四|三心二意|五花八门|百分之[\w]*|老百姓|二话不说"
    r"|两口子|两难|三言两语|说一不二|独一无二|丢三落四|半信半疑|一而再|七嘴八舌|不管三七二十一|二维码|一二(?=吧)|勾(?=搭|选|引)|拐(?=弯|角|卖|骗)|洞(?=察)"
)
_NUMBER = re.compile(
    rf"[负]?(?:\d+(?:,\d{{3}})*(?:\.\d+)?|[{_READ}])?(?:[{_READ}{_UNITS_READ}]|(?<=[{_UNITS_READ}])\d+)*"
)
_ROUGH = re.compile(r"[几来多]|好几|数[十百千万]")
_MEASURES = r"[个分天号块元点次年月岁人口位套间辆部台万千百十亿家件毛角页星周]"
_ALL_DIGITS = re.compile(rf"[{_READ}]+")


def hear(source: str) -> Heard:
    """The utterance without spaces, half width, numbers in figures, a comma for every pause."""
    return Heard.of(source, _pieces(source))


def _pieces(source: str) -> Iterator[tuple[str, int, int]]:
    text = source.translate(_FULL_WIDTH).lower()
    at = 0
    while at < len(text):
        piece, end = _read(text, at)
        if piece:
            yield piece, at, end
        at = end


def _read(text: str, at: int) -> tuple[str, int]:
    character = text[at]
    idiom = _IDIOM.match(text, at)
    if idiom:
        return idiom[0], idiom.end()
    if character in "俩仨":
        return ("2个" if character == "俩" else "3个"), at + 1
    if character.isspace():
        inside = text[at - 1 : at].isascii() and text[at + 1 : at + 2].isascii()
        return (" " if inside else ""), at + 1
    if character in "，,。、；;！!？?":
        return ",", at + 1
    match = _NUMBER.match(text, at)
    if match is None or not match[0] or match[0] == "负":
        return character, at + 1
    return _figures(text, at, match.end())


def _figures(text: str, at: int, end: int) -> tuple[str, int]:
    said = text[at:end]
    if _is_rough(text, at, end):
        after = end
        while after < len(text) and re.match(rf"[几来多{_UNITS_READ}]", text[after]):
            after += 1
        return text[at:after], after
    return number_text(said), end


def _is_rough(text: str, at: int, end: int) -> bool:
    """Two digits in a row that mean "one or the other", or a number with "some" before or behind it."""
    said = text[at:end]
    if _ROUGH.match(text[end : end + 1]) and text[end : end + 2] not in {"多少", "来自"}:
        return _UNIT.keys() & set(said) != set() or text[end] == "几"
    if text[at - 1 : at] in {"几", "数"} and said[0] in _UNIT:
        return True
    pair = re.search(rf"(?:^|[{_UNITS_READ}])([{_READ}]{{2}})([{_UNITS_READ}]|$)", said)
    if not pair or not _UNIT.keys() & set(said) and not re.match(_MEASURES, text[end : end + 1]):
        return False
    one, other = (_DIGIT[digit] for digit in pair[1])
    return other == one + 1 and one > 0 or pair[1] == "三五"


def number_text(said: str) -> str:
    """Figures for one number in Chinese words; digits read one by one keep their zeros."""
    sign, said = ("-", said[1:]) if said[0] == "负" else ("", said)
    said = said.replace(",", "")
    if _ALL_DIGITS.fullmatch(said):
        return sign + "".join(str(_DIGIT[digit]) for digit in said)
    if re.fullmatch(r"[\d.]+", said):
        return sign + said
    if not _UNIT.keys() & set(said):
        return sign + "".join(str(_DIGIT.get(digit, digit)) for digit in said)
    return sign + decimal_text(_value(said))


def _value(said: str) -> Decimal:
    """`一万两千零五` is 12005; a last digit without its unit takes the next lower one: `一千二`, `两百五`."""
    total = section = Decimal(0)
    digit: Decimal | None = None
    unit, zero = 1, False
    for part in re.findall(rf"\d+(?:\.\d+)?|[{_READ}{_UNITS_READ}]", said):
        if part in _DIGIT and part not in _UNIT:
            zero = zero or part in "零〇○"
            digit = Decimal(_DIGIT[part]) if digit is None or not digit else digit * 10 + _DIGIT[part]
        elif part in _UNIT:
            unit = _UNIT[part]
            if unit >= 10**4:
                section = (section + (digit or 0)) or Decimal(1)
                if unit == 10**8:
                    total, section = (total + section) * unit, Decimal(0)
                else:
                    total, section = total + section * unit, Decimal(0)
            else:
                section += (Decimal(1) if digit is None or not digit else digit) * unit
            digit, zero = None, False
        else:
            digit = Decimal(part)
    if digit is not None:
        section += digit * (unit // 10) if unit >= 100 and not zero and digit < 10 else digit
    return total + section
