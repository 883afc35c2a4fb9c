"""All templates of a language as one machine that reads an utterance once, word by word.

Rule: the work done per word is bounded by the templates that its words have begun, never by how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass

from voicebot.nlu.templates import Choice, Expression, Gap, Sequence, Template, Word

_ANYWHERE, _OPENING = 0, 1
_MOST_REPAIRS = 2


@dataclass(frozen=True)
class Arc:
    """One way to read the words from a place up to `end`. `repair` tells what was mended, "" if nothing was."""

    word: str
    end: int
    repair: str = ""


@dataclass(frozen=True)
class Match:
    """A template found in words `start` to `end`."""

    template: Template
    start: int
    end: int
    repairs: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.end - self.start


_Thread = tuple[int, int, tuple[str, ...]]
"""State reached, place begun at, repairs made on the way."""


class Automaton:
    """States joined by words. Built once, then only read."""

    def __init__(self, templates: Many[Template], longest_gap: int) -> None:
        self._edges: list[dict[str, list[int]]] = [{}, {}]
        self._over: list[list[int]] = [[], []]
        self._accepts: dict[int, Template] = {}
        self._longest_gap = longest_gap
        for template in templates:
            source = _OPENING if template.opens else _ANYWHERE
            for state in self._extend(template.expression, {source}):
                self._accepts[state] = template
        self.vocabulary = frozenset(word for edges in self._edges for word in edges)

    def _state(self) -> int:
        self._edges.append({})
        self._over.append([])
        return len(self._edges) - 1

    def _extend(self, expression: Expression, sources: set[int], target: int | None = None) -> set[int]:
        """Let `expression` follow any of `sources`; the states where it ends (`target`, if one is given)."""
        match expression:
            case Word(text):
                end = self._state() if target is None else target
                for source in sources:
                    self._edges[source].setdefault(text, []).append(end)
                return {end}
            case Gap():
                return self._extend_gap(sources)
            case Sequence(parts):
                for part in parts:
                    sources = self._extend(part, sources, target if part is parts[-1] else None)
                return sources
            case Choice(parts):
                end = self._state() if target is None else target
                return set().union(*(self._extend(part, sources, end) for part in parts))

    def _extend_gap(self, sources: set[int]) -> set[int]:
        reached, last = set(sources), set(sources)
        for _ in range(self._longest_gap):
            state = self._state()
            for source in last:
                self._over[source].append(state)
            last = {state}
            reached |= last
        return reached

    def read(
        self, lattice: Many[Many[Arc]], openings: frozenset[int], endings: frozenset[int], solid: frozenset[int]
    ) -> list[Match]:
        """Every template found. `solid` are the places that no gap may pass over."""
        threads: list[dict[_Thread, None]] = [{} for _ in range(len(lattice) + 1)]
        found: dict[Match, None] = {}
        for place, arcs in enumerate(lattice):
            here = [*threads[place], (_ANYWHERE, place, ())]
            if place in openings:
                here.append((_OPENING, place, ()))
            for thread in here:
                for arc in arcs:
                    self._follow(thread, arc, place not in solid, threads[arc.end])
            for arc_end in {arc.end for arc in arcs}:
                self._collect(threads[arc_end], arc_end, arc_end in endings, found)
        return list(found)

    def _follow(self, thread: _Thread, arc: Arc, may_pass: bool, reached: dict[_Thread, None]) -> None:
        state, start, repairs = thread
        targets = self._edges[state].get(arc.word)
        if targets:
            made = (*repairs, arc.repair) if arc.repair else repairs
            if len(made) <= _MOST_REPAIRS:
                for target in targets:
                    reached[(target, start, made)] = None
        if may_pass and not arc.repair:
            for target in self._over[state]:
                reached[(target, start, repairs)] = None

    def _collect(self, threads: dict[_Thread, None], end: int, ending: bool, found: dict[Match, None]) -> None:
        for state, start, repairs in threads:
            template = self._accepts.get(state)
            if template and (ending or not template.closes):
                found[Match(template, start, end, repairs)] = None
