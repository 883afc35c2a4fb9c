"""What a text message to us means: the words that every centre must heed, then what else was written.

Rule: a word that stands alone means what the carriers have settled; in free words opting out outranks everything, in
whatever language it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from voicebot.nlu.intents import NONE, OPT_OUT
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import Hypothesis, Question, Understanding
from voicebot.nlu.understand import understand

Kind = Literal["stop", "start", "help", "maybe_stop", "words", "quiet"]
"""stop: never contact me again; start: takes that back; maybe_stop: may mean stop; words: for a human to read; quiet:
for nobody to read."""

WORDS: dict[Kind, tuple[str, ...]] = {
    "stop": ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "remove",
             "退订", "td", "t", "回t", "回td", "取消", "停止", "停发", "拒收",
             "baja", "alto", "parar", "detener", "cancelar"),
    "start": ("start", "unstop", "开始", "恢复", "alta"),
    "help": ("help", "info", "帮助", "ayuda"),
}  # fmt: skip
"""Words that mean this when nothing else is written. English ones: those that Twilio heeds, and REMOVE
(https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out); others: what senders in
those languages offer."""

OF_PROVIDER: dict[str, Kind] = {"STOP": "stop", "START": "start", "HELP": "help"}
"""Twilio's OptOutType -> ours: words of the centre's own are known to the provider only."""

QUIET = frozenset({"goodbye", "hold"})
"""What is written for politeness' sake."""

_IGNORED = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Meant:
    """The meaning of a message; `intent` is what its words were understood as, `language` what they are written in."""

    kind: Kind
    intent: str
    language: str


def read_message(body: str, *, opt_out: str = "", language: str = "", media: int = 0) -> Meant:
    """What the writer of `body` means. `opt_out` is the provider's reading, `language` the person's own, if known."""
    tag = _language(body, language)
    kind = _keyword(body, opt_out)
    if kind:
        return Meant(kind, OPT_OUT if kind == "stop" else NONE, tag)
    readings = [_understood(body, other) for other in (tag, *(known for known in LANGUAGES if known != tag))]
    if any(reading.intent == OPT_OUT and not reading.uncertain for reading in readings):
        return Meant("stop", OPT_OUT, tag)
    if any(_may_mean_stop(reading) for reading in readings):
        return Meant("maybe_stop", OPT_OUT, tag)
    intent = next((reading.intent for reading in readings if reading.intent != NONE), NONE)
    quiet = not media and (intent in QUIET or not _bare(body))
    return Meant("quiet" if quiet else "words", intent, tag)


def _keyword(body: str, opt_out: str) -> Kind | None:
    """The provider's reading outranks ours, but for stopping, which either may find."""
    word = _bare(body)
    kinds: Iterable[Kind] = (kind for kind, words in WORDS.items() if word in words)
    ours = next(iter(kinds), None)
    return "stop" if ours == "stop" else OF_PROVIDER.get(opt_out, ours)


def _bare(body: str) -> str:
    """The letters and digits alone, in lower case."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", body).casefold())


def _language(body: str, language: str) -> str:
    """What a message is written in, as its script shows; else the person's own language, else the first one."""
    if _HAN.search(body):
        return next(tag for tag in LANGUAGES if tag.startswith("zh"))
    return language if language in LANGUAGES else next(iter(LANGUAGES))


def _understood(body: str, language: str) -> Understanding:
    return understand([Hypothesis(body)], load_language(LANGUAGES[language].data), Question())


def _may_mean_stop(reading: Understanding) -> bool:
    return reading.uncertain and any(candidate.intent == OPT_OUT for candidate in reading.candidates[:2])
