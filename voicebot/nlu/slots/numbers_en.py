"""English utterances with their numbers written in figures: `half past 3`, `the 25th of january`.

Numbers that stand side by side stay apart (`9 15`, `20 27`), because only the question tells whether they are
a time, a year or digits. Every ordinal ends in `th`, and `o'clock` is `oclock`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from voicebot.nlu.slots import idioms, words_en
from voicebot.nlu.slots.heard import Heard
from voicebot.nlu.slots.value import decimal_text

_TOKEN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d+(?:st|nd|rd|th)\b|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[:/.]\d+)*|[a-z]+(?:['’][a-z]+)*|[$£€¥+]"
)
_LITERAL = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

_SPELLINGS = {
    "o": "oh", "fourty": "forty", "ninty": "ninety", "nought": "zero", "naught": "zero", "nil": "zero",
    "niner": "nine", "k": "thousand", "grand": "thousand", "lac": "lakh", "lacs": "lakh", "lakhs": "lakh",
    "crores": "crore", "thousands": "thousand", "millions": "million", "treble": "triple",
    "passed": "past", "til": "till", "gonna": "going", "tmrw": "tomorrow", "tomoro": "tomorrow",
    "noone": "nobody",
}  # fmt: skip
_UNITS = {word: value for value, word in enumerate(words_en.SMALL)}
_TENS = {word: 10 * value for value, word in enumerate(words_en.TENS, 2)}
_ORDINALS = {word: value for value, word in enumerate(words_en.ORDINALS)} | {"twentieth": 20, "thirtieth": 30}
_SCALES = {word: value for value, word in words_en.LARGE.items()} | {"lakh": 10**5, "crore": 10**7, "dozen": 12}
_ALONE = {"hundred", "thousand", "million", "billion", "lakh", "crore", "dozen"}
_ROUGH = {"few", "several", "many", "some", "odd"}
_COLLOQUIAL = {"k", "grand", "thousands", "millions", "lakhs", "crores"}
"""Scales that need a number before them ("that would be grand", "thousands of people")."""

_ONE_AFTER = {"no", "that", "the", "this", "which", "any", "some", "every", "each", "another", "other", "good", "new",
              "old", "first", "second", "third", "wrong", "right", "last", "next", "loved", "everyone"}  # fmt: skip
_ONE_BEFORE = {"of", "moment", "second", "sec", "minute", "thing", "day", "another", "more", "who", "that", "time",
               "way", "by", "sir", "please", "is", "was"}  # fmt: skip
"""Neighbours that show "one" to be a pronoun or part of an idiom. After "just the" it is a number again."""
_PARTS = {"and a half": Decimal("0.5"), "and a quarter": Decimal("0.25"), "and three quarters": Decimal("0.75")}
_SECOND_AFTER = {"a", "one", "just", "per", "every", "split", "each", "this", "half", "wait", "hold"}


def hear(source: str) -> Heard:
    """The utterance in lower case, without punctuation, one space between words, numbers in figures."""
    meant = idioms.ENGLISH.sub(lambda idiom: " " * len(idiom[0]), source.lower())
    tokens = [(_stem(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(meant)]
    said = [word for word, _, _ in tokens]
    words = [_SPELLINGS.get(word, word) for word in said]
    pieces = ((text, tokens[i][1], tokens[j - 1][2]) for text, i, j in _rewrite(words, said))
    return Heard.of(source, pieces, " ")


def _stem(word: str) -> str:
    """The word without apostrophes, and a number without what hangs on it: "eleven's fine", "fourish"."""
    word = word.replace("’", "'")
    for ending in ("'s", "ish"):
        if word.removesuffix(ending) in _UNITS:
            return word.removesuffix(ending)
    return word.replace("'", "")


def _rewrite(words: list[str], said: list[str]) -> Iterator[tuple[str, int, int]]:
    """(text, first word, word after the last) over the whole utterance."""
    at = 0
    while at < len(words):
        text, end = _read(words, said, at)
        yield text, at, end
        at = end


def _read(words: list[str], said: list[str], at: int) -> tuple[str, int]:
    number = _ordinal(words, at)
    if number:
        return f"{number[0]}th", number[1]
    if words[at] in {"minus", "negative"} and (below := _quantity(words, said, at + 1)):
        return f"-{decimal_text(below[0])}", below[1]
    quantity = _quantity(words, said, at)
    if quantity is None:
        return (said[at] if said[at] in _COLLOQUIAL else words[at]), at + 1
    value, end = quantity
    literal = end == at + 1 and words[at][0].isdigit()
    return (words[at].replace(",", "") if literal else decimal_text(value)), end


def _word(words: list[str], at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""


def _ordinal(words: list[str], at: int) -> tuple[int, int] | None:
    word, following = words[at], _word(words, at + 1)
    if word[0].isdigit() and word[-1].isalpha():
        return int(word[:-2]), at + 1
    if word in _TENS and 1 <= _ORDINALS.get(following, 0) <= 9:
        return _TENS[word] + _ORDINALS[following], at + 2
    if word == "second" and _word(words, at - 1) in _SECOND_AFTER:
        return None
    return (_ORDINALS[word], at + 1) if word in _ORDINALS else None


def _quantity(words: list[str], said: list[str], at: int) -> tuple[Decimal, int] | None:
    """A cardinal with what may follow it: `point five`, `and a half`, and a scale after either.

    Half of what was last said: "a thousand and a half" is 1500.
    """
    number = _beginning(words, said, at)
    if number is None:
        return None
    value, at = number
    fraction = _fraction(words, at)
    if fraction:
        unit = _scale_of(words[at - 1]) if words[at] == "and" else 1
        value, at = value + fraction[0] * (unit or 1), fraction[1]
        if _word(words, at) in _SCALES:
            value, at = value * _SCALES[words[at]], at + 1
    return value, at


def _beginning(words: list[str], said: list[str], at: int) -> tuple[Decimal, int] | None:
    word, following = _word(words, at), _word(words, at + 1)
    if word == "point" and following in _UNITS:
        return Decimal(0), at
    if word == "half" and following == "a" and (scale := _scale_of(_word(words, at + 2))):
        return Decimal(scale) / 2, at + 3
    article = word in {"a", "an"}
    if "couple" in {word, following if article else ""}:
        return _couple(words, at + 1 + article)
    if article and _scale_of(following):
        return _cardinal(words, at + 1)
    if word == "one" and _is_pronoun(words, at):
        return None
    if _scale_of(word) and (word not in _ALONE or said[at] in _COLLOQUIAL or _word(words, at - 1) in _ROUGH):
        return None
    return _cardinal(words, at)


def _couple(words: list[str], at: int) -> tuple[Decimal, int]:
    at += _word(words, at) == "of"
    scale = _scale_of(_word(words, at))
    return (Decimal(2 * scale), at + 1) if scale else (Decimal(2), at)


def _scale_of(word: str) -> int:
    return 100 if word == "hundred" else _SCALES.get(word, 0)


def _is_pronoun(words: list[str], at: int) -> bool:
    previous, following = _word(words, at - 1), _word(words, at + 1)
    if following in _UNITS or following in _TENS or _scale_of(following) or previous in _UNITS:
        return False
    if previous == "the" and not following and {"just", "only"} & set(words):
        return False
    return previous in _ONE_AFTER or following in _ONE_BEFORE


def _fraction(words: list[str], at: int) -> tuple[Decimal, int] | None:
    part = _PARTS.get(" ".join(words[at : at + 3]))
    if part and _word(words, at + 3) not in {"past", "to"}:
        return part, at + 3
    if _word(words, at) != "point":
        return None
    digits = ""
    end = at + 1
    while (small := _UNITS.get(_word(words, end), 10)) < 10 or _word(words, end) == "oh":
        digits += str(small % 10)
        end += 1
    if not digits and (two := _below_hundred(words, end)):
        digits, end = str(two[0]), two[1]
    return (Decimal(f"0.{digits}"), end) if digits else None


def _cardinal(words: list[str], at: int) -> tuple[Decimal, int] | None:
    """The longest number in words whose scales fall: `two thousand and six`."""
    total, limit, start = Decimal(0), 10**18, at
    while part := _below_thousand(words, at, limit):
        value, end = part
        scale = _SCALES.get(_word(words, end), 0)
        if scale >= limit:
            break
        total, at = total + value * (scale or 1), end + bool(scale)
        if not scale or scale == 12:
            break
        limit = scale
        if _word(words, at) == "and" and _below_thousand(words, at + 1, limit):
            at += 1
    return (total, at) if at > start else None


def _below_thousand(words: list[str], at: int, limit: int) -> tuple[Decimal, int] | None:
    """A part before a scale: `two hundred and six`, `sixty`, a figure, or nothing said before a scale."""
    word = _word(words, at)
    if limit == 10**18 and _scale_of(word):
        small: tuple[Decimal, int] | None = (Decimal(1), at)
    else:
        small = _below_hundred(words, at)
    if small is None or small[0] >= limit:
        return None
    value, end = small
    if _word(words, end) != "hundred" or limit <= 100 or value == 0:
        return small
    value, end = value * 100, end + 1
    rest = _below_hundred(words, end + (_word(words, end) == "and"))
    if rest and 0 < rest[0] < 100 and not _goes_on(words, rest[1]):
        return value + rest[0], rest[1]
    return value, end


def _goes_on(words: list[str], at: int) -> bool:
    """Whether what came before was a digit of many ("nine hundred, one two three"), or the next number's."""
    one_digit = words[at - 1] in _UNITS and words[at - 2] not in _TENS
    following = _word(words, at)
    return following == "hundred" or (one_digit and (following in _UNITS or following in {"oh", "double", "triple"}))


def _below_hundred(words: list[str], at: int) -> tuple[Decimal, int] | None:
    word, following = _word(words, at), _word(words, at + 1)
    if word in _TENS:
        unit = _UNITS.get(following, 0)
        return (Decimal(_TENS[word] + unit), at + 2) if 1 <= unit <= 9 else (Decimal(_TENS[word]), at + 1)
    if word in _UNITS:
        return Decimal(_UNITS[word]), at + 1
    return (Decimal(word.replace(",", "")), at + 1) if _LITERAL.fullmatch(word) else None
