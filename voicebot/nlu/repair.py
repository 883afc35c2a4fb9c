"""What a recognizer broke, mended word by word: "rong number", "re peat that", 我要退定.

Rule: a mend may never flip a meaning. No word that negates, agrees or refuses is ever made or unmade by one,
and a word that templates know is taken as it was heard (except where a language lists it as sounding alike).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from voicebot.nlu.automaton import Arc
from voicebot.nlu.sounds import sound
from voicebot.nlu.text import Tokens

_SPELLED_ALIKE = 84
_SOUND_AND_SPELLED_ALIKE = 44
_SHORTEST, _LONGEST = 3, 24
_LONGEST_JOIN = 3
_MOST_MENDS_OF_A_WORD = 4

_LEAST_LIKE = _SPELLED_ALIKE / (200 - _SPELLED_ALIKE)
"""Words whose lengths differ by more cannot be spelled alike."""

_MOST_MENDED = 12
"""Where more words of an utterance are unknown, it is another language, or noise."""


class Repairs:
    """The ways to read an utterance's words, as heard and as they may have been said."""

    def __init__(
        self,
        vocabulary: frozenset[str],
        untouchable: frozenset[str],
        alike: Mapping[str, frozenset[str]],
    ) -> None:
        self._vocabulary, self._untouchable, self._alike = vocabulary, untouchable, alike
        self._targets = sorted(word for word in vocabulary - untouchable if len(word) >= _SHORTEST and word.isascii())
        self._by_length = {
            length: [word for word in self._targets if _LEAST_LIKE <= length / len(word) <= 1 / _LEAST_LIKE]
            for length in range(_SHORTEST, _LONGEST + 1)
        }
        self._by_sound: dict[str, list[str]] = {}
        for word in self._targets:
            self._by_sound.setdefault(sound(word), []).append(word)
        self._mends = lru_cache(maxsize=4096)(self._look_up)

    def lattice(self, words: Tokens) -> list[list[Arc]]:
        """From each place, every arc by which it can be left."""
        unknown = [place for place, word in enumerate(words) if word not in self._vocabulary]
        given_up = frozenset(unknown[_MOST_MENDED:])
        return [
            [
                Arc(word, place + 1),
                *(() if place in given_up else self._mended(word, place)),
                *self._joined(words, place),
            ]
            for place, word in enumerate(words)
        ]

    def _mended(self, word: str, place: int) -> list[Arc]:
        if word in self._untouchable:
            return []
        return [Arc(mend, place + 1, f"{word}->{mend}") for mend in self._mends(word)]

    def _look_up(self, word: str) -> tuple[str, ...]:
        if word in self._alike:
            return tuple(sorted(self._alike[word] - self._untouchable))
        mendable = _SHORTEST <= len(word) <= _LONGEST and word.isalpha() and word.isascii()
        if word in self._vocabulary or not mendable:
            return ()
        targets = self._by_length.get(len(word), ())
        near = process.extract(word, targets, scorer=fuzz.ratio, score_cutoff=_SPELLED_ALIKE, limit=3)
        heard = [
            other
            for other in self._by_sound.get(sound(word), ())
            if len(sound(word)) > 1 and fuzz.ratio(word, other) >= _SOUND_AND_SPELLED_ALIKE
        ]
        return tuple(dict.fromkeys([*(match[0] for match in near), *heard]))[:_MOST_MENDS_OF_A_WORD]

    def _joined(self, words: Tokens, place: int) -> list[Arc]:
        arcs = []
        for end in range(place + 2, min(place + _LONGEST_JOIN, len(words)) + 1):
            parts = words[place:end]
            whole = "".join(parts)
            broken = any(part not in self._vocabulary for part in parts)
            if broken and whole in self._vocabulary and not self._untouchable.intersection((*parts, whole)):
                arcs.append(Arc(whole, end, f"{' '.join(parts)}->{whole}"))
        return arcs
