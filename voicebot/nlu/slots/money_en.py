"""Money in English utterances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from voicebot.nlu.slots.amounts_en import NO_AMOUNT, NUMBER, RUN, joined
from voicebot.nlu.slots.heard import Found, mask, preceding
from voicebot.nlu.slots.value import Money

_CURRENCY = {
    "dollars?|bucks?|usd|us dollars?|american dollars?": "USD",
    "pounds?(?: sterling)?|quid|gbp|sterling": "GBP",
    "euros?|eur": "EUR",
    "yuan|rmb|renminbi|kuai|cny": "CNY",
    "rupees?|inr|rs": "INR",
    "yen|jpy": "JPY",
    "won|krw": "KRW",
    "singapore dollars?|sgd": "SGD",
    "hong kong dollars?|hkd": "HKD",
    "canadian dollars?|cad": "CAD",
    "australian dollars?|aud": "AUD",
    "swiss francs?|francs?|chf": "CHF",
}
_HUNDREDTH = {
    "cents?": "USD",
    "pence|penny|pennies|p": "GBP",
    "paise|paisa": "INR",
    "fen": "CNY",
    "rappen": "CHF",
    "jeon": "KRW",
    "sen": "JPY",
}
_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "CNY"}
_SLANG = {"fivers?": Decimal(5), "tenners?": Decimal(10), "half a dollar": Decimal("0.5")}
_ONE = {"a", "an"}

_UNIT = "|".join(sorted("|".join(_CURRENCY).split("|"), key=len, reverse=True))
_CENT = "|".join(_HUNDREDTH)
_SPELLED = r"(?P<code>(?:[a-z]|oh) (?:[a-z]|oh) (?:[a-z]|oh))\b"
_LENGTH = r"(?:weeks?|months?|days?|years?)"
_AND_CENTS = (
    rf"(?:(?: and)? (?P<cents>\d\d?)(?![\d.:])(?: (?:{_CENT})\b|(?! (?:{_UNIT}|{_LENGTH})\b)(?! \w+ {_LENGTH}\b)))?"
)
_MONEY = [
    re.compile(rf"(?P<sign>[$£€¥]) ?(?P<units>{NUMBER})"),
    re.compile(rf"(?P<units>{NUMBER}) (?P<sign>[$£€¥])"),
    re.compile(rf"\b(?P<unit>usd|gbp|eur|cny|rmb|inr|rs|jpy|hkd|cad|aud|chf) (?P<units>{NUMBER})"),
    re.compile(rf"\b(?P<units>an?|{NUMBER}) (?:(?P<unit>{_UNIT})\b|{_SPELLED}){_AND_CENTS}(?P<half> and a half)?"),
    re.compile(rf"\b(?P<cents>a|{NUMBER}) (?P<cent>{_CENT})\b"),
    re.compile(rf"\b(?:(?P<units>a|{NUMBER}) )?(?P<slang>{'|'.join(_SLANG)})\b"),
]
_AT = re.compile(r"\bat (?:about |around )?$")
_NOT_MONEY = re.compile(
    rf" (?:(?:more )?(?:{_LENGTH}|hours?|minutes?|times?|people|instal?lments?|payments?|kids|of us)\b"
    r"|oclock|a ?m\b|p ?m\b)"
)


def money(text: str) -> list[Found[Money]]:
    """Amounts with their currency first; a bare number is an amount unless it counts something else."""
    found: list[Found[Money]] = []
    for pattern in _MONEY:
        matches = list(pattern.finditer(text))
        found.extend(Found(_amount(match), *match.span(), rank=1) for match in matches)
        text = mask(text, (match.span() for match in matches))
    for run in RUN.finditer(text):
        found.extend(
            Found(Money(each.value), each.start, each.end)
            for each in _bare(run)
            if not (
                preceding(_AT, text, each.start) or _NOT_MONEY.match(text, each.end) or NO_AMOUNT.match(text, each.end)
            )
        )
    return sorted(found, key=lambda each: each.start)


def _amount(match: re.Match[str]) -> Money:
    said = match.groupdict(default="")
    if said.get("slang"):
        worth = next(worth for pattern, worth in _SLANG.items() if re.fullmatch(pattern, said["slang"]))
        return Money(worth * (_count(said["units"]) or 1))
    amount = _count(said.get("units", "")) + _count(said.get("cents", "")) / 100
    return Money(amount + (Decimal("0.5") if said.get("half") else 0), _code(said))


def _count(word: str) -> Decimal:
    return Decimal(1 if word in _ONE else word or 0)


def _code(said: dict[str, str]) -> str:
    if said.get("sign"):
        return _SIGNS[said["sign"]]
    if said.get("code"):
        return said["code"].replace("oh", "o").replace(" ", "").upper()
    table, word = (_CURRENCY, said["unit"]) if said.get("unit") else (_HUNDREDTH, said["cent"])
    return next(code for pattern, code in table.items() if re.fullmatch(pattern, word))


def _bare(run: re.Match[str]) -> Iterator[Found[Decimal]]:
    """A price read as `19 99` has a hundredth part; `1 50` is a hundred and fifty."""
    price = re.fullmatch(r"(\d\d+) (\d\d)|(\d) (9[59])", run[0])
    if price and not run.string.endswith("not ", 0, run.start()):
        yield Found(Decimal(".".join(filter(None, price.groups()))), *run.span())
    else:
        yield from joined(run)
