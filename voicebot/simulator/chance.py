"""Chance that repeats: every draw is named, and the same seed and name give the same draw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def fraction(seed: int, *name: object) -> float:
    """A number from 0 up to (not including) 1 that depends on nothing but the seed and the name."""
    text = "\x1f".join(map(str, (seed, *name)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest()) / 2**56


def between(span: tuple[float, float], seed: int, *name: object) -> float:
    """A number within `span`."""
    low, high = span
    return low + (high - low) * fraction(seed, *name)


def weighted(choices: Mapping[T, float] | Sequence[tuple[T, float]], seed: int, *name: object) -> T:
    """One of `choices`, each as likely as its weight says."""
    pairs = list(choices.items()) if isinstance(choices, Mapping) else list(choices)
    rest = fraction(seed, *name) * sum(weight for _, weight in pairs)
    for choice, weight in pairs:
        rest -= weight
        if rest < 0:
            return choice
    return pairs[-1][0]


def token(seed: int, *name: object) -> str:
    """32 hexadecimal digits, such as a SID ends in."""
    text = "\x1f".join(map(str, (seed, *name)))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
