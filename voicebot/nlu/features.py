"""What the voter looks at in an utterance: its words and how they stand together, its sounds, and what templates found.

Rule: a feature is a name. The same names are made when the voter is trained and when it votes, by this module alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from voicebot.nlu.found import Findings, Found
from voicebot.nlu.intents import PHRASE
from voicebot.nlu.sounds import sound
from voicebot.nlu.text import Tokens, Utterance

_BEGIN, _END = "^", "$"
_FARTHEST = 3
"""How many words apart two may stand and still be noticed together."""

_LONGEST_WORD = 24
"""Of a longer word only the beginning is looked into."""


def features(utterance: Utterance, negated: tuple[int, ...]) -> list[str]:
    """The names of everything worth noticing in what was said; `negated`: how many negations reach each word."""
    words = utterance.words
    if not words:
        return []
    han = sum(not word.isascii() for word in words) * 2 > len(words)
    marked = (_BEGIN, *words, _END)
    names = list(_runs("w", marked, 3))
    for apart in range(2, _FARTHEST + 1):
        names += (f"p:{one}_{other}" for one, other in zip(marked, marked[apart:], strict=False))
    names += (f"n:{word}" for word, depth in zip(words, negated, strict=True) if depth % 2)
    if han:
        names += (f"n:{a}{b}" for a, b, d in zip(words, words[1:], negated, strict=False) if d % 2)
    else:
        for word in words:
            names += _letters(word)
    sounds = (_BEGIN, *(sound(word) or "?" for word in words), _END)
    names += _runs("s", sounds, 2)
    names.append(f"l:{_length(len(words), han)}")
    return list(dict.fromkeys(names))


def _runs(kind: str, marked: Tokens, longest: int) -> Iterator[str]:
    for length in range(1, longest + 1):
        for place in range(len(marked) - length + 1):
            run = marked[place : place + length]
            if run not in {(_BEGIN,), (_END,)}:
                yield f"{kind}:{' '.join(run)}"


@lru_cache(maxsize=8192)
def _letters(word: str) -> tuple[str, ...]:
    spelled = f"<{word[:_LONGEST_WORD]}>"
    return tuple(
        f"c:{spelled[place : place + length]}" for length in (2, 3, 4, 5) for place in range(len(spelled) - length + 1)
    )


def _length(words: int, han: bool) -> int:
    size = words // 2 if han else words
    return next((bound for bound in (1, 2, 3, 5, 8, 12, 20) if size <= bound), 30)


def evidence(findings: Findings) -> list[str]:
    """The names of what templates found: how much each kind of find proves is learned, not decreed."""
    told = [one for one in findings.meant if one.intent != PHRASE]
    names = [name for place, one in enumerate(told) for name in _evidence(one, first=place == 0)]
    names += (f"t:denied {intent}" for intent in sorted(findings.denied - {PHRASE}))
    return list(dict.fromkeys(names)) or ["t:nothing"]


def _evidence(one: Found, *, first: bool) -> Iterator[str]:
    kind = "hint" if one.match.template.hint else "firm"
    yield f"t:{one.intent} {kind}{' negated' * one.negated}{' mended' * bool(one.match.repairs)}"
    yield f"t:{one.intent} {kind} {next(name for share, name in _SHARES if one.covers >= share)}"
    yield f"t:{one.intent}{' opens' * one.opens}{' closes' * one.closes}"
    if first:
        yield f"t:best {one.intent} {kind}"


_SHARES = ((0.999, "whole"), (0.6, "most"), (0.3, "part"), (0.0, "bit"))
