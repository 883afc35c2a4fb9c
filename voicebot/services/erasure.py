"""Purging: private values that are due, or those of one person, are erased everywhere; do-not-call entries stay.

Rule: some rows at a time, each whole in one transaction: a run that is killed has erased less, never half of a call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.errors import VoicebotError
from voicebot.leads.retention import RETENTION, Kept
from voicebot.services.do_not_call import suppress_by_hand
from voicebot.services.suppression import OptingOut
from voicebot.services.switchboard import Switchboard
from voicebot.store import erasure, journal, people, recordings
from voicebot.store.database import Database
from voicebot.timestamps import to_text

BATCH = 200
"""Rows per transaction, so that calls under way never wait long."""

ORDER: dict[str, Callable[[Database, int, str], None]] = {
    "recordings": erasure.erase_recording,
    "calls": lambda db, row_id, at: erasure.erase_call(db, str(row_id), at),
    "leads": erasure.erase_lead,
    "people": erasure.erase_person,
}
"""What is erased, and in which order: people last, since their calls and leads lead to them."""

FILES: dict[str, Callable[[Database, int], list[str]]] = {
    "recordings": recordings.file_of,
    "calls": lambda db, row_id: recordings.files_of(db, str(row_id)),
}
"""The files that go with a row, once it is erased."""


@dataclass(frozen=True)
class Standing:
    """One row of the retention table with what it comes to: how many are kept, and how many of them are due."""

    rule: Kept
    kept: int | None
    due: int | None


def standings(db: Database, now: datetime) -> list[Standing]:
    """How things stand with everything that is kept."""
    return [
        Standing(rule, erasure.count_kept(db, rule.table), erasure.count_due(db, rule.table, _before(now, rule.days)))
        if rule.table and rule.days is not None
        else Standing(rule, None, None)
        for rule in RETENTION
    ]


def purge(db: Database, now: datetime, days: int | None, *, dry_run: bool = False) -> dict[str, int]:
    """Erase whatever ended more than `days` ago, or, without a figure, what the retention table says; counts by table.

    Who has a call to come, in any campaign, is spared.
    """
    befores: dict[str, str] = {
        rule.table: _before(now, rule.days if days is None else days) for rule in RETENTION if rule.table
    }
    if dry_run:
        return {table: erasure.count_due(db, table, before) for table, before in befores.items()}
    at = to_text(now)
    with db.leaving_no_trace():
        counts = {table: _purge_table(db, table, before, at) for table, before in befores.items()}
        with db.transaction():
            erasure.erase_of_centre(db, befores["calls"], at)
            journal.append(db, ("centre", "retention"), "purged", at, {"before": befores, "erased": counts})
    recordings.sweep(db, now)
    return counts


def _before(now: datetime, days: int | None) -> str:
    return to_text(now - timedelta(days=days or 0))


def _purge_table(db: Database, table: str, before: str, at: str) -> int:
    done, files_of = 0, FILES.get(table, _no_files)
    while True:
        with db.transaction():
            batch = erasure.due(db, table, before, BATCH)
            files = [file for row in batch for file in files_of(db, row["id"])]
            for row in batch:
                ORDER[table](db, row["id"], at)
        recordings.unlink(db.path, files)
        done += len(batch)
        if len(batch) < BATCH:
            return done


def _no_files(_db: Database, _row_id: int) -> list[str]:
    return []


def forget_person(board: Switchboard, number_hash: str, now: str, *, dry_run: bool = False) -> dict[str, int]:
    """Erase all that is known of the person with this number, who is never called again; counts by table.

    Their number is suppressed first, and what rings is called off. Nothing is erased while somebody talks with them.
    Raises VoicebotError when a call is under way, or the number is nobody's that we know.
    """
    db = board.centre.db
    number = people.number_by_hash(db, number_hash)
    if number is None:
        if not dry_run:
            suppress_by_hand(board, OptingOut(number_hash, "manual", now))
        return {"recordings": 0, "calls": 0, "leads": 0, "people": 0}
    person_id = int(number["person_id"])
    calls, leads = erasure.calls_of(db, person_id), erasure.leads_of(db, person_id)
    sounds = sum(len(recordings.files_of(db, call["id"])) for call in calls)
    counts = {"recordings": sounds, "calls": len(calls), "leads": len(leads), "people": 1}
    if dry_run:
        return counts
    suppress_by_hand(board, OptingOut(number_hash, "manual", now))
    with db.leaving_no_trace(), db.transaction():
        if any(not call["ended_at"] for call in erasure.calls_of(db, person_id)) or erasure.open_attempts_of(
            db, person_id
        ):
            remedy = "They are suppressed already; erase them again when it is over."
            raise VoicebotError("this person", "a call with them is under way.", remedy)
        files = [file for call in calls for file in recordings.files_of(db, call["id"])]
        for call in calls:
            erasure.erase_call(db, call["id"], now)
        for lead in leads:
            erasure.erase_lead(db, lead["id"], now)
        erasure.erase_person(db, person_id, now)
        journal.append(db, ("person", person_id), "erased", now, counts)
    recordings.unlink(db.path, files)
    return counts
