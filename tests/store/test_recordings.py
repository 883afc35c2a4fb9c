"""Files of kept sound: whole or not at all, for their owner's eyes only, and none that no row names."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.world import NOW
from voicebot.errors import OutsideError
from voicebot.store import erasure, recordings
from voicebot.store.database import Database
from voicebot.store.recordings import GRACE, Recorded
from voicebot.timestamps import from_text

LATER = from_text(NOW) + 2 * GRACE


@pytest.fixture(autouse=True)
def calls(db: Database) -> None:
    with db.transaction():
        for call_id in ("7-1", "7-2"):
            db.execute("INSERT INTO calls (id, direction) VALUES (:id, 'outbound')", id=call_id)


def recorded(document: int = 2, **changes: Any) -> Recorded:
    return replace(Recorded("7-1", None, "answer", document, 1.5, 4, NOW), **changes)


def keep(db: Database, one: Recorded) -> Path:
    recordings.write(db.path, one.file, b"RIFF", NOW)
    with db.transaction():
        recordings.insert(db, one)
    return recordings.folder(db.path) / one.file


def test_a_file_is_its_owners_alone_and_as_old_as_its_call(db: Database) -> None:
    file = keep(db, recorded())
    assert file.read_bytes() == b"RIFF"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert file.stat().st_mtime == from_text(NOW).timestamp()
    assert recordings.kept(db) == (1, 4)


def test_an_answer_is_written_down_once(db: Database) -> None:
    with db.transaction():
        assert recordings.insert(db, recorded())
        assert not recordings.insert(db, recorded())
        assert recordings.insert(db, recorded(3))
        assert recordings.insert(db, recorded(0, kind="stream"))
    assert [row["file"] for row in recordings.of_call(db, "7-1")] == ["7-1-2.wav", "7-1-3.wav", "7-1-stream.wav"]
    assert recordings.of_call(db, "7-2") == []


def test_nothing_is_written_down_of_an_erased_call(db: Database) -> None:
    with db.transaction():
        erasure.erase_call(db, "7-1", NOW)
        assert not recordings.insert(db, recorded())


def test_erasing_a_call_leaves_its_files_to_nobody(db: Database) -> None:
    mine, other = keep(db, recorded()), keep(db, recorded(call_id="7-2"))
    with db.transaction():
        erasure.erase_call(db, "7-1", NOW)
    assert not recordings.is_kept(db, mine.name)
    assert recordings.sweep(db, LATER) == 1
    assert (mine.exists(), other.exists()) == (False, True)


def test_what_a_killed_process_left_behind_is_swept(db: Database) -> None:
    kept = keep(db, recorded())
    recordings.write(db.path, "7-2-2.wav", b"RIFF", NOW)  # killed before the row was committed
    torn = recordings.draft(kept.parent)  # killed while the file was being written
    os.utime(torn, (from_text(NOW).timestamp(),) * 2)
    theirs = kept.parent / "notes.txt"
    theirs.write_text("mine", encoding="utf-8")
    os.utime(theirs, (0, 0))
    assert recordings.sweep(db, from_text(NOW) + GRACE - timedelta(seconds=1)) == 0
    assert recordings.sweep(db, LATER) == 2
    assert sorted(path.name for path in kept.parent.iterdir()) == [kept.name, theirs.name]


def test_sweeping_needs_no_folder(db: Database) -> None:
    assert recordings.sweep(db, LATER) == 0
    recordings.unlink(db.path, ["7-1-2.wav"])


@given(st.sets(st.integers(1, 9)), st.sets(st.integers(1, 9)))
def test_afterwards_rows_and_files_name_each_other(
    tmp_path_factory: pytest.TempPathFactory, written: set[int], rows: set[int]
) -> None:
    db = Database(tmp_path_factory.mktemp("sweep") / "x.db", durable=False)
    with db.transaction():
        db.execute("INSERT INTO calls (id, direction) VALUES ('7-1', 'outbound')")
        for number in rows & written:
            recordings.insert(db, recorded(number))
    for number in written:
        recordings.write(db.path, recorded(number).file, b"RIFF", NOW)
    recordings.sweep(db, LATER)
    folder = recordings.folder(db.path)
    files = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    assert files == sorted(recordings.every_file(db))
    db.close()


def test_a_disk_that_fails_leaves_no_half_file(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutsideError, match=r"recordings cannot be kept there: No space left on device\. Free some"):
        recordings.write(db.path, "7-1-2.wav", b"RIFF", NOW)
    assert list(recordings.folder(db.path).iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(db: Database) -> None:
    recordings.folder(db.path).write_text("", encoding="utf-8")
    with pytest.raises(OutsideError, match="recordings cannot be kept there: File exists"):
        recordings.write(db.path, "7-1-2.wav", b"RIFF", NOW)
