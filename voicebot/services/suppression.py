"""Opting out: who asks for it is never called again, by any campaign, on any of their numbers.

Rule: it is committed before anything else happens on the line. What cannot be committed goes to the spool, and nobody
dials until the spool is drained.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from voicebot.errors import VoicebotError
from voicebot.leads.consent import Consent, consent_fault
from voicebot.store import enrolments, journal, leads, outbox, people, spool, suppressions
from voicebot.store.database import Database
from voicebot.store.suppressions import Source

REASON = "opted_out"


@dataclass(frozen=True)
class OptingOut:
    """One opt-out. `evidence` is what was pressed or said; `at` the moment it was. `call_id` is the call, if any."""

    number_hash: str
    source: Source
    at: str
    evidence: str = ""
    call_id: str | None = None


@dataclass(frozen=True)
class LiveAttempt:
    """An attempt that may still be on the line and is to be called off at the provider."""

    attempt_id: str
    call_id: str | None
    sid: str | None
    status: str


@dataclass(frozen=True)
class Suppressed:
    """What an opt-out changed. `new` is False when the number was on the record already."""

    new: bool
    person_id: int | None
    enrolments: tuple[int, ...]
    live: tuple[LiveAttempt, ...]


def suppress(db: Database, wish: OptingOut) -> Suppressed:
    """Record an opt-out within the caller's transaction, for all numbers of the person, and end all their work.

    Doing it again changes nothing. The live attempts it returns must be called off once the transaction is committed;
    the call in which the wish was voiced is not among them.
    """
    number = people.number_by_hash(db, wish.number_hash)
    person_id: int | None = number["person_id"] if number else None
    hashes = [wish.number_hash]
    if person_id is not None:
        hashes = [row["hash"] for row in people.numbers_of(db, person_id)]
    added = [_insert(db, number_hash, person_id, wish) for number_hash in hashes]
    ended: list[int] = []
    if person_id is not None:
        ended = enrolments.end(db, REASON, "opted_out", wish.at, person_id=person_id)
        leads.close_leads(db, REASON, person_id=person_id)
    if any(added) or ended:
        _record(db, wish, person_id, numbers=sum(added), ended=ended)
    live = tuple(
        LiveAttempt(row["id"], row["call_id"], row["sid"], row["status"])
        for row in suppressions.live_attempts(db, hashes, except_call=wish.call_id)
    )
    return Suppressed(any(added), person_id, tuple(ended), live)


def opt_out(db: Database, wish: OptingOut) -> Suppressed:
    """`suppress`, and have what is on its way to the person called off once the transaction is committed."""
    done = suppress(db, wish)
    for attempt in done.live:
        outbox.add(db, "cancel", "call", attempt.call_id or attempt.attempt_id, wish.at)
    return done


def _insert(db: Database, number_hash: str, person_id: int | None, wish: OptingOut) -> bool:
    return suppressions.insert(
        db, number_hash, wish.at, source=wish.source, person_id=person_id, evidence=wish.evidence, call_id=wish.call_id
    )


def _record(db: Database, wish: OptingOut, person_id: int | None, *, numbers: int, ended: list[int]) -> None:
    body: dict[str, Any] = {"source": wish.source, "call": wish.call_id, "numbers": numbers, "enrolments": ended}
    subject: tuple[journal.SubjectKind, str | int] = ("centre", "suppressions")
    if person_id is not None:
        subject = ("person", person_id)
    else:
        body["number_hash"] = wish.number_hash
    journal.append(db, subject, "suppressed", wish.at, body, private={"evidence": wish.evidence})
    for enrolment_id in ended:
        journal.append(db, ("enrolment", enrolment_id), "ended", wish.at, {"reason": REASON, "call": wish.call_id})


# --- when the database cannot take it -----------------------------------------------------------------------------


def spool_opt_out(db: Database, wish: OptingOut) -> None:
    """Keep an opt-out outside the database, synced to the disk. Raises OutsideError when that fails, too."""
    spool.add(db, spool.Spooled(wish.call_id, wish.number_hash, wish.source, wish.evidence, wish.at))


def spool_pending(db: Database) -> bool:
    """Whether opt-outs wait to be recorded; nobody may dial before `drain_spool` has."""
    return spool.pending(db)


def drain_spool(db: Database) -> list[Suppressed]:
    """Record what waits in the spool, in a transaction of its own, and empty it. To be called outside a transaction.

    Killed in between, it does the same again. Raises OutsideError while the database still fails, VoicebotError for a
    torn line; the spool then stays as it is.
    """
    if not spool.pending(db):
        return []
    with spool.draining(db) as waiting, db.transaction():
        return [suppress(db, _wish(entry)) for entry in waiting]


def _wish(entry: spool.Spooled) -> OptingOut:
    return OptingOut(entry.number_hash, cast("Source", entry.source), entry.at, entry.evidence, entry.call_id)


# --- consent given anew -------------------------------------------------------------------------------------------


def lift(db: Database, number_hash: str, consent: Consent, now: str, *, by: str) -> int:
    """Take a person off the do-not-call record, within the caller's transaction; how many numbers were freed.

    `consent` is what the person has given since, and `by` is who answers for it. What the opt-out ended stays ended.
    Raises VoicebotError when the number is not on the record, or the consent does not hold or is older than the wish.
    """
    record = suppressions.of_number(db, number_hash)
    if record is None:
        raise VoicebotError("suppression", "this number is not on the do-not-call record.", "There is nothing to lift.")
    fault = consent_fault(consent, today=now[:10])
    if not fault and consent.at < record["created_at"][:10]:
        fault = f"the consent of {consent.at} is older than the opt-out of {record['created_at'][:10]}"
    if fault or not by:
        remedy = "Name the kind, day and source of a consent given since, and who answers for it."
        raise VoicebotError("suppression", f"{fault or 'nobody answers for it'}.", remedy)
    person_id = record["person_id"]
    known = {number_hash}
    if person_id is not None:
        known |= {row["number_hash"] for row in suppressions.of_person(db, person_id)}
    freed = suppressions.remove(db, sorted(known))
    subject: tuple[journal.SubjectKind, str | int] = ("person", person_id) if person_id else ("centre", "suppressions")
    body = {"consent": vars(consent), "by": by, "numbers": freed, "number_hash": number_hash}
    journal.append(db, subject, "suppression_lifted", now, body)
    return freed
