"""Chance as an argument: a stream of numbers that a seed decides, the same on any machine and in any version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

_MASK = (1 << 64) - 1


class Chance:
    """SplitMix64 (Steele, Lea and Flood, 2014): small, fast, and good enough to choose with."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """A whole number from 0 up to `limit`, which it never is."""
        return self._next() % limit

    def share(self) -> float:
        """A number from 0 up to 1, which it never is."""
        return self._next() / (_MASK + 1)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of them, each as likely as the others."""
        return items[self.below(len(items))]

    def weighed(self, items: Sequence[tuple[float, Item]]) -> Item:
        """One of them, each as likely as its weight says."""
        left = self.share() * sum(weight for weight, _ in items)
        for weight, item in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][1]
