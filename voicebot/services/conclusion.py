"""The end of a call: what its outcome makes of lead, enrolment, number and person. It happens once per call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from voicebot.flows.actions import Conclude
from voicebot.leads.cadence import DAY, Again, End, Past, Retry, next_call
from voicebot.leads.moves import CLOSING_OUTCOMES, grade_after, stage_after
from voicebot.leads.outcomes import REACHED, Outcome
from voicebot.leads.priority import fit_of, priority_of
from voicebot.leads.tables import EnrolmentStatus, Grade, Stage
from voicebot.store import cases, enrolments, journal, leads, people
from voicebot.store.database import Database, Row
from voicebot.timestamps import plus

Window = Callable[[str], tuple[str, str]]
"""Moves a moment into the calling hours: the moment ('' when no hour is allowed) and, in that case, why."""

REVIEW_WITHIN = 2 * DAY
"""Seconds within which somebody is to have looked at a frozen lead; a figure of ours."""

DEAD_NUMBER: dict[Outcome, people.NumberStatus] = {"wrong_number": "wrong", "invalid_number": "invalid"}
"""Outcomes that end every use of the number, on all lists."""


HELD: tuple[EnrolmentStatus, ...] = ("paused", "review")
"""Held by a human: a call that ends meanwhile does not let go of it."""


@dataclass(frozen=True)
class Party:
    """Who was on the line. `enrolment_id` and `person_id` are None where an inbound caller is not known."""

    call_id: str
    enrolment_id: int | None
    person_id: int | None
    number_hash: str


@dataclass(frozen=True)
class Conclusion:
    """What followed: the enrolment's status and next moment ('' for none), and why."""

    status: str
    next_at: str
    why: str


def conclude(
    db: Database, party: Party, result: Conclude, now: str, window: Window,
    retries: Mapping[Outcome, Retry] | None = None,
) -> Conclusion | None:  # fmt: skip
    """Apply a call's result within the caller's transaction; None for a call without an enrolment.

    `retries` are the flow's own words on when to try again. An enrolment that is already done keeps its end.
    """
    _apply_to_number(db, party, result.outcome, now)
    enrolment = enrolments.enrolment(db, party.enrolment_id) if party.enrolment_id is not None else None
    if result.review:
        _open_review(db, party, enrolment, now)
    if enrolment is None:
        if result.callback_at:
            _promise(db, party, result.callback_at, now)
        return None
    if result.outcome in DEAD_NUMBER and _goes_on(db, party, enrolment):
        after, conclusion = _Standing.before(enrolment), _on_other_number(enrolment, now, window)
    else:
        after = _Standing.after(enrolment, result)
        conclusion = _decide(enrolment, after, result, now, window, retries or {})
        _update_lead(db, enrolment["lead_id"], result)
    enrolments.save_result(
        db, enrolment["id"], now, status=conclusion.status, stage=after.stage, grade=after.grade or "",
        reason=after.reason, outcome=result.outcome, next_at=conclusion.next_at,
        callback_at=result.callback_at if conclusion.status != "done" else "",
        contacts=after.contacts, failures=after.failures,
        blocked_why=conclusion.why if conclusion.status == "due" and not conclusion.next_at else "",
    )  # fmt: skip
    body = {"call": party.call_id, "outcome": result.outcome, "grade": after.grade, "stage": after.stage,
            "status": conclusion.status, "next_at": conclusion.next_at, "why": conclusion.why}  # fmt: skip
    journal.append(db, ("enrolment", enrolment["id"]), "concluded", now, body)
    return conclusion


@dataclass(frozen=True)
class _Standing:
    """Where an enrolment stands after a call, its next moment aside."""

    stage: Stage
    grade: Grade | None
    reason: str
    contacts: int
    failures: int

    @staticmethod
    def before(enrolment: Row) -> _Standing:
        """As it was: the call reached nobody who matters."""
        return _Standing(
            enrolment["stage"], _grade(enrolment), enrolment["reason"], enrolment["contacts"], enrolment["failures"]
        )

    @staticmethod
    def after(enrolment: Row, result: Conclude) -> _Standing:
        reached = result.outcome in REACHED
        return _Standing(
            stage=stage_after(cast("Stage", enrolment["stage"]), result.outcome, result.grade),
            grade=grade_after(_grade(enrolment), result.grade),
            reason=CLOSING_OUTCOMES.get(result.outcome) or result.reason or enrolment["reason"],
            contacts=enrolment["contacts"] + reached,
            failures=0 if reached else enrolment["failures"] + 1,
        )


