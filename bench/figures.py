"""One figure: what was measured, against what, and whether it keeps its budget."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value. `budget` is the bound it must keep; `kept` says whether it does (None: no bound)."""

    name: str
    value: float
    unit: str
    budget: str = ""
    kept: bool | None = None
    note: str = ""


def at_least(name: str, value: float, unit: str, bound: float, note: str = "") -> Figure:
    """A figure that must not be below its bound."""
    return Figure(name, value, unit, f">= {bound:g}", value >= bound, note)


def at_most(name: str, value: float, unit: str, bound: float, note: str = "") -> Figure:
    """A figure that must not be above its bound."""
    return Figure(name, value, unit, f"<= {bound:g}", value <= bound, note)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def per_second(work: Callable[[], int], seconds: float) -> float:
    """How often per second `work` does what it does; it returns how many it did in one go."""
    done, began = 0, time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        done += work()
    return done / passed


def side_by_side(ours: Callable[[], float], theirs: Callable[[], float], rounds: int = 5) -> tuple[float, float, float]:
    """Measure two rates in turn, so that a machine whose speed drifts treats both alike: medians, and of the ratios."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one / other for one, other in pairs),
    )
