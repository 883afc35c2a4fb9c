"""Numbers and ratings in English utterances."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from voicebot.nlu.slots.heard import Found, mask, preceding

NUMBER = r"(?<![\d.:/-])-?\d+(?:\.\d+)?(?![\d:/]|\.\d|th\b)"
RUN = re.compile(rf"{NUMBER}(?: (?:oh|{NUMBER}))*")
"""Figures side by side."""
NO_AMOUNT = re.compile(
    r" ?(?:percent|per cent|%|something|figures?\b|quarters?\b|thirds?\b|fifths\b|eighths\b|tenths\b|odd\b|"
    r"(?<=\b1 )[3-9]th\b)"
)
"""Behind a number that is no amount, or only about one."""

_NUMBERS = re.compile(NUMBER)
_WORDS = {"none": Decimal(0), "once": Decimal(1), "twice": Decimal(2), "thrice": Decimal(3)}
_WORD = re.compile(rf"^(?:just |only |about )*({'|'.join(_WORDS)})(?: at all| a (?:day|week|month|year))?$")

_SCALE = re.compile(
    r"(?:on |in )?(?:a |the )?scale (?:of|from) \d+ (?:to|through|and) \d+|out of (?:a |the )?(?:possible )?\d+"
    r"|\b(?:half|quarter) (?:past|to) \d+|\bis \d+ the (?:good|bad|best|worst|top|highest|lowest|high|low)\b"
    r"|(?<=\d) over 10\b|(?:between|from) (?:0|1) (?:and|to) 10\b"
)
_FULL = re.compile(r"\b(?:full marks|top marks|(?:perfect|top|highest|maximum|full) (?:score|marks|rating))\b")
_SLIPS = {
    "nein": "9", "ate": "8", "heaven": "7", "sics": "6", "sicks": "6", "sex": "6", "fife": "5", "for": "4", "fore": "4",
    "tree": "3", "free": "3", "to": "2", "too": "2", "won": "1", "tin": "10", "tan": "10",
}  # fmt: skip
"""What recognizers make of a mark; believed only where nothing else was said."""
_SLIP = re.compile(
    r"^(?:(?:um|uh|er|oh|well|a|an|the|maybe|say|about|id|ill|give|it|you|i|probably|like) )*"
    rf"(?P<slip>{'|'.join(_SLIPS)})(?= out of|$| please$)"
)
_GIVEN = re.compile(
    r"\b(?:give|gave|giving|say|said|rate|rated|score|scored|be|its|a|an|solid|got|make|put|go|going)"
    r"(?: (?:it|you|them|that|him|her|this|with|for|down|as|at|a|an|about|like|my))* $"
)
_POINTS = re.compile(r" (?:stars?|points?|marks?|out)\b")
_OTHER_UNIT = re.compile(
    r" (?:years?|months?|weeks?|days?|hours?|minutes?|mins|seconds?|times?|(?:different )?people|persons?|"
    r"star service|calls?|of (?:us|them|my|our|your|those)|kids|"
    r"children|visits?|attempts?|tries|things?|problems?|dollars?|pounds?|euros?|quid|bucks|oclock|a ?m|p ?m)\b"
)


def numbers(text: str) -> list[Found[Decimal]]:
    """Every number; figures side by side are one number where they can be read so (`1 50`, `19 98`)."""
    found = [Found(_WORDS[match[1]], *match.span(1)) for match in _WORD.finditer(text)]
    for run in RUN.finditer(text):
        found.extend(joined(run))
    return [each for each in found if not NO_AMOUNT.match(text, each.end)]


def joined(run: re.Match[str]) -> Iterator[Found[Decimal]]:
    """The one number that a run makes, else each of its figures; after "not" the first is another's."""
    denied = run.string.endswith("not ", 0, run.start()) and " " in run[0]
    value = None if denied else _as_one(run[0].replace("oh", "0").split())
    if value is not None:
        yield Found(value, *run.span())
        return
    for match in _NUMBERS.finditer(run[0]):
        yield Found(Decimal(match[0]), run.start() + match.start(), run.start() + match.end())


def _as_one(parts: list[str]) -> Decimal | None:
    """Digits read out are one number, and so are hundreds and the rest (`2 50`, `2 0 6`)."""
    if len(parts) == 1:
        return Decimal(parts[0])
    if not all(part.isdigit() for part in parts):
        return None
    if all(len(part) == 1 for part in parts) and (len(parts) > 2 or "0" in parts):
        return Decimal("".join(parts))
    hundreds, rest = parts[0], "".join(parts[1:])
    sides = len(parts) == 2 or parts[1] == "0"
    if sides and len(rest) == 2 and 1 <= int(hundreds) <= 99 and hundreds != rest:
        return Decimal(hundreds + rest)
    return None


def ratings(text: str) -> list[Found[Decimal]]:
    """Numbers that can be marks; what stands for the scale itself or counts something else is left out."""
    slip = _SLIP.match(text)
    if slip:
        return [Found(Decimal(_SLIPS[slip["slip"]]), *slip.span("slip"))]
    scored = mask(text, (match.span() for match in _SCALE.finditer(text)))
    found = [Found(Decimal(10), *match.span(), rank=1) for match in _FULL.finditer(scored)]
    for match in _NUMBERS.finditer(scored):
        if not _OTHER_UNIT.match(text, match.end()):
            given = preceding(_GIVEN, text, match.start()) or _POINTS.match(text, match.end())
            found.append(Found(Decimal(match[0]), *match.span(), rank=1 if given else 0))
    return sorted(found, key=lambda each: each.start)
