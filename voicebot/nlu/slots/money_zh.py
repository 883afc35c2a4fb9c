"""Money in Chinese utterances."""

from __future__ import annotations

import re
from decimal import Decimal

from voicebot.nlu.slots.amounts_zh import NUMBER, numbers
from voicebot.nlu.slots.heard import Found, mask
from voicebot.nlu.slots.value import Money

_CURRENCY = {
    "块钱?|元|圆|人民币|rmb": "CNY",
    "美元|美金|美刀|刀": "USD",
    "欧元|欧": "EUR",
    "英镑": "GBP",
    "港元|港币|港纸": "HKD",
    "日元|日币": "JPY",
    "韩元|韩币": "KRW",
    "新加坡元|新币|坡币": "SGD",
    "加元|加币": "CAD",
    "澳元|澳币": "AUD",
    "瑞士法郎|法郎": "CHF",
    "卢比": "INR",
}
"""块 and 元 are the Chinese unit where nothing else is said."""
_SIGNS = {"¥": "CNY", "$": "USD", "€": "EUR", "£": "GBP", "人民币": "CNY"}

_UNITS = rf"(?P<units>{NUMBER}点\d+|{NUMBER})"
_UNIT = rf"(?:(?P<unit>{'|'.join(_CURRENCY)})|(?P<code>[a-z] ?[a-z] ?[a-z])(?![a-z]))"
_TENTHS = r"(?:零?0?(?P<tenths>\d)[毛角](?:(?P<last>\d)(?!\d))?|(?P<tail>\d)(?![\d个天月年周期次分]))?"
_HUNDREDTHS = r"(?:零?0?(?P<hundredths>\d)分)?"
_MONEY = [
    re.compile(rf"{_UNITS}{_UNIT}{_TENTHS}{_HUNDREDTHS}(?P<half>半)?(?:钱|整)?"),
    re.compile(rf"(?P<sign>{'|'.join(map(re.escape, _SIGNS))}){_UNITS}"),
    re.compile(rf"(?P<tenths>{NUMBER})[毛角]钱?(?:(?P<hundredths>\d)分?)?"),
    re.compile(rf"(?P<hundredths>{NUMBER})分钱"),
]
_NOT_MONEY = re.compile(r"[多几]?(?:[年月天次期号点周%口]|个(?!亿)|分(?!钱|\d)|星期|礼拜|小时)")


def money(text: str) -> list[Found[Money]]:
    """Amounts with their currency first; a bare number is an amount unless it counts something else."""
    found: list[Found[Money]] = []
    for pattern in _MONEY:
        matches = list(pattern.finditer(text))
        found.extend(Found(_amount(match), *match.span(), rank=1) for match in matches)
        text = mask(text, (match.span() for match in matches))
    found.extend(
        Found(Money(each.value), each.start, each.end) for each in numbers(text) if not _NOT_MONEY.match(text, each.end)
    )
    return sorted(found, key=lambda each: each.start)


def _amount(match: re.Match[str]) -> Money:
    """`三块五` and `三块五毛` are 3.50; `三块半` too."""
    said = match.groupdict(default="")
    amount = Decimal(said.get("units", "").replace("点", ".") or 0)
    amount += Decimal(said.get("tenths") or said.get("tail") or 0) / 10
    amount += Decimal(said.get("hundredths") or said.get("last") or 0) / 100
    return Money(amount + (Decimal("0.5") if said.get("half") else 0), _code(said))


def _code(said: dict[str, str]) -> str:
    if said.get("code"):
        return said["code"].replace(" ", "").upper()
    if said.get("sign"):
        return _SIGNS[said["sign"]]
    unit = said.get("unit", "元")
    return next(code for words, code in _CURRENCY.items() if re.fullmatch(words, unit))
