"""One attempt from the moment it is chosen to its end. Rule: it is written down before the provider is asked.

Each function is one transaction, but `noticed`, which belongs into the transaction of the news it is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from voicebot.dialer.anchors import TooLate, first_day
from voicebot.dialer.attempt_moves import OF_CALL
from voicebot.dialer.caps import History, longest
from voicebot.dialer.policy import Policy, Rules
from voicebot.dialer.verdict import RECHECK, Candidate, Go, Later, Never, Verdict, judge
from voicebot.errors import OutsideError, VoicebotError
from voicebot.flows.bundle import Bundle
from voicebot.flows.events import EndStatus
from voicebot.leads.outcomes import AWAITED
from voicebot.services import calls as call_service
from voicebot.services.centre import Centre, pinned_bundle
from voicebot.services.windows import layer_of, rules_for, zones_of
from voicebot.store import attempts, campaigns, cases, claims, journal, leads
from voicebot.store import calls as calls_store
from voicebot.store.database import Database, Row, SuppressedError
from voicebot.timestamps import from_text, plus, to_text

LEASE_SECONDS = 60.0
"""How long a chosen lead may take until the provider is asked; after that its dialer counts as gone."""

CASE_SECONDS = 24 * 3600.0
"""A human looks within a day at a lead of whom nobody knows whether they were dialled."""


@dataclass(frozen=True)
class Reserved:
    """An attempt that is written down and waits to be asked of the provider. Its id is that of its call, too."""

    id: str
    enrolment_id: int
    to: str
    from_: str
    bundle: Bundle
    ring_seconds: int
    """The least that the policy wants a telephone to ring."""


@dataclass(frozen=True)
class Passed:
    """A lead that was due and is not dialled now."""

    enrolment_id: int
    verdict: Later | Never


def reserve_next(centre: Centre, by: str, now: datetime) -> Reserved | Passed | None:
    """Judge whoever is due next: write down an attempt for them, or put them off. None when nobody is due.

    All of it is one transaction, so that nobody else can judge the same lead, or another call to the same person be
    written in between. `by` names the dialer.
    """
    at, policy = to_text(now), centre.policy
    with centre.db.transaction():
        enrolment = claims.next_due(centre.db, at)
        if enrolment is None:
            return None
        try:
            due = _Due.load(centre.db, policy, enrolment)
        except OutsideError:
            raise
        except VoicebotError as fault:  # one campaign's flow is lost: the others go on
            verdict: Verdict = Later(now + RECHECK, str(fault))
        else:
            verdict = judge(due.candidate(centre, now), due.history(centre.db, now), due.rules, now)
        if not isinstance(verdict, Go):
            _pass_over(centre.db, enrolment, verdict, policy.version, at)
            return Passed(enrolment["id"], verdict)
        return _reserve(centre, due, policy.version, by, at)


@dataclass(frozen=True)
class _Due:
    """An enrolment that is due, with all that has to be known to judge it."""

    enrolment: Row
    campaign: Row
    lead: Row
    bundle: Bundle
    rules: Rules

    @classmethod
    def load(cls, db: Database, policy: Policy, enrolment: Row) -> _Due:
        campaign = campaigns.load(db, enrolment["campaign_id"])
        lead = leads.lead(db, enrolment["lead_id"])
        assert campaign is not None  # noqa: S101  (foreign keys say so)
        assert lead is not None  # noqa: S101
        bundle = pinned_bundle(db, campaign["flow_pin"])
        purpose = bundle.flows[bundle.main].purpose
        return cls(enrolment, campaign, lead, bundle, rules_for(policy, lead, purpose, layer_of(campaign)))

    def candidate(self, centre: Centre, now: datetime) -> Candidate:
        return replace(
            candidate_of(self.lead, self.bundle, centre.settings.countries),
            engaged=attempts.person_is_on_a_line(centre.db, self.lead["person_id"]),
            untimely=self._untimely(now),
            # The pause after a conversation would let them wait in vain.
            wished="" < self.enrolment["callback_at"] <= to_text(now) or self.enrolment["outcome"] in AWAITED,
        )

    def _untimely(self, now: datetime) -> str:
        """Why the first call comes too late. Further calls follow the first at their own pace."""
        if self.enrolment["attempts"] or not zones_of(self.lead):
            return ""
        first = first_day_of(self.lead, self.bundle, now)
        return first.why if isinstance(first, TooLate) else ""

    def history(self, db: Database, now: datetime) -> History:
        since = to_text(now - longest(self.rules) - timedelta(minutes=1))
        dialled = attempts.dialled_to_person(db, self.lead["person_id"], since)
        talked = attempts.talked_with_person(db, self.lead["person_id"], since)
        return History(tuple(map(from_text, dialled)), tuple(map(from_text, talked)))

    def caller_id(self) -> str:
        """The same person sees the same number each time."""
        caller_ids: list[str] = json.loads(self.campaign["caller_ids"])
        chosen = int(self.lead["person_id"]) % len(caller_ids)
        return caller_ids[chosen]


def candidate_of(lead: Row, bundle: Bundle, countries: Sequence[str]) -> Candidate:
    """What is known of a lead, its history aside; `countries` are those that may be rung."""
    return Candidate(
        consent=lead["consent"],
        suppressed=bool(lead["suppressed"]),
        number_status=lead["number_status"],
        country=lead["country"],
        zones=zones_of(lead),
        missing=missing_fields(bundle, call_service.lead_fields(lead)),
        allowed_countries=countries,
    )


def first_day_of(lead: Row, bundle: Bundle, now: datetime) -> datetime | TooLate:
    """When the first call may be made at the earliest: now, or the day that hangs on a date of the lead."""
    rule = bundle.flows[bundle.main].call_on
    if rule is None:
        return now
    try:
        anchor = date.fromisoformat(str(call_service.lead_fields(lead)[rule.field]).strip())
    except (KeyError, ValueError):
        return TooLate(f"its {rule.field} is no date; write it as 2026-03-31")
    return first_day(anchor, rule.days, rule.within, zones_of(lead), now)


def missing_fields(bundle: Bundle, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that the flow demands and the lead lacks or leaves empty."""
    needs = bundle.flows[bundle.main].needs
    return tuple(name for name, need in needs.items() if need.required and fields.get(name) in (None, ""))


