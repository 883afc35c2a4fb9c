"""Which rank each box of a layered drawing stands on, and how many lines cross between two ranks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence


def ways_back(names: Iterable[str], ends: Sequence[tuple[str, str]]) -> set[int]:
    """The lines that close a circle, seen from the first box on."""
    leaving: dict[str, list[int]] = defaultdict(list)
    for number, (source, _) in enumerate(ends):
        leaving[source].append(number)
    back: set[int] = set()
    state: dict[str, int] = {}  # 1: on the way, 2: done
    for name in names:
        if name in state:
            continue
        stack = [(name, iter(leaving[name]))]
        state[name] = 1
        while stack:
            here, rest = stack[-1]
            number = next(rest, -1)
            if number < 0:
                state[here] = 2
                stack.pop()
            elif state.get(ends[number][1]) == 1:
                back.add(number)
            elif ends[number][1] not in state:
                state[ends[number][1]] = 1
                stack.append((ends[number][1], iter(leaving[ends[number][1]])))
    return back


def ranks_of(names: Sequence[str], ends: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The rank of each box: below everything that leads to it, and no higher than it must be above what it leads to."""
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for upper, lower in ends:
        above[lower].append(upper)
        below[upper].append(lower)
    ranks: dict[str, int] = {}
    left = {name: len(above[name]) for name in names}
    order = [name for name in names if not left[name]]
    for name in order:
        ranks[name] = max((ranks[one] + 1 for one in above[name]), default=0)
        for lower in below[name]:
            left[lower] -= 1
            if not left[lower]:
                order.append(lower)
    for name in reversed(order[1:]):
        if not above[name] and below[name]:
            ranks[name] = min(ranks[one] for one in below[name]) - 1
    return ranks


def inversions(numbers: Sequence[int]) -> int:
    """How many pairs stand in the wrong order."""
    if len(numbers) < 2:
        return 0
    tree = [0] * (max(numbers) + 2)
    total = 0
    for seen, number in enumerate(numbers):
        at, before = number + 1, 0
        while at:
            before += tree[at]
            at -= at & -at
        total += seen - before
        at = number + 1
        while at < len(tree):
            tree[at] += 1
            at += at & -at
    return total
