from __future__ import annotations

import pytest

from tests.store.world import NOW, ONE, TWO, Lead, add_number, attempt, enrolled, hashed
from voicebot.store import suppressions
from voicebot.store.database import Database, SuppressedError


def suppress(db: Database, lead: Lead) -> bool:
    with db.transaction():
        return suppressions.insert(db, lead.hash, NOW, source="key", person_id=lead.person)


def test_the_first_record_stays(db: Database) -> None:
    lead = enrolled(db, ONE)
    assert suppress(db, lead)
    with db.transaction():
        assert not suppressions.insert(db, lead.hash, NOW, source="manual", evidence="again")
    record = suppressions.of_number(db, lead.hash)
    assert record
    assert record["source"] == "key"
    assert suppressions.is_suppressed(db, lead.hash)
    assert not suppressions.is_suppressed(db, hashed(TWO))


def test_the_database_refuses_an_attempt_to_a_suppressed_number(db: Database) -> None:
    lead = enrolled(db, ONE)
    suppress(db, lead)
    with pytest.raises(SuppressedError, match="do-not-call record"):
        attempt(db, lead, "a1")
    assert db.value("SELECT count(*) FROM attempts") == 0


@pytest.mark.parametrize("sid", [None, "CA1"])
def test_the_database_refuses_to_post_what_was_suppressed_meanwhile(db: Database, sid: str | None) -> None:
    lead = enrolled(db, ONE)
    attempt(db, lead, "a1")
    suppress(db, lead)
    with pytest.raises(SuppressedError), db.transaction():
        db.execute("UPDATE attempts SET status = 'posted', sid = :sid", sid=sid)
    assert db.value("SELECT status FROM attempts") == "reserved"


def test_what_was_posted_can_still_be_written_down(db: Database) -> None:
    lead = enrolled(db, ONE)
    attempt(db, lead, "a1", "posted")
    suppress(db, lead)
    with db.transaction():
        assert db.execute("UPDATE attempts SET sid = 'CA1'") == 1
        assert db.execute("UPDATE attempts SET status = 'ended'") == 1


def test_an_agents_leg_is_not_the_callees(db: Database) -> None:
    lead = enrolled(db, ONE)
    suppress(db, lead)
    with db.transaction():
        db.execute(
            """INSERT INTO attempts (id, number_hash, to_number, from_number, status, created_at, purpose)
            VALUES ('leg', :hash, '+1', '+1', 'posted', :now, 'agent')""",
            hash=lead.hash, now=NOW,
        )  # fmt: skip


def test_a_number_learned_later_is_suppressed_with_its_person(db: Database) -> None:
    lead = enrolled(db, ONE)
    suppress(db, lead)
    with db.transaction():
        add_number(db, lead.person, TWO)
    assert suppressions.is_suppressed(db, hashed(TWO))
    assert len(suppressions.of_person(db, lead.person)) == 2


def test_live_attempts_are_those_that_may_ring(db: Database) -> None:
    lead = enrolled(db, ONE)
    for status in ("reserved", "posted", "ringing", "answered", "ended", "refused", "unknown"):
        attempt(db, lead, status, status)
    found = [row["id"] for row in suppressions.live_attempts(db, [lead.hash])]
    assert found == sorted(["reserved", "posted", "ringing", "answered", "unknown"])
