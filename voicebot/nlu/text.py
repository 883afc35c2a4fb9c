"""Words as a recognizer writes them, brought to the one form in which templates are written.

Rule: nothing here adds or drops a negation; contractions are opened ("don't" is "do not") so that it can be seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Tokens = tuple[str, ...]

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*'?|[\u3400-\u9fff]|[.!?;,。、]")
_INITIALS = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
_BREAKS = frozenset(".!?;,。、")
_ACCENTS = re.compile("[\u0300-\u036f]+")
"""Recognizers write them or not ("más", "mas"), so no word is told from another by them."""
_FOLD = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "-": " ", "_": " ", "–": " ", "—": ","})


MOST_LETTERS, MOST_WORDS = 900, 90
"""Of a longer utterance the first two thirds of so many, and the last third, are read."""


def split(text: str) -> list[str]:
    """Lower-case words without accents; every Chinese character is a word; punctuation that ends a clause is kept."""
    folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_FOLD)
    return _TOKEN.findall(_INITIALS.sub(r"\1", folded))


class Phrases:
    """Phrases with a value each; finds the longest one that begins at a place."""

    def __init__(self, entries: Mapping[Tokens, Tokens]) -> None:
        self._by_first: dict[str, list[tuple[Tokens, Tokens]]] = {}
        for phrase in sorted(entries, key=len, reverse=True):
            self._by_first.setdefault(phrase[0], []).append((phrase, entries[phrase]))

    def at(self, words: list[str] | Tokens, place: int) -> tuple[int, Tokens] | None:
        """Length and value of the longest phrase that begins at `place`."""
        for phrase, value in self._by_first.get(words[place], ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return len(phrase), value
        return None

    def spans(self, words: Tokens) -> Iterator[tuple[int, int]]:
        """Every phrase in `words`, left to right, none overlapping."""
        begun = self._by_first
        place = 0
        while place < len(words):
            found = self.at(words, place) if words[place] in begun else None
            if found:
                yield place, place + found[0]
            place += found[0] if found else 1

    def replace(self, words: Iterable[str]) -> list[str]:
        """`words` with every phrase exchanged for its value."""
        source, place, begun = list(words), 0, self._by_first
        result: list[str] = []
        while place < len(source):
            found = self.at(source, place) if source[place] in begun else None
            length, value = found or (1, (source[place],))
            result.extend(value)
            place += length
        return result


@dataclass(frozen=True)
class Utterance:
    """Normalized words, and the places before which punctuation ended a clause."""

    words: Tokens
    breaks: frozenset[int] = field(default=frozenset())

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, eq=False)
class Spelling:
    """How one language is brought to its one form.

    `same` maps spellings, contractions and known slips to that form; `fillers` say nothing and are left out;
    a run of `shortest_stutter` or more words said twice in a row is said once, unless it is in `doubled`.
    """

    same: Phrases
    fillers: Phrases
    shortest_stutter: int
    doubled: frozenset[str]

    def words(self, text: str) -> Tokens:
        """The words of a template: in the one form, but with nothing left out."""
        return tuple(word for word in self._same_form(text) if word not in _BREAKS)

    def utterance(self, text: str) -> Utterance:
        """What somebody said. Where it is nothing but fillers, they are what was said.

        Of more than anybody says in one breath only the beginning and the end are read: any input takes little time.
        """
        said = self._same_form(_shortened(text))
        told = self._once(self.fillers.replace(said))
        return _utterance(_abridged(told if any(word not in _BREAKS for word in told) else self._once(said)))

    def _same_form(self, text: str) -> list[str]:
        return [word.partition("'")[0] or word for word in self.same.replace(split(text))]

    def _once(self, words: list[str]) -> list[str]:
        for length in (4, 3, 2, 1):
            if length >= self.shortest_stutter:
                words = _without_stutter(words, length, self.doubled)
        return words


def _shortened(text: str) -> str:
    if len(text) <= MOST_LETTERS:
        return text
    return f"{text[: MOST_LETTERS * 2 // 3]} . {text[-MOST_LETTERS // 3 :]}"


def _abridged(words: list[str]) -> list[str]:
    if len(words) <= MOST_WORDS:
        return words
    return [*words[: MOST_WORDS * 2 // 3], ".", *words[-MOST_WORDS // 3 :]]


def _without_stutter(words: list[str], length: int, doubled: frozenset[str]) -> list[str]:
    if len(set(words)) == len(words):
        return words
    result: list[str] = []
    place = 0
    while place < len(words):
        run = words[place : place + length]
        if len(run) == length and result[-length:] == run and not doubled.issuperset(run):
            place += length
        else:
            result.append(words[place])
            place += 1
    return result


def _utterance(told: list[str]) -> Utterance:
    words: list[str] = []
    breaks: set[int] = set()
    for word in told:
        if word in _BREAKS:
            breaks.add(len(words))
        else:
            words.append(word)
    return Utterance(tuple(words), frozenset(breaks - {0}))
