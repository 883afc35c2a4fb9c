"""All templates of a language as one machine that reads an utterance once, word by word.

Rule: the states that one word leads to are one step, worked out when it is first taken and remembered; so the
work per word does not grow with the number of templates.
"""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass

from voicebot.nlu.templates import Choice, Expression, Gap, Sequence, Template, Word

_ANYWHERE, _OPENING = 0, 1
_MOST_REPAIRS = 2
_MOST_STEPS = 200_000
"""Steps remembered before they are forgotten and worked out anew: some tens of megabytes."""


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
"""Group of states reached, place begun at, repairs made on the way."""

_NOWHERE = -1
_NO_STATES: tuple[int, ...] = ()


class Automaton:
    """States joined by words. Built once; what it remembers of its own steps changes nothing of what it finds."""

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
        self._groups: dict[frozenset[int], int] = {}
        self._members: list[frozenset[int]] = []
        self._found: list[tuple[Template, ...]] = []
        self._gaps: dict[int, frozenset[int]] = {}
        self._steps: dict[tuple[int, str, bool], int] = {}
        self._anywhere = self._group(frozenset({_ANYWHERE}))
        self._opening = self._group(frozenset({_ANYWHERE, _OPENING}))

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
            here = [*threads[place], (self._opening if place in openings else self._anywhere, place, ())]
            for thread in here:
                for arc in arcs:
                    self._follow(thread, arc, place not in solid, threads[arc.end])
            for arc_end in {arc.end for arc in arcs}:
                self._collect(threads[arc_end], arc_end, arc_end in endings, found)
        return list(found)

    def _follow(self, thread: _Thread, arc: Arc, may_pass: bool, reached: dict[_Thread, None]) -> None:
        group, start, repairs = thread
        made = (*repairs, arc.repair) if arc.repair else repairs
        if len(made) > _MOST_REPAIRS:
            return
        next_group = self._step(group, arc.word, may_pass and not arc.repair)
        if next_group != _NOWHERE:
            reached[(next_group, start, made)] = None

    def _step(self, group: int, word: str, may_pass: bool) -> int:
        """The group that `word` leads to; with `may_pass` a gap may also swallow it."""
        key = (group, word if word in self.vocabulary else "", may_pass)
        known = self._steps.get(key)
        if known is None:
            edges = self._edges
            reached = {end for state in self._members[group] for end in edges[state].get(word, _NO_STATES)}
            if may_pass:
                reached |= self._passed(group)
            if len(self._steps) >= _MOST_STEPS:
                self._steps.clear()
            known = self._steps[key] = self._group(frozenset(reached)) if reached else _NOWHERE
        return known

    def _passed(self, group: int) -> frozenset[int]:
        """The states that a gap leads to from a group, whatever the word."""
        known = self._gaps.get(group)
        if known is None:
            known = self._gaps[group] = frozenset(end for state in self._members[group] for end in self._over[state])
        return known

    def _group(self, states: frozenset[int]) -> int:
        known = self._groups.get(states)
        if known is None:
            known = len(self._members)
            self._members.append(states)
            self._found.append(tuple(self._accepts[state] for state in sorted(states) if state in self._accepts))
            self._groups[states] = known
        return known

    def _collect(self, threads: dict[_Thread, None], end: int, ending: bool, found: dict[Match, None]) -> None:
        for group, start, repairs in threads:
            for template in self._found[group]:
                if ending or not template.closes:
                    found[Match(template, start, end, repairs)] = None
