from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.world import LATER, NOW
from voicebot.store import journal
from voicebot.store.database import Database

CALL: tuple[journal.SubjectKind, str] = ("call", "c1")


def write(db: Database, *words: str, subject: tuple[journal.SubjectKind, str] = CALL) -> list[int]:
    with db.transaction():
        return [
            journal.append(db, subject, "heard", NOW, {"n": i}, private={"text": word}, versions={"flow": "abc"})
            for i, word in enumerate(words)
        ]


def tamper(db: Database, sql: str, **values: Any) -> None:
    """Change what the triggers protect, as somebody with the file in hand could."""
    with db.transaction():
        db.execute("DROP TRIGGER IF EXISTS journal_is_not_changed")
        db.execute("DROP TRIGGER IF EXISTS journal_is_not_deleted")
        db.execute(sql, **values)


def test_entries_come_back_as_they_were(db: Database) -> None:
    write(db, "hello", "再见")
    write(db, "of another call", subject=("call", "c2"))
    first, second = journal.read(db, *CALL)
    assert (first.kind, first.at, first.body["n"], first.private) == ("heard", NOW, 0, {"text": "hello"})
    assert second.private == {"text": "再见"}
    assert second.versions == {"flow": "abc"}
    assert journal.verify(db, *CALL) is None
    assert [entry.subject_id for entry in journal.of_kind(db, "heard")] == ["c1", "c1", "c2"]


def test_erasing_keeps_the_chain_and_nothing_else(db: Database) -> None:
    write(db, "my secret words", "more of them")
    write(db, "of another call", subject=("call", "c2"))
    with db.transaction():
        assert journal.erase_private(db, *CALL, LATER) == 2
        assert journal.erase_private(db, *CALL, LATER) == 0
    assert all(entry.erased and entry.private is None for entry in journal.read(db, *CALL))
    assert journal.verify(db, *CALL) is None
    assert journal.read(db, "call", "c2")[0].private
    assert db.rows("SELECT salt, body FROM private_values WHERE erased_at <> ''")[0][:] == ("", "")


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("UPDATE journal SET body = '{}' WHERE sequence = :s", "changed after"),
        ("UPDATE journal SET at = '2020' WHERE sequence = :s", "changed after"),
        ("UPDATE journal SET previous = 'x' WHERE sequence = :s", "does not follow"),
        ("UPDATE private_values SET body = '{}' WHERE sequence = :s", "private values were changed"),
        ("DELETE FROM private_values WHERE sequence = :s", "private values are missing"),
    ],
)
def test_tampering_is_found_where_it_was_done(db: Database, sql: str, problem: str) -> None:
    sequence = write(db, "a", "b", "c")[1]
    tamper(db, sql, s=sequence)
    found = journal.verify(db, *CALL)
    assert found
    assert found.sequence == sequence
    assert problem in found.problem


def test_an_entry_taken_out_of_the_middle_is_missed(db: Database) -> None:
    sequences = write(db, "a", "b", "c")
    tamper(db, "DELETE FROM private_values WHERE sequence = :s", s=sequences[1])
    tamper(db, "DELETE FROM journal WHERE sequence = :s", s=sequences[1])
    found = journal.verify(db, *CALL)
    assert found == journal.Break(sequences[2], "it does not follow the entry before it")


@pytest.mark.parametrize("sql", ["UPDATE journal SET kind = 'x'", "DELETE FROM journal"])
def test_the_database_refuses_to_change_the_journal(db: Database, sql: str) -> None:
    with db.transaction():
        journal.append(db, CALL, "opened", NOW, {})
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), db.transaction():
        db.execute(sql)


def test_the_key_of_the_private_hash_is_taken(db: Database) -> None:
    with pytest.raises(ValueError, match="private"), db.transaction():
        journal.append(db, CALL, "heard", NOW, {"private": 1})


VALUES = st.dictionaries(
    st.text(max_size=5).filter(lambda key: key != "private"), st.text() | st.integers(), max_size=3
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["c1", "c2"]), VALUES, VALUES), max_size=8), st.booleans())
def test_whatever_is_written_verifies(entries: list[tuple[str, dict[str, Any], dict[str, Any]]], erase: bool) -> None:
    with TemporaryDirectory() as folder:
        db = Database(Path(folder) / "t.db", durable=False)
        with db.transaction():
            for subject, body, private in entries:
                journal.append(db, ("call", subject), "k", NOW, body, private=private)
            if erase:
                journal.erase_private(db, *CALL, LATER)
        assert journal.verify(db, "call", "c1") is None
        assert journal.verify(db, "call", "c2") is None
        read = [entry for kind in ("c1", "c2") for entry in journal.read(db, "call", kind)]
        assert len(read) == len(entries)
        db.close()
