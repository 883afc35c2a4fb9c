"""Numbers, ratings and money in English utterances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from .heard import Found, mask
from .value import Money

_NUMBER = r"(?<![\d.:/-])-?\d+(?:\.\d+)?(?![\d:/]|\.\d|th\b)"
_NUMBERS = re.compile(_NUMBER)
_RUN = re.compile(rf"{_NUMBER}(?: (?:oh|{_NUMBER}))*")
_WORDS = {"none": Decimal(0), "twice": Decimal(2), "once": Decimal(1), "thrice": Decimal(3)}
_WORD = re.compile(r"^(?:just |only |about )*(none|once|twice|thrice)(?: at all| a (?:day|week|month|year))?$")
_NO_AMOUNT = re.compile(r" ?(?:percent|per cent|%|something|odd\b|ish\b)")

_SCALE = re.compile(
    r"(?:on |in )?(?:a |the )?scale (?:of|from) \d+ (?:to|through|and) \d+|out of (?:a |the )?(?:possible )?\d+"
    r"|(?<=\d) over 10\b|(?:between|from) (?:0|1) (?:and|to) 10\b"
)
_FULL = re.compile(r"\b(?:full marks|top marks|(?:perfect|top|highest|maximum|full) (?:score|marks|rating))\b")
_SLIPS = {"ate": "8", "tree": "3", "free": "3", "for": "4", "fore": "4", "to": "2", "too": "2", "won": "1",
          "tin": "10", "tan": "10", "sics": "6", "sicks": "6", "sex": "6", "nein": "9", "fife": "5", "heaven": "7"}  # fmt: skip
_SLIP = re.compile(
    rf"^((?:um|uh|er|oh|well|a|an|the|maybe|say|about|id|ill|give|it|you|i|probably|like)? ?)*?\b({'|'.join(_SLIPS)})"
    r"(?= out of|$| please$)"
)
_GIVEN = re.compile(
    r"(?:\b(?:give|gave|giving|say|said|rate|rated|score|scored|be|its|a|an|solid|got|make|put|go|going)(?: (?:it|you|them|that|"
    r"him|her|this|with|for|down|as|at|a|an|about|like|my))*) $"
)
_POINTS = re.compile(r" (?:stars?|points?|marks?|out)\b")
_OTHER_UNIT = re.compile(
    r" (?:years?|months?|weeks?|days?|hours?|minutes?|mins|seconds?|times?|people|persons?|calls?|of us|of them|kids|"
    r"children|visits?|attempts?|tries|things?|problems?|dollars?|pounds?|euros?|quid|bucks|oclock|a ?m|p ?m)\b"
)


def numbers(text: str) -> list[Found[Decimal]]:
    """Every number; figures side by side are one number where they can be read so (`1 50`, `19 98`)."""
    found = [Found(_WORDS[match[1]], *match.span(1)) for match in _WORD.finditer(text)]
    for run in _RUN.finditer(text):
        found.extend(_joined(run))
    return [each for each in found if not _NO_AMOUNT.match(text, each.end)]


def _joined(run: re.Match[str]) -> Iterator[Found[Decimal]]:
    parts = run[0].replace("oh", "0").split()
    value = _as_one(parts)
    if value is not None:
        yield Found(value, *run.span())
        return
    for match in _NUMBERS.finditer(run[0]):
        yield Found(Decimal(match[0]), run.start() + match.start(), run.start() + match.end())


def _as_one(parts: list[str]) -> Decimal | None:
    """The number that figures side by side make: digits read out, or hundreds and the rest; else None."""
    if len(parts) == 1:
        return Decimal(parts[0])
    if any("." in part or "-" in part for part in parts):
        return None
    if all(len(part) == 1 for part in parts) and (len(parts) > 2 or "0" in parts):
        return Decimal("".join(parts))
    if len(parts) == 3 and parts[1] == "0":
        parts = [parts[0], parts[1] + parts[2]]
    hundreds, rest = parts[0], parts[1]
    if len(parts) == 2 and len(rest) == 2 and 1 <= int(hundreds) <= 99 and int(hundreds) != int(rest):
        return Decimal(hundreds + rest)
    return None


def ratings(text: str) -> list[Found[Decimal]]:
    """Numbers that can be marks; what stands for the scale itself or counts something else is left out."""
    slip = _SLIP.match(text)
    if slip:
        text = text[: slip.start(2)] + _SLIPS[slip[2]].ljust(len(slip[2])) + text[slip.end(2) :]
    scored = mask(text, (match.span() for match in _SCALE.finditer(text)))
    found = [Found(Decimal(10), *match.span(), rank=1) for match in _FULL.finditer(scored)]
    for match in _NUMBERS.finditer(scored):
        if not _OTHER_UNIT.match(text, match.end()):
            rank = bool(_GIVEN.search(text, 0, match.start()) or _POINTS.match(text, match.end()))
            found.append(Found(Decimal(match[0]), *match.span(), rank=int(rank)))
    return sorted(found, key=lambda each: each.start)


_CURRENCY = {
    "dollars?|bucks?|usd|us dollars?|american dollars?": "USD",
    "pounds?(?: sterling)?|quid|gbp|sterling": "GBP",
    "euros?|eur": "EUR",
    "yuan|rmb|renminbi|kuai|cny": "CNY",
    "rupees?|inr|rs": "INR",
    "yen|jpy": "JPY",
    "hong kong dollars?|hkd": "HKD",
    "canadian dollars?|cad": "CAD",
    "australian dollars?|aud": "AUD",
    "swiss francs?|francs?|chf": "CHF",
}
_HUNDREDTH = {"cents?": "USD", "pence|penny|pennies|p": "GBP", "paise|paisa": "INR", "fen": "CNY", "rappen": "CHF",
              "sen": "JPY"}  # fmt: skip
_SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "CNY"}
_UNIT = "|".join(sorted(_CURRENCY, key=len, reverse=True))
_CENT = "|".join(_HUNDREDTH)
_SPELLED = r"(?P<code>[a-z] [a-z] [a-z])\b"
_MONEY = [
    re.compile(rf"(?P<sign>[$£€¥]) ?(?P<n>{_NUMBER})"),
    re.compile(
        rf"(?P<n>a|an|{_NUMBER}) (?:(?P<unit>{_UNIT})\b|{_SPELLED})"
        rf"(?:(?: and)? (?P<c>\d\d?)(?![\d.:])(?: (?:{_CENT})\b|(?! \w+ (?:weeks?|months?|days?|years?))))?(?P<half> and a half)?"
    ),
    re.compile(rf"(?P<c>a|{_NUMBER}) (?P<cent>{_CENT})\b"),
    re.compile(r"\b(?:a |one )?(?P<slang>fiver|tenner|half a dollar)\b"),
]
_SLANG = {"fiver": Decimal(5), "tenner": Decimal(10), "half a dollar": Decimal("0.5")}
_NOT_MONEY = re.compile(
    r" (?:(?:more )?(?:weeks?|months?|days?|years?|hours?|minutes?|times?|people|instal?lments?|payments?|kids|of us)\b|oclock|"
    r"a ?m\b|p ?m\b)"
)


def money(text: str) -> list[Found[Money]]:
    """Amounts with their currency first; a bare number is an amount unless it counts something else."""
    found = []
    for pattern in _MONEY:
        for match in pattern.finditer(text):
            found.append(Found(_amount(match), *match.span(), rank=1))
            text = mask(text, [match.span()])
    for run in _RUN.finditer(text):
        found.extend(
            Found(Money(each.value), each.start, each.end)
            for each in _bare(run)
            if not (_NOT_MONEY.match(text, each.end) or _NO_AMOUNT.match(text, each.end))
        )
    return sorted(found, key=lambda each: each.start)


def _amount(match: re.Match[str]) -> Money:
    said = match.groupdict()
    if said.get("slang"):
        return Money(_SLANG[said["slang"]])
    cents = Decimal(0 if not said.get("c") else 1 if said["c"] == "a" else said["c"]) / 100
    units = Decimal(0 if not said.get("n") else 1 if said["n"] in {"a", "an"} else said["n"])
    return Money(units + cents + (Decimal("0.5") if said.get("half") else 0), _code(said))


def _code(said: dict[str, str]) -> str:
    if said.get("sign"):
        return _SIGNS[said["sign"]]
    if said.get("code"):
        return said["code"].replace(" ", "").upper()
    table, word = (_CURRENCY, said["unit"]) if said.get("unit") else (_HUNDREDTH, said["cent"])
    return next(code for pattern, code in table.items() if re.fullmatch(pattern, word))


def _bare(run: re.Match[str]) -> Iterator[Found[Decimal]]:
    """A price read as `19 99` has a hundredth part; `1 50` is a hundred and fifty."""
    parts = run[0].split()
    if len(parts) == 2 and all(part.isdigit() for part in parts) and len(parts[1]) == 2:
        units, hundredths = parts
        if len(units) >= 2 or hundredths in {"99", "95"}:
            yield Found(Decimal(f"{units}.{hundredths}"), *run.span())
            return
    yield from _joined(run)
