"""Digits read out in English: single, doubled, in tens and hundreds, with the slips that recognizers make."""

from __future__ import annotations

import re

from voicebot.nlu.slots.heard import Found
from voicebot.nlu.slots.words_en import SMALL

_SLIPS = {
    "one": "1", "won": "1", "to": "2", "too": "2", "tree": "3", "free": "3", "for": "4", "fore": "4",
    "sex": "6", "ate": "8",
}  # fmt: skip
"""What recognizers make of digits; believed only between two digits."""
_TIMES = {"double": 2, "triple": 3, "quadruple": 4}
_BETWEEN = frozenset(
    [
        *("uh", "um", "er", "erm", "hmm", "a", "and", "then", "dash", "hyphen", "space", "comma", "dot", "point", "so"),
        *("its", "thats", "okay", "ok", "yeah", "yes", "next", "is", "well", "like", "slash", "stroke"),
        *("followed", "by", "again"),
    ]
)
_PLURALS = {f"{word}s": digit for digit, word in enumerate(SMALL[:10])} | {"sixes": 6, "ohs": 0}
_COUNTED = re.compile(
    r"\b(?:the )?(?:last|first|final|next) \d+(?: (?:digits?|numbers?|figures?))?\b"
    r"|\b\d+ (?:digits?|numbers|figures|letters|cards?|accounts?|phones?|lines|"
    r"seconds?|minutes?|hours?|days?|weeks?|times)\b"
)
_WORD = re.compile(r"\S+")


def digits(text: str) -> list[Found[str]]:
    """Runs of digits, the longest ranked first; fillers within a run do not break it."""
    text = _COUNTED.sub(lambda match: "\0" * len(match[0]), text)
    spans = [match.span() for match in _WORD.finditer(text)]
    words = [text[begin:after] for begin, after in spans]
    found: list[Found[str]] = []
    run, start, end, at = "", 0, 0, 0
    while at < len(words):
        read, after = _digits_at(words, at, bool(run))
        if read:
            start = start if run else spans[at][0]
            run, end = run + read, spans[after - 1][1]
        elif words[at] not in _BETWEEN and run:
            found.append(Found(run, start, end, rank=len(run)))
            run = ""
        at = after
    return [*found, Found(run, start, end, rank=len(run))] if run else found


def _digits_at(words: list[str], at: int, within: bool) -> tuple[str, int]:
    """The digits that begin at a word, and the word after them; no digits where it says none."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in _TIMES:
        times = _TIMES[word]
        if following in _TIMES:
            return "", at + 1
        digit = _one_digit(following)
        return (digit[0] * times + digit[1:], at + 2) if digit else ("", at + 1)
    if following in _PLURALS and word.isdigit() and len(word) == 1:
        return str(_PLURALS[following]) * int(word), at + 2
    if word == "+" and following[:1].isdigit() and not within:
        return f"+{_plain(following)}", at + 2
    if word == "plus" and not within and _one_digit(following):
        return f"+{_one_digit(following)}", at + 2
    if word == "oh":
        return ("0", at + 1) if within or _begins_digits(following) or len(words) == 1 else ("", at + 1)
    if word in _SLIPS:
        return (_SLIPS[word], at + 1) if within and _begins_digits(following) else ("", at + 1)
    return (_plain(word), at + 1) if word[0].isdigit() and not word.endswith("th") else ("", at + 1)


def _begins_digits(word: str) -> bool:
    return bool(_one_digit(word)) or word in _TIMES


def _one_digit(word: str) -> str:
    return "0" if word == "oh" else _plain(word) if word[:1].isdigit() else ""


def _plain(word: str) -> str:
    return re.sub(r"\D", "", word)
