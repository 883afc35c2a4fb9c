"""Priority A to E: how well a lead fits, together with how willing it is; managers sort by it, queues route by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from voicebot.leads.tables import Grade

Priority = Literal["A", "B", "C", "D", "E"]
PRIORITIES: tuple[Priority, ...] = get_args(Priority)

HORIZON_DAYS: dict[Priority, int | None] = {"A": 7, "B": 30, "C": 90, "D": 180, "E": None}
"""Within how many days a lead of this priority may be expected to close: this week, this month, this quarter, this
half-year, not at all. Our own figures, for a centre to judge."""

FitLevel = Literal["full", "part", "poor"]

PRIORITY: dict[Grade, dict[FitLevel, Priority]] = {
    "ready": {"full": "A", "part": "A", "poor": "B"},
    "interested": {"full": "A", "part": "B", "poor": "C"},
    "considering": {"full": "B", "part": "C", "poor": "D"},
    "not_now": {"full": "C", "part": "D", "poor": "D"},
    "never": {"full": "E", "part": "E", "poor": "E"},
}
"""Willingness (the grade) by fit."""

FIT_FIELDS = ("need", "authority", "means")
"""The variables under which a flow keeps what it asked: the need, the right to decide, the money."""

_WORDS: dict[object, bool] = {"yes": True, "true": True, "no": False, "false": False, True: True, False: False}


@dataclass(frozen=True)
class Fit:
    """Whether the person needs it, may decide, and can pay; None where it was not asked or not answered."""

    need: bool | None = None
    authority: bool | None = None
    means: bool | None = None

    @property
    def level(self) -> FitLevel:
        """full: all three; poor: no need, or two that fail; part: whatever lies between."""
        answers = (self.need, self.authority, self.means)
        if all(answers):
            return "full"
        return "poor" if self.need is False or answers.count(False) >= 2 else "part"


def fit_of(values: Mapping[str, object]) -> Fit:
    """The fit that a call's collected values show; words other than yes and no count as not answered."""
    need, authority, means = (_WORDS.get(_plain(values.get(name))) for name in FIT_FIELDS)
    return Fit(need, authority, means)


def priority_of(grade: Grade | None, fit: Fit) -> Priority | None:
    """The priority of a lead; None as long as nobody has graded it."""
    return PRIORITY[grade][fit.level] if grade else None


def _plain(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value if isinstance(value, bool) else None
