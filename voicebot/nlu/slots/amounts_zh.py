"""Numbers, ratings and money in Chinese utterances."""

from __future__ import annotations

import re
from decimal import Decimal

from .heard import Found, mask
from .value import Money

_NUMBER = r"(?<![\d.第:/])-?\d+(?:\.\d+)?(?![\d:/]|\.\d)"
_DECIMAL = re.compile(rf"({_NUMBER})点(\d+)(?![分\d])|({_NUMBER})[个]半|({_NUMBER})")
_NO_NUMBER = re.compile(r"%|几|多(?!少)|点(?:钟|半)|号(?!人)")

_SCALE = re.compile(
    r"(?:满分)?(?:是|为)?10分(?:制|里面?|的话|满分|中|当中|之中)?(?:的?话)?[,我]*(?=[给打评]?\d)|\d+到\d+分?(?:里|之间|打分|评分)|10分制"
)
_FULL = re.compile(r"满分|最高分")
_GIVEN = re.compile(r"(?:[给打评就算是])[你您他它她们个]*$")
_SLIPS = {"吧": "8", "巴": "8", "爸": "8", "霸": "8", "就": "9", "久": "9", "酒": "9", "留": "6", "溜": "6", "流": "6",
          "午": "5", "武": "5", "舞": "5", "起": "7", "期": "7", "气": "7", "散": "3", "伞": "3", "灵": "0", "林": "0"}  # fmt: skip
_SLIP = re.compile(rf"^(?:我?[给打])?([{''.join(_SLIPS)}])分(?:吧|了)?$")
_OTHER_UNIT = re.compile(r"(?:多|几)?(?:[年月天次回遍岁人口位小]|个(?!分)|分钟|星期|块|元|号|点(?!分)|家)")


def numbers(text: str) -> list[Found[Decimal]]:
    """Every number; 点 is the decimal point, 个半 a half more."""
    found = []
    for match in _DECIMAL.finditer(text):
        whole, digits, half, plain = match.groups()
        value = Decimal(f"{whole}.{digits}") if digits else Decimal(half) + Decimal("0.5") if half else Decimal(plain)
        if not _NO_NUMBER.match(text, match.end()):
            found.append(Found(value, *match.span()))
    return found


def ratings(text: str) -> list[Found[Decimal]]:
    """Numbers that can be marks; what stands for the scale itself or counts something else is left out."""
    slip = _SLIP.match(text)
    if slip:
        text = text[: slip.start(1)] + _SLIPS[slip[1]] + text[slip.end(1) :]
    scored = mask(text, (match.span() for match in _SCALE.finditer(text)))
    found = [Found(Decimal(10), *match.span(), rank=1) for match in _FULL.finditer(scored)]
    for each in numbers(scored):
        if not _OTHER_UNIT.match(text, each.end):
            rank = int(text[each.end : each.end + 1] == "分" or bool(_GIVEN.search(text, 0, each.start)))
            found.append(Found(each.value, each.start, each.end, rank))
    return sorted(found, key=lambda each: each.start)


_CURRENCY = {
    "块钱?|元|圆|人民币|rmb": "CNY",
    "美元|美金|美刀|刀": "USD",
    "欧元": "EUR",
    "英镑": "GBP",
    "港元|港币|港纸": "HKD",
    "日元|日币": "JPY",
    "加元|加币": "CAD",
    "澳元|澳币": "AUD",
    "瑞士法郎|法郎": "CHF",
    "卢比": "INR",
}
_UNIT = "|".join(_CURRENCY)
_SPELLED = r"(?P<code>[a-z] ?[a-z] ?[a-z])(?![a-z])"
_SIGN = r"(?P<sign>[¥$€£])"
_SIGNS = {"¥": "CNY", "$": "USD", "€": "EUR", "£": "GBP"}
_MONEY = [
    re.compile(rf"{_SIGN}(?P<n>{_NUMBER})"),
    re.compile(
        rf"(?P<before>人民币)?(?P<n>{_NUMBER}|{_NUMBER}点\d+)(?:(?P<unit>{_UNIT})|{_SPELLED})"
        r"(?:零?0?(?P<jiao>\d)[毛角]|(?=0?\d分)|(?P<tail>\d)(?![\d个天月年周期次]|分))?(?:零?0?(?P<fen>\d)分)?(?P<half>半)?(?:钱|整)?"
    ),
    re.compile(rf"(?P<jiao>{_NUMBER})[毛角](?:钱)?(?:(?P<fen>\d)分?)?"),
    re.compile(rf"(?P<fen>{_NUMBER})分钱"),
]
_NOT_MONEY = re.compile(r"(?:多|几)?(?:[年月天次期号点周%]|个(?!亿)|分(?!钱)|星期|礼拜|小时)")


def money(text: str) -> list[Found[Money]]:
    """Amounts with their currency first; a bare number is an amount unless it counts something else."""
    found = []
    for pattern in _MONEY:
        for match in pattern.finditer(text):
            found.append(Found(_amount(match), *match.span(), rank=1))
            text = mask(text, [match.span()])
    for each in numbers(text):
        if not _NOT_MONEY.match(text, each.end):
            found.append(Found(Money(each.value), each.start, each.end))
    return sorted(found, key=lambda each: each.start)


def _amount(match: re.Match[str]) -> Money:
    said = match.groupdict()
    amount = Decimal((said.get("n") or "0").replace("点", "."))
    amount += Decimal(said.get("jiao") or said.get("tail") or 0) / 10
    amount += Decimal(said.get("fen") or 0) / 100
    return Money(amount + (Decimal("0.5") if said.get("half") else 0), _code(said))


def _code(said: dict[str, str]) -> str:
    if said.get("sign"):
        return _SIGNS[said["sign"]]
    if said.get("code"):
        return said["code"].replace(" ", "").upper()
    unit = said.get("unit")
    return next((code for words, code in _CURRENCY.items() if unit and re.fullmatch(words, unit)), "CNY")
