"""What a language brings to the slots: how it is heard, and what can be found in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from voicebot.nlu.slots import (
    amounts_en,
    amounts_zh,
    dates_en,
    dates_zh,
    digits_en,
    digits_zh,
    manners_en,
    manners_zh,
    money_en,
    money_zh,
    numbers_en,
    numbers_es,
    numbers_zh,
    times_en,
    times_es,
    times_zh,
    waits_en,
    waits_zh,
)
from voicebot.nlu.slots.choice import Manners
from voicebot.nlu.slots.clock import Clock, Part
from voicebot.nlu.slots.heard import Found, Heard
from voicebot.nlu.slots.ranges import Bounds
from voicebot.nlu.slots.value import Money


@dataclass(frozen=True)
class Grammar:
    """Each function reads `Heard.text`; only `hear` reads what the recognizer wrote."""

    hear: Callable[[str], Heard]
    manners: Manners
    bounds: Bounds
    numbers: Callable[[str], list[Found[Decimal]]]
    ratings: Callable[[str], list[Found[Decimal]]]
    money: Callable[[str], list[Found[Money]]]
    digits: Callable[[str], list[Found[str]]]
    dates: Callable[[str, date], list[Found[date]]]
    times: Callable[[str], list[Found[Clock]]]
    waits: Callable[[str], list[Found[timedelta]]]
    part: Callable[[str], Part | None]
    same_time: re.Pattern[str]
    """"At this time" of another day."""


GRAMMARS: dict[str, Grammar] = {
    "en": Grammar(
        hear=numbers_en.hear,
        manners=manners_en.MANNERS,
        bounds=manners_en.BOUNDS,
        numbers=amounts_en.numbers,
        ratings=amounts_en.ratings,
        money=money_en.money,
        digits=digits_en.digits,
        dates=dates_en.dates,
        times=times_en.times,
        waits=waits_en.waits,
        part=times_en.part,
        same_time=times_en.SAME_TIME,
    ),
    "zh": Grammar(
        hear=numbers_zh.hear,
        manners=manners_zh.MANNERS,
        bounds=manners_zh.BOUNDS,
        numbers=amounts_zh.numbers,
        ratings=amounts_zh.ratings,
        money=money_zh.money,
        digits=digits_zh.digits,
        dates=dates_zh.dates,
        times=times_zh.times,
        waits=waits_zh.waits,
        part=times_zh.part,
        same_time=times_zh.SAME_TIME,
    ),
    "es": Grammar(
        hear=numbers_es.hear,
        manners=numbers_es.MANNERS,
        bounds=times_es.BOUNDS,
        numbers=numbers_es.numbers,
        ratings=numbers_es.ratings,
        money=numbers_es.money,
        digits=numbers_es.digits,
        dates=times_es.dates,
        times=times_es.times,
        waits=times_es.waits,
        part=times_es.part,
        same_time=times_es.SAME_TIME,
    ),
}
"""By the name of the language's data (`languages.Language.data`); a language may do without."""
