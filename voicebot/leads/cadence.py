"""Cadence: from how a call ended to when the next one is, or that there is none. Calling hours are not its business.

Order of the rules: an end that is final; the person's own wish; what the flow says; the grade; the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voicebot.leads.outcomes import REACHED, Outcome
from voicebot.leads.tables import Grade
from voicebot.timestamps import plus

MINUTE, HOUR, DAY = 60, 3600, 86400

MOST_DIALS = 15
"""Dials of one enrolment, whatever came of them; a limit of ours against endless trying."""

TERMINAL: dict[Outcome, str] = {
    "opted_out": "opted_out",
    "deceased": "deceased",
    "transferred": "with an agent",
    "completed": "completed",
    "wrong_number": "wrong_number",
    "invalid_number": "invalid_number",
}
"""Outcomes after which nothing is tried again, whatever flow or person say, and why."""


@dataclass(frozen=True)
class Tries:
    """How often something is tried again. `after` are the seconds before each further call, as many as are allowed."""

    after: tuple[int, ...]

    def delay(self, done: int) -> int | None:
        """Seconds to the next call when this has happened `done` times (from 1); None when all tries are used up."""
        return self.after[done - 1] if 1 <= done <= len(self.after) else None


BY_GRADE: dict[Grade, Tries] = {
    "ready": Tries((DAY,) * 3),
    "interested": Tries((2 * DAY,) * 4),
    "considering": Tries((7 * DAY // 2,) * 6),
    "not_now": Tries((18 * DAY,) * 3),
    "never": Tries(()),
}
"""After a contact: interested about every 2 days, 5 contacts at the most; considering twice a week, 7 at the most;
not_now every 2 to 3 weeks, 4 at the most; never not at all. `ready` should have been put through on that very call;
else soon."""

BY_OUTCOME: dict[Outcome, Tries] = {
    "transfer_failed": Tries((HOUR, 4 * HOUR, DAY)),
    "screened": Tries(()),
    "callback": Tries((DAY, 2 * DAY)),
    "partial": Tries((DAY, 2 * DAY)),
    "refused": Tries(()),
    "third_party": Tries((DAY, DAY, 2 * DAY)),
    "voicemail": Tries((DAY, 28 * HOUR, 44 * HOUR)),
    "silent": Tries((4 * HOUR, DAY)),
    "hung_up": Tries((2 * DAY, 3 * DAY)),
    "busy": Tries((15 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, DAY)),
    "no_answer": Tries((3 * HOUR, 28 * HOUR, 18 * HOUR, 52 * HOUR, 75 * HOUR)),
    "failed": Tries((30 * MINUTE, 4 * HOUR, DAY)),
}
"""After an outcome that shows no grade. The delays of no_answer shift by some hours each, so that a number is tried in
another part of the day."""


@dataclass(frozen=True)
class Retry:
    """What a flow says of one outcome: try again after so many seconds, so many times."""

    after: int
    times: int


@dataclass(frozen=True)
class Past:
    """An enrolment after the call in question: `dials` in all, `contacts` on which the person was reached,
    `failures` in a row that did not reach the person."""

    dials: int
    contacts: int
    failures: int


@dataclass(frozen=True)
class Again:
    """Call again at `at` (UTC text, not yet moved into the calling hours), and why then."""

    at: str
    why: str


@dataclass(frozen=True)
class End:
    """No further call in this campaign, and why."""

    why: str


def next_call(
    outcome: Outcome,
    grade: Grade | None,
    past: Past,
    now: str,
    *,
    callback_at: str = "",
    retries: Mapping[Outcome, Retry] | None = None,
) -> Again | End:
    """What follows from a call that ended `now`. `grade` is the lead's grade after it; `retries` are the flow's."""
    if outcome in TERMINAL:
        return End(TERMINAL[outcome])
    if grade == "never":
        return End("never")
    if past.dials >= MOST_DIALS:
        return End(f"dialled {past.dials} times")
    if callback_at:
        return Again(max(callback_at, plus(now, 5 * MINUTE)), "as the person wished")
    rule, why = _rule(outcome, grade, retries or {})
    delay = rule.delay(past.contacts if outcome in REACHED else past.failures)
    return End(f"{why}: all tries used up" if rule.after else why) if delay is None else Again(plus(now, delay), why)


def _rule(outcome: Outcome, grade: Grade | None, retries: Mapping[Outcome, Retry]) -> tuple[Tries, str]:
    if outcome in retries:
        return Tries((retries[outcome].after,) * retries[outcome].times), outcome
    if grade and outcome in REACHED and outcome not in ("third_party", "transfer_failed"):
        return BY_GRADE[grade], grade
    return BY_OUTCOME[outcome], outcome
