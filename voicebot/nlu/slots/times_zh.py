"""Times of day in Chinese utterances, as a table of what can be said, longest first."""

from __future__ import annotations

import re

from voicebot.nlu.slots.clock import Clock, Part, before, clock
from voicebot.nlu.slots.figures_zh import READ, figures
from voicebot.nlu.slots.heard import Found, Rule, rule, scan

_PARTS: dict[Part, str] = {
    "morning": "凌晨|清晨|清早|早晨|早上|上午|大清早|(?<=[今明昨天])早|一早",
    "noon": "中午|正午|午间",
    "afternoon": "下午|午后|后晌",
    "evening": "傍晚|黄昏",
    "night": "晚上|夜里|夜间|深夜|半夜|夜晚|(?<=[今明昨天])晚|(?<=[今明昨天后])夜",
}
_PART = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _PARTS.items()))
_HALF_DAY = rf"(?P<half>{'|'.join(_PARTS.values())})?的?"
_HOUR = r"(?<![\d.:])(?!(?<=[晚早快慢大小多少高低好差宜贵有])1点(?!钟|半|整|\d))(?P<hour>\d{1,2})(?:点钟?|时(?!候|间))"
"""一点 after 晚, 早 and the like is no hour: 晚一点 is "a bit later"."""
SAME_TIME = re.compile(r"(?:同样|同一|这个|这一|老|一样的?)(?:的)?(?:时间|时候|钟点)|这会儿|这时候")
_TO = r"(?P<minutes>1刻钟?|\d{1,2}分?钟?)"


def part(text: str) -> Part | None:
    """The part of the day that an utterance names, if it names one."""
    matches = list(_PART.finditer(text))
    name = matches[-1].lastgroup if matches else None
    return next((known for known in _PARTS if known == name), None)


def times(text: str) -> list[Found[Clock]]:
    """Every time of day."""
    return scan(_TIMES, text, None)


def _time(said: re.Match[str], _none: None) -> Clock | None:
    words = said.groupdict()
    minute = 30 if words.get("thirty") else 15 * int(words.get("quarters") or 0) or int(words.get("minute") or 0)
    return clock(int(said["hour"]), minute, _half_day(words))


def _to(said: re.Match[str], _none: None) -> Clock | None:
    full = clock(int(said["hour"]), 0, _half_day(said.groupdict()))
    minutes = said["minutes"]
    return before(full, 15 if "刻" in minutes else int(re.sub(r"\D", "", minutes))) if full else None


def _rough(said: re.Match[str], _none: None) -> Clock | None:
    """三四点 is from three to four: like every range of hours it is taken from its beginning."""
    return clock(int(figures(said["rough"])), 0, _half_day(said.groupdict()))


def _half_day(words: dict[str, str]) -> Part | None:
    return part(f"天{words['half']}") if words.get("half") else None


_MINUTES = r"(?:半|[1-3]刻钟?|零?[0-5]?\d分?)"
_TAKEN_BACK = r"(?:,|哦|啊|噢)?(?:不对|不是?|说错了?|错了),?(?:是|应该是)?"
_TIMES: list[Rule[None, Clock]] = [
    rule(
        rf"{_HALF_DAY}{_HOUR}{_MINUTES}?{_TAKEN_BACK}"
        r"(?:(?P<thirty>半)|(?P<quarters>[1-3])刻钟?|零?(?P<minute>[0-5]?\d)分)(?!点)",
        _time,
    ),
    rule(
        rf"{_HALF_DAY}(?<![\d.:])(?P<hour>\d{{1,2}})(?=(?:到|至|-|~)(?:{'|'.join(_PARTS.values())})?\d{{1,2}}(?:点|半))",
        _time,
    ),
    rule(rf"{_HALF_DAY}(?P<rough>十?[{READ}])[{READ}]点", _rough),
    rule(rf"{_HALF_DAY}差{_TO}(?:到|就)?{_HOUR}", _to),
    rule(rf"{_HALF_DAY}{_HOUR}差{_TO}", _to),
    rule(
        rf"{_HALF_DAY}{_HOUR}(?:过|,)?(?:(?P<thirty>半)|(?P<quarters>[1-3])刻钟?|零?(?P<minute>[0-5]?\d)分?(?![\d个天]))",
        _time,
    ),
    rule(rf"{_HALF_DAY}(?<![\d.:])(?P<hour>\d{{1,2}})[:](?P<minute>[0-5]\d)(?!\d)", _time),
    rule(rf"{_HALF_DAY}{_HOUR}(?:整|左右|前后)?(?!半?[一]?[儿些都也])", _time),
    rule(rf"{_HALF_DAY}(?<=上午|下午|晚上|中午|早上|凌晨|傍晚)(?P<hour>\d{{1,2}})$", _time),
    rule(r"^(?:大概|大约|就|那就|嗯|,)*(?P<hour>\d{1,2})(?:吧|左右)?$", _time),
    rule(r"正午|中午(?!以?后|之后)(?=(?:吧|左右|可以|打)?$)", lambda _said, _none: Clock(12, 0, "noon")),
    rule(r"午夜|半夜12点", lambda _said, _none: Clock(12, 0, "night")),
]