def _pass_over(db: Database, enrolment: Row, verdict: Verdict, version: str, at: str) -> None:
    subject: tuple[journal.SubjectKind, int] = ("enrolment", enrolment["id"])
    if isinstance(verdict, Never):
        claims.finish(db, enrolment["id"], verdict.why, at)
        journal.append(db, subject, "ended", at, {"reason": verdict.why})
    elif isinstance(verdict, Later):
        next_at = to_text(verdict.at)
        claims.postpone(db, enrolment["id"], next_at, verdict.why, version, at)
        if verdict.why != enrolment["blocked_why"]:
            journal.append(db, subject, "blocked", at, {"why": verdict.why, "next_at": next_at, "policy": version})


def _reserve(centre: Centre, due: _Due, version: str, by: str, at: str) -> Reserved:
    db, enrolment_id = centre.db, due.enrolment["id"]
    attempt_id, caller_id = attempts.next_id(db, enrolment_id), due.caller_id()
    claims.lease(db, enrolment_id, by, plus(at, LEASE_SECONDS), at)
    attempts.reserve(
        db,
        attempt_id,
        enrolment_id=enrolment_id,
        number=due.lead,
        from_number=caller_id,
        policy_version=version,
        at=at,
    )
    call_service.open_outbound(centre, attempt_id, due.enrolment, due.lead, due.campaign["flow_pin"], at)
    journal.append(
        db, ("attempt", attempt_id), "reserved", at, {"enrolment": enrolment_id, "policy": version, "by": by}
    )
    return Reserved(attempt_id, enrolment_id, due.lead["e164"], caller_id, due.bundle, due.rules.ring_seconds)


