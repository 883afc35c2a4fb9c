"""Waits from now in English utterances: `in half an hour`."""

from __future__ import annotations

import re
from datetime import timedelta

from voicebot.nlu.slots.heard import Found, Rule, rule, scan

_HOURS_OF = {
    "half": 0.5,
    "half an": 0.5,
    "a half": 0.5,
    "quarter of an": 0.25,
    "a quarter of an": 0.25,
    "3 quarters of an": 0.75,
    "a": 1.0,
    "an": 1.0,
}
_MORE = {" and a half": 0.5, " and a quarter": 0.25, " and 3 quarters": 0.75}

_COUNT = "|".join(sorted(_HOURS_OF, key=len, reverse=True))
_HOURS = (
    rf"\b(?P<hours>{_COUNT}|\d{{1,2}}(?:\.\d+)?) (?:hours?|hrs?)\b(?P<more>{'|'.join(_MORE)})?"
    r"(?: and)?(?: (?P<minutes>\d{1,3}) (?:minutes?|mins?))?"
)
_MINUTES = r"\b(?P<minutes>\d{1,3}(?:\.5)?) (?:minutes?|mins?)\b"
_ABOUT = r"(?:about |around |maybe |like |just |another |the next |um |uh |say ){0,3}"
_BEFORE = rf"\b(?:in|after|within|give me|another|for) {_ABOUT}"
_ONE_ONLY = r"(?! or (?:maybe )?(?:an?\b|\d))"
_BEHIND = r" (?:from now|times?|later|hence|or so)\b"


def waits(text: str) -> list[Found[timedelta]]:
    """Every wait."""
    return scan(_WAITS, text, None)


def _wait(said: re.Match[str], _none: None) -> timedelta:
    words = said.groupdict()
    hours = words.get("hours") or "0"
    length = _HOURS_OF[hours] if hours in _HOURS_OF else float(hours)
    length += _MORE.get(words.get("more") or "", 0)
    return timedelta(minutes=round(60 * length + float(words.get("minutes") or 0)))


_WAITS: list[Rule[None, timedelta]] = [
    rule(pattern, _wait)
    for length in (_HOURS, _MINUTES)
    for pattern in (f"{_BEFORE}{length}{_ONE_ONLY}", f"{length}{_BEHIND}", f"^{_ABOUT}{length}(?: please)?$")
]
