from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.world import LATER, NOW, ONE, THREE, TWO, Killed, Killer, Lead, add_number, attempt, enrolled, hashed
from voicebot.errors import OutsideError, VoicebotError
from voicebot.leads.consent import Consent
from voicebot.services.suppression import (
    OptingOut,
    Suppressed,
    drain_spool,
    lift,
    spool_opt_out,
    spool_pending,
    suppress,
)
from voicebot.store import enrolments, journal, leads, spool, suppressions
from voicebot.store.database import Database, SuppressedError


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "test.db", durable=False, busy_seconds=0.01)
    yield database
    database.close()


def opt_out(db: Database, number_hash: str, call_id: str | None = None) -> Suppressed:
    with db.transaction():
        return suppress(db, OptingOut(number_hash, "words", NOW, "never call me again", call_id))


def status(db: Database, lead: Lead) -> tuple[str, str, str]:
    row = enrolments.enrolment(db, lead.enrolment)
    assert row
    return row["status"], row["reason"], row["next_at"]


def two_numbers(db: Database) -> tuple[Lead, Lead]:
    """One person with two numbers in two campaigns."""
    one = enrolled(db, ONE)
    with db.transaction():
        add_number(db, one.person, TWO)
    return one, enrolled(db, TWO, "second", one.person)


def test_one_person_is_one_person_in_every_campaign(db: Database) -> None:
    one, two = two_numbers(db)
    other = enrolled(db, THREE)
    result = opt_out(db, one.hash)
    assert (result.new, result.person_id, result.enrolments) == (True, one.person, (one.enrolment, two.enrolment))
    assert [status(db, lead) for lead in (one, two)] == [("done", "opted_out", "")] * 2
    assert suppressions.is_suppressed(db, two.hash)
    assert status(db, other)[0] == "due"
    assert not suppressions.is_suppressed(db, other.hash)
    closed = leads.lead(db, two.lead)
    assert closed
    assert (closed["stage"], closed["reason"], closed["suppressed"]) == ("closed", "opted_out", 1)
    with pytest.raises(SuppressedError):
        attempt(db, two, "a1")


def test_it_is_written_in_the_journal_with_the_words_aside(db: Database) -> None:
    lead = enrolled(db, ONE)
    opt_out(db, lead.hash, "c1")
    (entry,) = journal.read(db, "person", lead.person)
    assert entry.kind == "suppressed"
    assert entry.body["call"] == "c1"
    assert entry.private == {"evidence": "never call me again"}
    assert [found.kind for found in journal.read(db, "enrolment", lead.enrolment)] == ["ended"]


def test_doing_it_again_changes_nothing(db: Database) -> None:
    lead = enrolled(db, ONE)
    opt_out(db, lead.hash)
    again = opt_out(db, lead.hash)
    assert (again.new, again.enrolments) == (False, ())
    assert len(journal.read(db, "person", lead.person)) == 1


def test_a_number_that_nobody_knows_is_suppressed_as_well(db: Database) -> None:
    result = opt_out(db, hashed(ONE))
    assert (result.new, result.person_id) == (True, None)
    assert [entry.kind for entry in journal.read(db, "centre", "suppressions")] == ["suppressed"]


def test_what_is_on_the_line_is_returned_but_for_the_call_itself(db: Database) -> None:
    one, two = two_numbers(db)
    attempt(db, one, "a1", "answered", "CA1")
    attempt(db, two, "a2", "ringing", "CA2")
    attempt(db, two, "a3", "ended", "CA3")
    with db.transaction():
        for name in ("a1", "a2"):
            db.execute("INSERT INTO calls (id, attempt_id, direction) VALUES (:id, :id, 'outbound')", id=name)
    result = opt_out(db, one.hash, "a1")
    assert [(live.attempt_id, live.sid, live.status) for live in result.live] == [("a2", "CA2", "ringing")]