def _decide(
    enrolment: Row, after: _Standing, result: Conclude, now: str, window: Window, retries: Mapping[Outcome, Retry]
) -> Conclusion:
    """The next status and moment of an enrolment."""
    status = cast("EnrolmentStatus", enrolment["status"])
    if status == "done":
        return Conclusion("done", "", enrolment["reason"] or "it had ended before")
    if result.review:
        return Conclusion("review", "", "an opt-out may have been meant; somebody must look first")
    past = Past(enrolment["attempts"], after.contacts, after.failures)
    match next_call(result.outcome, after.grade, past, now, callback_at=result.callback_at, retries=retries):
        case End(why):
            return Conclusion("done", "", why)
        case Again(wished, why):
            moment, blocked = window(wished)
            return Conclusion(status if status in HELD else "due", moment, why if moment else blocked)


def _on_other_number(enrolment: Row, now: str, window: Window) -> Conclusion:
    """The person is tried on their next number, as soon as the hours allow."""
    status = cast("EnrolmentStatus", enrolment["status"])
    if status == "done":
        return Conclusion("done", "", enrolment["reason"] or "it had ended before")
    moment, blocked = window(now)
    why = "that number was none of theirs; the next one is tried"
    return Conclusion(status if status in HELD else "due", moment, why if moment else blocked)


def _apply_to_number(db: Database, party: Party, outcome: Outcome, now: str) -> None:
    """What concerns more than this one enrolment: a number that is dead, a person who is."""
    if outcome in DEAD_NUMBER:
        people.set_number_status(db, party.number_hash, DEAD_NUMBER[outcome])
        number = people.number_by_hash(db, party.number_hash)
        if number:
            _try_other_numbers(db, number["id"])
            enrolments.end(db, outcome, outcome, now, number_id=number["id"])
            leads.close_leads(db, outcome, number_id=number["id"])
    elif outcome == "deceased" and party.person_id is not None:
        enrolments.end(db, outcome, outcome, now, person_id=party.person_id)
        leads.close_leads(db, outcome, person_id=party.person_id)


def _try_other_numbers(db: Database, dead: int) -> None:
    """Leads that were rung on a dead number are rung on the person's next one, where there is one."""
    for lead_id in leads.open_on_number(db, dead):
        other = people.other_number(db, lead_id)
        if other is not None:
            leads.dial_instead(db, lead_id, other)


def _goes_on(db: Database, party: Party, enrolment: Row) -> bool:
    """Whether the lead is to be tried on another number than the one that was rung."""
    lead = leads.lead(db, enrolment["lead_id"])
    return lead is not None and lead["hash"] != party.number_hash and lead["number_status"] == "ok"


def _open_review(db: Database, party: Party, enrolment: Row | None, now: str) -> None:
    """Nobody calls this person, in any campaign, before somebody has looked."""
    if party.person_id is not None:
        enrolments.freeze(db, party.person_id, now)
    cases.open_case(
        db, "review", now, due_at=plus(now, REVIEW_WITHIN), note="An opt-out may have been meant and stayed uncertain.",
        lead_id=enrolment["lead_id"] if enrolment else None, call_id=party.call_id,
    )  # fmt: skip


def _promise(db: Database, party: Party, callback_at: str, now: str) -> None:
    """Somebody who rang us was promised a call, and no campaign of ours would make it: a human does."""
    who = people.number_by_hash(db, party.number_hash)
    note = f"A caller was promised a call at {callback_at}." + ("" if who else " Their number is not known.")
    cases.open_case(db, "review", now, due_at=callback_at, note=note, call_id=party.call_id)


def _update_lead(db: Database, lead_id: int, result: Conclude) -> None:
    """The lead takes over what the call showed of grade, stage, reason and priority."""
    lead = leads.lead(db, lead_id)
    if lead is None or lead["stage"] == "closed":
        return
    grade = grade_after(_grade(lead), result.grade)
    priority = priority_of(grade, fit_of(result.values)) if result.grade else None
    leads.update_lead(
        db, lead_id, grade=grade or "", stage=stage_after(lead["stage"], result.outcome, result.grade),
        reason=result.reason or lead["reason"], priority=priority or lead["priority"],
    )  # fmt: skip


def _grade(row: Row) -> Grade | None:
    found: Grade | Literal[""] = row["grade"]
    return found or None
