"""Values as Mandarin says them."""

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
from voicebot.nlu.slots.words_zh import CURRENCIES, DIGITS, WEEKDAYS

USUAL_CURRENCY = "CNY"
READ_OUT = DIGITS.replace("一", "幺")
"""Digits one by one, where 一 is said 幺 so that it is not taken for 七."""
_PARTS = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
"""(the hour it ends at, part of the day)."""


def number(value: object) -> str:
    """`105` -> 一百零五, `2000` -> 两千, `-2.5` -> 负二点五. Raises ValueError."""
    exact = as_number(value)
    whole, _, decimals = format(abs(exact), "f").partition(".")
    decimals = decimals.rstrip("0")
    words = _cardinal(int(whole))
    if decimals:
        words += f"点{''.join(DIGITS[int(digit)] for digit in decimals)}"
    return f"负{words}" if exact < 0 else words


def ordinal(value: object) -> str:
    """`3` -> 第三. Raises ValueError."""
    return f"第{_cardinal(as_whole(value))}"


def money(value: object, currency: str | None = None) -> str:
    """`49.50` -> 四十九元五角; other currencies with their decimals: 四十九点五美元. Raises ValueError.

    The currency is the one given, else the one in the value (`49.50 EUR`), else the Chinese yuan.
    """
    amount, code = as_money(value, currency, USUAL_CURRENCY)
    if code != "CNY":
        return f"{_counted(number(amount))}{CURRENCIES.get(code) or ' '.join(code)}"
    units, hundredths = divmod(int(abs(amount) * 100), 100)
    jiao, fen = divmod(hundredths, 10)
    words = f"{_counted(_cardinal(units))}元" if units or not hundredths else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    if fen:
        words += f"{'' if jiao or not units else '零'}{DIGITS[fen]}分"
    if not units and fen and not jiao:
        words += "钱"
    return f"负{words}" if amount < 0 else words


def day(value: object, year: bool = False) -> str:
    """`2026-03-03` -> 三月三号星期二, with `year` 二零二六年三月三号星期二. Raises ValueError."""
    exact = as_date(value)
    words = f"{_cardinal(exact.month)}月{_cardinal(exact.day)}号星期{WEEKDAYS[exact.weekday()]}"
    return f"{''.join(DIGITS[int(digit)] for digit in f'{exact.year:04d}')}年{words}" if year else words


def hour(value: object) -> str:
    """`15:30` -> 下午三点半. Raises ValueError."""
    exact = as_time(value)
    part = next(name for end, name in _PARTS if exact.hour < end)
    clock_hour = (exact.hour - 1) % 12 + 1 if exact.hour else 0
    words = f"{part}{_counted(_cardinal(clock_hour))}点"
    if exact.minute == 30:
        return f"{words}半"
    if exact.minute == 0:
        return words
    return f"{words}{'零' if exact.minute < 10 else ''}{_cardinal(exact.minute)}分"


def moment(value: object, year: bool = False) -> str:
    """`2026-03-03T15:30` -> 三月三号星期二下午三点半. Raises ValueError."""
    exact = as_moment(value)
    return f"{day(exact, year)}{hour(exact)}"


def digits(value: object, group: int = 4) -> str:
    """`4719` -> 四七幺九: one by one, a pause after every `group`. Raises ValueError."""
    return _read_out(grouped(as_digits(value), [max(group, 1)]))


def phone(value: object) -> str:
    """`13800138000` -> 幺三八，零零幺三，八零零零. Raises ValueError."""
    text = as_digits(value)
    plus = "加" if str(value).strip().startswith("+") else ""
    sizes = [3, 4]
    if plus and text.startswith("86"):
        sizes = [2, 3, 4]
    elif plus and text.startswith("1"):  # North America
        sizes = [1, 3, 3, 4]
    elif len(text) in {8, 12}:
        sizes = [4]
    return plus + _read_out(grouped(text, sizes))


def key(value: object) -> str:
    """`*` -> 星号键, `9` -> 九, `1` -> 一: a key of the telephone. Raises ValueError."""
    text = as_key(value)
    return {"*": "星号键", "#": "井号键"}.get(text) or DIGITS[int(text)]


def _read_out(groups: list[str]) -> str:
    return "，".join("".join(READ_OUT[int(digit)] for digit in group) for group in groups)


def _counted(words: str) -> str:
    """Two of something is 两."""
    return "两" if words == "二" else words


def _cardinal(whole: int) -> str:
    """Figures in groups of four; a gap between two groups is one 零; a leading 一十 is 十."""
    words = _in_groups(whole) or DIGITS[0]
    return words.removeprefix("一") if words.startswith("一十") else words


def _in_groups(whole: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        count, rest = divmod(whole, size)
        if count:
            gap = "零" if 0 < rest < size // 10 else ""
            return f"{_counted(_cardinal(count))}{name}{gap}{_in_groups(rest)}"
    return _below_ten_thousand(whole)


def _below_ten_thousand(group: int) -> str:
    words = ""
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = group // size % 10
        if not figure:
            continue
        if words and group // (size * 10) % 10 == 0:
            words += "零"
        words += ("两" if figure == 2 and size >= 100 else DIGITS[figure]) + name
    return words
