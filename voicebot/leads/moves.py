"""Which way a lead and an enrolment may go: moves as tables. Staying where one is, is always allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from voicebot.errors import VoicebotError
from voicebot.leads.outcomes import Outcome
from voicebot.leads.tables import EnrolmentStatus, Grade, Stage

STAGE_MOVES: dict[Stage, tuple[Stage, ...]] = {
    "screening": ("follow_up", "resolving", "closing", "customer", "closed"),
    "follow_up": ("resolving", "closing", "customer", "closed"),
    "resolving": ("follow_up", "closing", "customer", "closed"),
    "closing": ("follow_up", "resolving", "customer", "closed"),
    "customer": ("closed",),
    "closed": (),
}
"""Nobody goes back to screening, and what is closed stays so: a new list makes a new lead."""

GRADE_MOVES: dict[Grade, tuple[Grade, ...]] = {
    "ready": ("interested", "considering", "not_now", "never"),
    "interested": ("ready", "considering", "not_now", "never"),
    "considering": ("ready", "interested", "not_now", "never"),
    "not_now": ("ready", "interested", "considering", "never"),
    "never": (),
}
"""A grade goes up or down with every contact; `never` is taken at its word."""

STATUS_MOVES: dict[EnrolmentStatus, tuple[EnrolmentStatus, ...]] = {
    "due": ("leased", "paused", "review", "done"),
    "leased": ("due", "in_call", "paused", "review", "done"),
    "in_call": ("due", "paused", "review", "done"),
    "paused": ("due", "review", "done"),
    "review": ("due", "done"),
    "done": (),
}
"""Opting out leads to `done` from anywhere, and nothing leads away from it."""

STAGE_OF_GRADE: dict[Grade, Stage] = {
    "ready": "closing",
    "interested": "follow_up",
    "considering": "resolving",
    "not_now": "follow_up",
    "never": "closed",
}
"""Where a grade, newly shown, takes the lead."""

CLOSING_OUTCOMES: dict[Outcome, str] = {
    "opted_out": "opted_out",
    "deceased": "deceased",
    "wrong_number": "wrong_number",
    "invalid_number": "invalid_number",
}
"""Outcomes that close the lead whatever its grade, and the reason that is kept."""


Where = TypeVar("Where", bound=str)


class IllegalMoveError(VoicebotError):
    """A move that no table has."""


def check_move(what: str, table: Mapping[Where, tuple[Where, ...]], old: Where, new: Where) -> None:
    """Nothing, when the table has the move from `old` to `new`. Raises IllegalMoveError, which names it."""
    if new == old or new in table[old]:
        return
    ways = " or ".join(f'"{way}"' for way in table[old])
    remedy = f"From there it may go to {ways}." if ways else "Nothing leads away from there."
    raise IllegalMoveError(what, f'it cannot go from "{old}" to "{new}".', remedy)


def grade_after(old: Grade | None, shown: Grade | None) -> Grade | None:
    """The grade after a contact that showed one, or none; a move that the table lacks is not made."""
    if shown is None or old is None:
        return shown or old
    return shown if shown in GRADE_MOVES[old] else old


def stage_after(stage: Stage, outcome: Outcome, grade: Grade | None) -> Stage:
    """The stage after a call; `grade` is what the call showed. A move that the table lacks is not made."""
    if outcome in CLOSING_OUTCOMES:
        wanted: Stage = "closed"
    elif outcome == "transferred":
        wanted = "closing"
    else:
        wanted = STAGE_OF_GRADE[grade] if grade else stage
    return wanted if wanted in STAGE_MOVES[stage] else stage
