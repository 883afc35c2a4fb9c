"""Waits from now in Chinese utterances: `半个小时以后`."""

from __future__ import annotations

import re
from datetime import timedelta

from voicebot.nlu.slots.heard import Found, Rule, rule, scan


def waits(text: str) -> list[Found[timedelta]]:
    """Every wait."""
    return scan(_WAITS, text, None)


def _wait(said: re.Match[str], _none: None) -> timedelta:
    words = said.groupdict()
    hours = 0.5 if words.get("hours") == "半" else float(words.get("hours") or 0)
    hours += 0.5 * bool(words.get("half"))
    minutes = 15 * int(words.get("quarters") or 0) or int(words.get("minutes") or 0)
    return timedelta(minutes=round(60 * hours + minutes))


_HOURS = (
    r"(?:(?P<hours>半|(?<![\d.])\d{1,2}(?:\.\d{1,2})?)个?(?P<half>半)?(?:小时|钟头|钟)(?:零?(?P<minutes>\d{1,3})分钟?)?"
    r"|(?P<quarters>[1-3])刻钟)"
)
_MINUTES = r"(?P<minutes>(?<!\d)\d{1,3})分钟"
_ABOUT = r"(?:个|大概|大约|差不多|嗯|呃|,)*"
_BEFORE = rf"(?:再过|过|再等|等我?|给我){_ABOUT}"
_BEHIND = r"(?:左右)?(?:以后|之后|过后|后)"
_WAITS: list[Rule[None, timedelta]] = [
    rule(pattern, _wait)
    for length in (_HOURS, _MINUTES)
    for pattern in (f"{length}{_BEHIND}", f"{_BEFORE}{length}", f"^{_ABOUT}{length}(?:左右|吧)*$")
]
