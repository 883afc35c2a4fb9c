"""Whether a caller who speaks while a prompt plays means to cut it: pure rules on a partial utterance.

Rule: this decides on the prompt alone. What was meant is decided on finished utterances, by the engine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from voicebot.nlu.intents import OPT_OUT
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import Hypothesis, Question
from voicebot.nlu.text import Phrases, split
from voicebot.nlu.understand import understand

ECHO_WORDS = 7
"""So many words in a row of the prompt itself, finished while it plays, are the prompt coming back from the caller's
loudspeaker. Fewer may as well be an answer in the prompt's own words ("I don't need it")."""

SIGNS_PER_WORD = 2
"""Chinese signs that count as one word."""

BREAKS = frozenset(".!?;,。、")

_SIGN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class BargeIn:
    """What cuts a prompt: so many words, or voice for so many milliseconds; `allowed`: whether anything does."""

    words: int = 2
    voice: int = 1200
    allowed: bool = True


def cuts(rule: BargeIn, said: str, voiced: int, prompt: str, language: str) -> bool:
    """Whether a caller who has `said` so much so far, with `voiced` milliseconds of voice, cuts the prompt."""
    if not rule.allowed:
        return False
    words = without_backchannels(said, language)
    if said.strip() and not words:
        return False
    if words and is_stretch_of(words, prompt):
        return False
    return voiced >= rule.voice or length(words) >= rule.words or (bool(words) and commands(said, language))


def is_idle(said: str, prompt: str, language: str) -> bool:
    """Whether a finished utterance, said while the prompt plays, answers nothing: a backchannel, or an echo."""
    words = without_backchannels(said, language)
    return not words or (length(words) >= ECHO_WORDS and is_stretch_of(words, prompt))


def without_backchannels(said: str, language: str) -> tuple[str, ...]:
    """The words that say more than hello, and than "go on, I am listening"."""
    return _words(_backchannels(language).replace(split(said)))


def is_stretch_of(words: tuple[str, ...], prompt: str) -> bool:
    """Whether the words stand in the prompt, in this order and with nothing between them."""
    return f" {' '.join(words)} " in _plain(prompt)


def length(words: tuple[str, ...]) -> int:
    """How many words these are, a Chinese sign being half a word."""
    signs = sum(1 for word in words if _SIGN.match(word))
    return len(words) - signs + signs // SIGNS_PER_WORD


@lru_cache(maxsize=1024)
def commands(said: str, language: str) -> bool:
    """Whether even a word or two plainly ask to be left alone; whoever says so need not wait for the prompt's end."""
    meant = understand([Hypothesis(said)], load_language(LANGUAGES[language].data), Question())
    return meant.intent == OPT_OUT and not meant.uncertain


@lru_cache(maxsize=8)
def _backchannels(language: str) -> Phrases:
    return Phrases({tuple(split(phrase)): () for phrase in LANGUAGES[language].backchannels})


@lru_cache(maxsize=256)
def _plain(prompt: str) -> str:
    return f" {' '.join(_words(split(prompt)))} "


def _words(tokens: list[str]) -> tuple[str, ...]:
    """The tokens without punctuation."""
    return tuple(token for token in tokens if token not in BREAKS)
