"""A trial sample: a small part of a list that looks like the whole. Pure; chance is a seed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from hashlib import sha256


def stratified(strata: Mapping[int, Hashable], share: float, seed: int) -> set[int]:
    """The ids of about `share` (0 to 1) of all, each stratum in proportion; at least one if there are any.

    Systematic sampling: everybody is lined up by stratum, within it by lot, and every n-th is taken.
    Raises ValueError for a share that is none.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share is more than 0 and at most 1, not {share}")
    line = sorted(strata, key=lambda one: (str(strata[one]), _lot(seed, one)))
    wanted = max(1, round(len(line) * share)) if line else 0
    return {line[(2 * n + 1) * len(line) // (2 * wanted)] for n in range(wanted)}


def _lot(seed: int, one: int) -> str:
    return sha256(f"{seed}:{one}".encode()).hexdigest()
