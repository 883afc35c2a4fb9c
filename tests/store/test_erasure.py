from __future__ import annotations

import pytest

from voicebot.store.database import Database
from voicebot.store.erasure import PRIVATE

KEPT: dict[str, str] = {
    "people": "language time_zone region created_at erased_at",
    "numbers": "hash kind country zones status created_at",
    "lists": "name source_file consent_kind consent_at consent_source created_at",
    "leads": "consent_kind consent_at consent_source grade stage reason priority created_at erased_at",
    "campaigns": "name flow flow_pin status created_at policy caller_ids",
    "enrolments": "status stage grade reason outcome next_at policy_version callback_at lease_until lease_by "
    "blocked_why updated_at",
    "cases": "kind call_id owner due_at status created_at",
    "suppressions": "number_hash scope source call_id created_at",
    "journal": "subject_kind subject_id kind at body versions previous hash",
    "private_values": "erased_at",
    "pins": "hash kind body created_at",
    "attempts": "id number_hash from_number status sid policy_version created_at posted_at ended_at outcome purpose "
    "call_id",
    "calls": "id sid attempt_id direction number_hash token pin flow language base_url phase status answered_by "
    "created_at started_at answered_at ended_at deadline_at outcome software erased_at",
    "documents": "call_id event_key created_at",
    "seen": "key call_id at",
    "transfers": "call_id queue status agent requested_at deadline_at ended_at result",
    "legs": "id call_id agent attempt_id sid token status created_at ended_at",
    "leg_documents": "leg_id event_key created_at",
    "outbox": "kind subject_kind subject_id created_at started_at done_at result",
    "messages": "id direction call_id number_hash status sid created_at posted_at ended_at",
    "recordings": "call_id kind created_at erased_at",
    "intakes": "key started_at counts",
    "_sqlite_migrations": "migration_set name applied_at",
}
"""What outlives erasure. Regions and zones stay, since the proof that calling hours were kept rests on them; `intakes`
quotes refused rows only until its list is loaded."""


def test_every_text_of_the_schema_is_either_erased_or_kept_on_purpose(db: Database) -> None:
    tables = [row["name"] for row in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        if table.startswith("sqlite_"):
            continue
        columns = {row["name"] for row in db.rows(f"PRAGMA table_info({table})") if row["type"].upper() == "TEXT"}
        decided = {*KEPT.get(table, "").split(), *PRIVATE.get(table, {})}
        assert columns == decided, f"{table}: decide in store/erasure.py whether {columns ^ decided} is private"


@pytest.mark.parametrize("table", PRIVATE)
def test_nothing_is_both(table: str) -> None:
    assert not {*PRIVATE[table]} & {*KEPT[table].split()}