@pytest.mark.parametrize("at", range(3))
def test_killed_at_any_commit_point_it_is_whole_or_nothing(db: Database, at: int) -> None:
    one, two = two_numbers(db)
    db.on_commit = Killer(at)
    if at < 2:
        with pytest.raises(Killed):
            opt_out(db, one.hash)
    else:
        opt_out(db, one.hash)
    db.on_commit = None
    done = at > 0
    assert [suppressions.is_suppressed(db, lead.hash) for lead in (one, two)] == [done, done]
    assert [status(db, lead)[0] == "done" for lead in (one, two)] == [done, done]
    assert bool(journal.read(db, "person", one.person)) is done


# --- the spool ------------------------------------------------------------------------------------------------------

WISH = OptingOut(hashed(ONE), "key", NOW, "*", "c1")


def test_a_locked_database_does_not_lose_an_opt_out(db: Database) -> None:
    lead = enrolled(db, ONE)
    with closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutsideError), db.transaction():
            suppress(db, WISH)
        spool_opt_out(db, WISH)
        with pytest.raises(OutsideError):
            drain_spool(db)
        assert spool_pending(db)
    (result,) = drain_spool(db)
    assert result.enrolments == (lead.enrolment,)
    assert not spool_pending(db)
    assert suppressions.is_suppressed(db, lead.hash)
    assert drain_spool(db) == []


@pytest.mark.parametrize("at", [0, 1])
def test_killed_while_draining_it_is_drained_again(db: Database, at: int) -> None:
    lead = enrolled(db, ONE)
    spool_opt_out(db, WISH)
    db.on_commit = Killer(at)
    with pytest.raises(Killed):
        drain_spool(db)
    db.on_commit = None
    assert spool_pending(db)
    (result,) = drain_spool(db)
    assert result.new is (at == 0)
    assert suppressions.is_suppressed(db, lead.hash)
    assert len(journal.read(db, "person", lead.person)) == 1


def test_a_torn_spool_is_not_emptied(db: Database) -> None:
    spool_opt_out(db, WISH)
    with spool.spool_file(db).open("r+b") as file:
        file.truncate(20)
    with pytest.raises(VoicebotError, match="this line is torn"):
        drain_spool(db)
    assert spool_pending(db)


# --- consent given anew ---------------------------------------------------------------------------------------------

ANEW = Consent("written", "2026-03-05", "letter of March 5")
MUCH_LATER = "2026-03-06T09:00:00.000Z"


def test_lifting_frees_the_person_and_is_written_down_but_revives_nothing(db: Database) -> None:
    one, two = two_numbers(db)
    opt_out(db, one.hash)
    with db.transaction():
        assert lift(db, two.hash, ANEW, MUCH_LATER, by="manager Kim") == 2
    assert not suppressions.is_suppressed(db, one.hash)
    assert status(db, one)[0] == "done"
    entry = journal.read(db, "person", one.person)[-1]
    assert (entry.kind, entry.body["by"]) == ("suppression_lifted", "manager Kim")
    assert entry.body["consent"]["source"] == "letter of March 5"


@pytest.mark.parametrize(
    ("consent", "by", "problem"),
    [
        (Consent(), "Kim", "there is no consent"),
        (Consent("written", "2026-03-01", "letter"), "Kim", "is older than the opt-out of 2026-03-02"),
        (Consent("written", "2026-03-05", ""), "Kim", "names no source"),
        (ANEW, "", "nobody answers for it"),
    ],
)
def test_nothing_is_lifted_silently(db: Database, consent: Consent, by: str, problem: str) -> None:
    lead = enrolled(db, ONE)
    opt_out(db, lead.hash)
    with pytest.raises(VoicebotError, match=problem), db.transaction():
        lift(db, lead.hash, consent, MUCH_LATER, by=by)
    assert suppressions.is_suppressed(db, lead.hash)


def test_lifting_what_is_not_there(db: Database) -> None:
    with pytest.raises(VoicebotError, match="not on the do-not-call record"), db.transaction():
        lift(db, hashed(ONE), ANEW, LATER, by="Kim")
