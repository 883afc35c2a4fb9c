"""Where boxes and lines of a layered drawing go: ranks from top to bottom, few crossings, straight lines.

The method of Sugiyama, Tagawa and Toda (1981): ways back are turned round, long lines get a bend on every rank they
pass, each rank is ordered by the middle of its neighbours, and then moved to stand straight. Labels are boxes of half a
rank, so that they lie on their lines and never on each other (Gansner and others, "A technique for drawing
directed graphs", 1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from voicebot.flows.graph.ranks import inversions, ranks_of, ways_back

Point = tuple[float, float]
Size = tuple[float, float]

BETWEEN = 26.0
"""Distance of neighbours on a rank."""

ROOM = 26.0
"""Distance of one half rank from the next."""

SWEEPS = 24
"""Times that all ranks are put in order, and then straightened, down and up."""


STRAIGHT = 12.0
"""How much more a bend wishes to stand above the others of its line than near its ends."""


@dataclass(frozen=True)
class Line:
    """A line to be drawn, with the size of its label."""

    source: str
    target: str
    label: Size = (0.0, 0.0)


@dataclass(frozen=True)
class Drawn:
    """A line as it goes: through points, from the lower side of its source to its target's upper side.

    `back`: it goes up, against the order of the ranks. `label` is the middle of its label.
    """

    points: tuple[Point, ...]
    label: Point
    back: bool


@dataclass(frozen=True)
class Layout:
    """The middle of each box, each line, and the size of the whole."""

    boxes: Mapping[str, Point]
    lines: tuple[Drawn, ...]
    size: Size


@dataclass
class _Cell:
    """A box, a label, or a bend."""

    rank: int
    size: Size
    x: float = 0.0
    above: list[int] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    bend: bool = True
    bends: Sequence[int] = ()
    """Of a bend: all those of its line."""


def layered(boxes: Mapping[str, Size], lines: Sequence[Line]) -> Layout:
    """The layout of the boxes, the first of which stands on top, and the lines."""
    return _Work(boxes, lines).layout()


class _Work:
    """One layout being worked out: cells by number, ranks as lists of them from left to right."""

    def __init__(self, boxes: Mapping[str, Size], lines: Sequence[Line]) -> None:
        self.lines = [line for line in lines if line.source != line.target]
        self.back = ways_back(list(boxes), [(line.source, line.target) for line in self.lines])
        ranks = ranks_of(list(boxes), [self._turned(number) for number in range(len(self.lines))])
        self.cells = [_Cell(2 * ranks[name], size, bend=False) for name, size in boxes.items()]
        self.number = {name: number for number, name in enumerate(boxes)}
        self.chains = [self._chain(number) for number in range(len(self.lines))]
        self.ranks: list[list[int]] = [[] for _ in range(max((cell.rank for cell in self.cells), default=0) + 1)]
        for number, cell in enumerate(self.cells):
            self.ranks[cell.rank].append(number)

    def layout(self) -> Layout:
        self._order()
        self._straighten()
        left = min((cell.x - cell.size[0] / 2 for cell in self.cells), default=0.0)
        for cell in self.cells:
            cell.x += BETWEEN - left
        tops, height = self._tops()
        width = max((cell.x + cell.size[0] / 2 for cell in self.cells), default=0.0) + BETWEEN
        boxes = {name: (self.cells[number].x, tops[self.cells[number].rank]) for name, number in self.number.items()}
        return Layout(boxes, tuple(self._drawn(number, tops) for number in range(len(self.lines))), (width, height))

    def _turned(self, number: int) -> tuple[str, str]:
        """The ends of a line from the upper to the lower one."""
        line = self.lines[number]
        return (line.target, line.source) if number in self.back else (line.source, line.target)

    def _chain(self, number: int) -> list[int]:
        """The cells of a line from top to bottom, its bends and its label among them."""
        upper, lower = (self.number[name] for name in self._turned(number))
        first, last = self.cells[upper].rank, self.cells[lower].rank
        labelled = last - 1 if number in self.back else first + 1
        chain = [upper]
        for rank in range(first + 1, last):
            self.cells.append(_Cell(rank, self.lines[number].label if rank == labelled else (4.0, 0.0)))
            chain.append(len(self.cells) - 1)
        for bend in chain[1:]:
            self.cells[bend].bends = chain[1:]
        chain.append(lower)
        for one, other in pairwise(chain):
            self.cells[one].below.append(other)
            self.cells[other].above.append(one)
        return chain

    # --- order --------------------------------------------------------------------------------------------------------

    def _order(self) -> None:
        best, fewest = [list(rank) for rank in self.ranks], self._crossings()
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            for rank in self.ranks[1:] if down else self.ranks[-2::-1]:
                self._sort(rank, down=down)
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(rank) for rank in self.ranks], crossings
        self.ranks = best

    def _sort(self, rank: list[int], *, down: bool) -> None:
        place = {number: index for one in self.ranks for index, number in enumerate(one)}
        keys = {}
        for number in rank:
            near = self.cells[number].above if down else self.cells[number].below
            keys[number] = sum(place[one] for one in near) / len(near) if near else float(place[number])
        rank.sort(key=lambda number: (keys[number], place[number]))

    def _crossings(self) -> int:
        total = 0
        for upper, lower in pairwise(self.ranks):
            place = {number: index for index, number in enumerate(lower)}
            ends = [
                place[below] for number in upper for below in sorted(self.cells[number].below, key=place.__getitem__)
            ]
            total += inversions(ends)
        return total

    # --- straight lines -----------------------------------------------------------------------------------------------

    def _straighten(self) -> None:
        for rank in self.ranks:
            self._place(rank, [0.0] * len(rank), [1.0] * len(rank))
        for sweep in range(3 * SWEEPS):
            down, both = sweep % 2 == 0, sweep >= SWEEPS
            for rank in self.ranks if down else reversed(self.ranks):
                wishes = [self._wish(self.cells[number], down=down or both, up=not down or both) for number in rank]
                self._place(rank, [x for x, _ in wishes], [weight for _, weight in wishes])

    def _wish(self, cell: _Cell, *, down: bool, up: bool) -> tuple[float, float]:
        """Where a cell would stand best, and how much it matters: long lines would rather be straight than short."""
        near = [*(cell.above if down else ()), *(cell.below if up else ())]
        pulls = [(1.0, self.cells[one].x) for one in near if not self.cells[one].bend or not cell.bend]
        if cell.bends:
            pulls.append((STRAIGHT, sum(self.cells[one].x for one in cell.bends) / len(cell.bends)))
        if not pulls:
            return cell.x, 0.1
        weight = sum(pull for pull, _ in pulls)
        return sum(pull * x for pull, x in pulls) / weight, weight

    def _place(self, rank: list[int], wished: list[float], weights: list[float]) -> None:
        """Put the cells of a rank as near to where they wish to be as their sizes allow (least squares, in order)."""
        offsets, width = [], 0.0
        for one, other in zip([None, *rank], rank, strict=False):
            if one is not None:
                width += (self.cells[one].size[0] + self.cells[other].size[0]) / 2 + BETWEEN
            offsets.append(width)
        blocks: list[tuple[float, float, int]] = []  # weight, weighted sum, length
        for wish, weight, offset in zip(wished, weights, offsets, strict=True):
            block = (weight, weight * (wish - offset), 1)
            while blocks and blocks[-1][1] / blocks[-1][0] > block[1] / block[0]:
                last = blocks.pop()
                block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
            blocks.append(block)
        starts = [total / weight for weight, total, length in blocks for _ in range(length)]
        for number, start, offset in zip(rank, starts, offsets, strict=True):
            self.cells[number].x = start + offset

    # --- what is drawn ------------------------------------------------------------------------------------------------

    def _tops(self) -> tuple[list[float], float]:
        """The middle of each rank from the top, and the height of all."""
        middles, y = [], BETWEEN
        for rank in self.ranks:
            height = max((self.cells[number].size[1] for number in rank), default=0.0)
            middles.append(y + height / 2)
            y += height + ROOM
        return middles, y - ROOM + BETWEEN

    def _drawn(self, number: int, tops: list[float]) -> Drawn:
        chain, back = self.chains[number], number in self.back
        upper, lower = chain[0], chain[-1]
        points: list[Point] = [
            (self._port(upper, number, below=True), tops[self.cells[upper].rank] + self._half(upper))
        ]
        for one in chain[1:-1]:
            cell, middle = self.cells[one], tops[self.cells[one].rank]
            half = max((self.cells[each].size[1] for each in self.ranks[cell.rank]), default=0.0) / 2
            points += [(cell.x, middle - half), (cell.x, middle + half)]
        points.append((self._port(lower, number, below=False), tops[self.cells[lower].rank] - self._half(lower)))
        label = chain[-2] if back else chain[1]
        where = (self.cells[label].x, tops[self.cells[label].rank])
        return Drawn(tuple(reversed(points)) if back else tuple(points), where, back)

    def _half(self, number: int) -> float:
        return self.cells[number].size[1] / 2

    def _port(self, number: int, line: int, *, below: bool) -> float:
        """Where on the side of a box a line begins or ends: side by side with the others, in the order they go."""
        mine = [other for other in range(len(self.lines)) if self.chains[other][0 if below else -1] == number]
        mine.sort(key=lambda other: self.cells[self.chains[other][1 if below else -2]].x)
        cell = self.cells[number]
        step = min(22.0, cell.size[0] * 0.8 / max(len(mine), 1))
        return cell.x + (mine.index(line) - (len(mine) - 1) / 2) * step
