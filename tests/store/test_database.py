from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.store.world import NOW, Killed, Killer
from voicebot.errors import OutsideError, VoicebotError
from voicebot.store import people
from voicebot.store.database import Database
from voicebot.store.migrations import MIGRATIONS


@contextmanager
def opened(path: Path, **options: object) -> Iterator[Database]:
    db = Database(path, **options)  # type: ignore[arg-type]
    try:
        yield db
    finally:
        db.close()


def count(db: Database) -> int:
    return int(db.value("SELECT count(*) FROM people"))


def test_a_transaction_is_whole_or_nothing(db: Database) -> None:
    with db.transaction():
        people.add_person(db, NOW, name="kept")
    with pytest.raises(sqlite3.OperationalError), db.transaction():
        _ = people.add_person(db, NOW, name="lost"), db.execute("nonsense")
    assert [row["name"] for row in db.rows("SELECT name FROM people")] == ["kept"]
    assert not db.in_transaction


def test_writing_needs_a_transaction_and_transactions_do_not_nest(db: Database) -> None:
    with pytest.raises(RuntimeError, match="needs a transaction"):
        people.add_person(db, NOW)
    with pytest.raises(RuntimeError, match="needs a transaction"):
        db.many("DELETE FROM people WHERE id = :id", [{"id": 1}])
    with db.transaction(), pytest.raises(RuntimeError, match="inside a transaction"), db.transaction():
        pass


def test_the_pragmas_of_a_durable_database(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        names = ("journal_mode", "synchronous", "foreign_keys")
        assert [db.value(f"PRAGMA {name}") for name in names] == ["wal", 2, 1]


def test_a_reference_to_nobody_is_refused(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError), db.transaction():
        db.execute(
            "INSERT INTO leads (list_id, person_id, number_id, row, created_at) VALUES (9, 9, 9, 1, :now)", now=NOW
        )


@pytest.mark.parametrize(("at", "kept"), [(0, 0), (1, 1)])
def test_the_commit_hook_stands_before_and_after_a_commit(tmp_path: Path, at: int, kept: int) -> None:
    with opened(tmp_path / "a.db", durable=False) as db:
        db.on_commit = Killer(at)
        with pytest.raises(Killed), db.transaction():
            people.add_person(db, NOW)
        db.on_commit = None
        assert count(db) == kept


def test_what_waits_for_a_commit_is_done_once_and_after_a_roll_back_never(db: Database) -> None:
    done: list[int] = []
    with suppress(KeyError), db.transaction():
        db.when_committed(lambda: done.append(0))
        raise KeyError
    with db.transaction():
        db.when_committed(lambda: done.append(count(db)))
        people.add_person(db, NOW)
        assert done == []
    with db.transaction():
        pass
    assert done == [1]


def test_opening_again_migrates_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        with opened(tmp_path / "a.db") as db:
            applied = [row["name"] for row in db.rows("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert applied == [migration.name for migration in MIGRATIONS]


@pytest.mark.parametrize("_again", range(10))  # SQLite loses its patience once in fifty times
def test_many_may_open_a_new_database_at_once(tmp_path: Path, _again: int) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with opened(tmp_path / "a.db", durable=False) as db, db.transaction():
                people.add_person(db, NOW)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with opened(tmp_path / "a.db") as db:
        assert count(db) == 8


def test_threads_have_connections_of_their_own_and_leave_none(db: Database) -> None:
    def work() -> None:
        with db.transaction():
            people.add_person(db, NOW)

    for _ in range(20):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert count(db) == 20
    assert len(db._connections) <= 2


FORK = """
import os, sys
from voicebot.store.database import Database
db = Database(sys.argv[1], durable=False)
child = os.fork()
with db.transaction():
    db.execute("INSERT INTO people (name, created_at) VALUES (:name, '')", name="child" if child == 0 else "parent")
if child == 0:
    os._exit(0)
print(os.waitpid(child, 0)[1], *sorted(row["name"] for row in db.rows("SELECT name FROM people")))
db.close()
"""


def test_a_forked_process_opens_connections_of_its_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK, str(tmp_path / "a.db")], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("0 child parent\n", "")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as other:
        other.executescript("CREATE TABLE calls (x); INSERT INTO calls VALUES (1)")
    with pytest.raises(VoicebotError, match=r"a\.db: this database belongs to another program\. Name another file"):
        Database(tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master WHERE name = 'leads'").fetchall() == []


def test_a_newer_database_is_refused_by_name(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db"), closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('voicebot', '0099_later', '')"
        )
    with pytest.raises(VoicebotError, match=r"a newer voicebot made this database \(0099_later\)\. Update voicebot"):
        Database(tmp_path / "a.db")


# --- what a failing disk means --------------------------------------------------------------------------------------


def test_a_locked_database_says_so(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db", busy_seconds=0.01) as db:
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(OutsideError, match="is locked by another process"), db.transaction():
                pass
        with db.transaction():
            people.add_person(db, NOW)


def test_a_thread_that_keeps_writing_does_not_block_for_ever(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db", busy_seconds=0.01) as db, db.transaction():
        caught: list[str] = []

        def work() -> None:
            try:
                with db.transaction():
                    pass
            except OutsideError as error:
                caught.append(str(error))

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert "another thread keeps writing" in caught[0]


def test_a_full_disk_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        with db.transaction():
            people.add_person(db, NOW, name="kept")
        db.value(f"PRAGMA max_page_count={db.value('PRAGMA page_count')}")
        rows = [{"name": "x" * 1000}] * 1000
        with pytest.raises(OutsideError, match="the disk is full"), db.transaction():
            db.many("INSERT INTO people (name, created_at) VALUES (:name, '')", rows)
        assert count(db) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"no database at all, but some hundred bytes of text" * 20, "is not a database"), (None, "cannot be opened")],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "a.db" if content else tmp_path / "missing" / "a.db"
    if content:
        path.write_bytes(content)
    with pytest.raises(OutsideError, match=problem):
        Database(path)


def test_a_read_only_database(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        db.value("PRAGMA query_only=1")
        with pytest.raises(OutsideError, match="is read-only"), db.transaction():
            people.add_person(db, NOW)


def test_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db, db.transaction():
        db.many("INSERT INTO people (name, created_at) VALUES (:name, '')", [{"name": "x" * 500}] * 200)
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))
    with pytest.raises(OutsideError, match="is damaged"), opened(path) as db:
        db.rows("SELECT * FROM people")


def test_memory_is_refused_since_threads_would_not_share_it() -> None:
    with pytest.raises(ValueError, match="durable=False"):
        Database(":memory:")
