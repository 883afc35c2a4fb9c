"""Numbers and ratings in Chinese utterances."""

from __future__ import annotations

import re
from decimal import Decimal

from voicebot.nlu.slots.heard import Found, mask, preceding

_WHOLE = r"(?<![\d.第:/])-?\d+"
NUMBER = rf"{_WHOLE}(?:\.\d+)?(?![\d:/]|\.\d)"

_NUMBER = re.compile(rf"(?P<whole>{_WHOLE})点(?P<decimals>\d+)(?![分\d])|(?P<half>{NUMBER})个半|(?P<plain>{NUMBER})")
_WEEKDAY = re.compile(r"(?:星期|礼拜)[1-6](?!\d)|(?<!\d)周[1-6](?![\d次个回遍趟节天块元分小])")
_NO_NUMBER = re.compile(r"%|几|多(?!少)|点(?:钟|半)|号(?!人)")

_SCALE = re.compile(
    r"(?:满分)?(?:是|为)?10分(?:制|里面?|的话|满分|中|当中|之中)?(?:的?话)?[,我]*(?=[给打评]?\d)"
    r"|(?<!\d)\d{1,3}到\d{1,3}分?(?:里|之间|打分|评分)|(?<!\d)\d{1,3}分满分|满分(?:是|为)?\d{1,3}分(?!吧|$)|(?<!\d)\d{1,3}分制"
)
_WITH_TENTHS = re.compile(r"(?<!\d)(\d{1,2})点(\d)分")
_FULL = re.compile(r"满分|最高分")
_GIVEN = re.compile(r"[给打评就算是][你您他它她们个]*$")
_SLIPS = {mark: figure for figure, marks in {
    "9": "就久酒", "8": "吧巴爸霸", "7": "起期气", "6": "留溜流", "5": "午武舞", "3": "散伞", "0": "灵林",
}.items() for mark in marks}  # fmt: skip
"""What recognizers make of a mark; believed only where nothing else was said."""
_SLIP = re.compile(rf"^(?:我?[给打])?(?P<slip>[{''.join(_SLIPS)}])分(?:吧|了)?$")
_OTHER_UNIT = re.compile(r"[多几]?(?:[年月天次回遍岁人口位小]|个(?!分)|分钟|星期|块|元|号|成|点(?!分)|家)")


def numbers(text: str) -> list[Found[Decimal]]:
    """Every number; 点 is the decimal point, 个半 a half more. The days of the week are none."""
    text = mask(text, (match.span() for match in _WEEKDAY.finditer(text)))
    matches = [match for match in _NUMBER.finditer(text) if not _NO_NUMBER.match(text, match.end())]
    return [Found(_value(match.groupdict()), *match.span()) for match in matches]


def _value(said: dict[str, str | None]) -> Decimal:
    if said["whole"]:
        return Decimal(f"{said['whole']}.{said['decimals']}")
    return Decimal(said["half"]) + Decimal("0.5") if said["half"] else Decimal(said["plain"] or 0)


def ratings(text: str) -> list[Found[Decimal]]:
    """Numbers that can be marks; what stands for the scale itself or counts something else is left out."""
    slip = _SLIP.match(text)
    if slip:
        return [Found(Decimal(_SLIPS[slip["slip"]]), *slip.span("slip"))]
    scored = mask(text, (match.span() for match in _SCALE.finditer(text)))
    found = [Found(Decimal(10), *match.span(), rank=1) for match in _FULL.finditer(scored)]
    halves = list(_WITH_TENTHS.finditer(scored))
    found.extend(Found(Decimal(f"{match[1]}.{match[2]}"), *match.span(), rank=1) for match in halves)
    scored = mask(scored, (match.span() for match in halves))
    for each in numbers(scored):
        if not _OTHER_UNIT.match(text, each.end):
            given = text.startswith("分", each.end) or preceding(_GIVEN, text, each.start)
            half = Decimal("0.5") if text.startswith("分半", each.end) else 0
            found.append(Found(each.value + half, each.start, each.end, rank=1 if given else 0))
    return sorted(found, key=lambda each: each.start)