# --- around the request to the provider -------------------------------------------------------------------------------


def post(db: Database, reserved: Reserved, by: str, deadline_at: str, at: str) -> bool:
    """The last look before the provider is asked.

    False when the number was suppressed, the person is just ringing us, or the lease is gone.
    """
    try:
        with db.transaction():
            if calls_store.rings_us(db, reserved.id):
                return False
            if not (claims.dial(db, reserved.enrolment_id, by, at) and attempts.post(db, reserved.id, at)):
                return False
            calls_store.set_deadline(db, reserved.id, deadline_at)
            journal.append(db, ("attempt", reserved.id), "posted", at, {})
            return True
    except SuppressedError:
        return False


def withdraw(db: Database, attempt_id: str, why: str, next_at: str, at: str) -> None:
    """It was certainly not dialled and is not the lead's fault: the lead is due again at `next_at`."""
    with db.transaction():
        attempt = attempts.load(db, attempt_id)
        if attempt is None or not attempts.refuse(db, attempt_id, why, at):
            return
        calls_store.set_status(db, attempt_id, "canceled", -1, at)
        claims.give_back(db, attempt["enrolment_id"], next_at, at)
        journal.append(db, ("attempt", attempt_id), "withdrawn", at, {"next_at": next_at}, private={"why": why})


def placed(db: Database, attempt_id: str, sid: str, at: str) -> None:
    """The provider's id, from its answer or found later."""
    with db.transaction():
        attempts.set_sid(db, attempt_id, sid)
        calls_store.set_sid(db, attempt_id, sid)
        journal.append(db, ("attempt", attempt_id), "placed", at, {"sid": sid})


def refused(db: Database, attempt_id: str, error: str, at: str, *, invalid: bool) -> EndStatus:
    """The provider will never ring this number; how its call has ended by that. The call is to be told next.

    Its words stay private, here and below: they may quote the number.
    """
    end: EndStatus = "invalid_number" if invalid else "failed"
    with db.transaction():
        if attempts.refuse(db, attempt_id, error, at, end):
            journal.append(db, ("attempt", attempt_id), "refused", at, {"end": end}, private={"error": error})
    return end


def lost(db: Database, attempt_id: str, error: str, at: str) -> None:
    """The provider's answer was lost."""
    with db.transaction():
        if attempts.lose(db, attempt_id, error):
            journal.append(db, ("attempt", attempt_id), "lost", at, {}, private={"error": error})


def settle(db: Database, attempt_id: str, at: str) -> None:
    """Nobody will ever know whether a lost attempt rang: it counts, and a human decides about the lead."""
    with db.transaction():
        attempt = attempts.load(db, attempt_id)
        if attempt is None or not attempts.settle(db, attempt_id, at):
            return
        calls_store.set_status(db, attempt_id, "failed", -1, at)
        why = "nobody knows whether this lead was dialled"
        claims.review(db, attempt["enrolment_id"], why, at)
        call = calls_store.load(db, attempt_id)
        lead_id = call["lead_id"] if call else None
        cases.open_case(db, "review", at, due_at=plus(at, CASE_SECONDS), note=why, lead_id=lead_id, call_id=attempt_id)
        journal.append(db, ("attempt", attempt_id), "settled", at, {"why": why})


def noticed(db: Database, attempt_id: str, call_status: str, at: str, *, sid: str = "", outcome: str = "") -> None:
    """What the line told of an attempt, in the caller's transaction; news that comes too late changes nothing."""
    if sid:
        attempts.set_sid(db, attempt_id, sid)
    match OF_CALL.get(call_status):
        case "ended":
            attempts.end(db, attempt_id, outcome, at)
        case "ringing" | "answered" as status:
            attempts.note(db, attempt_id, status)
        case _:
            pass  # it waits or is being set up
