"""Kept sound: one row and one file for each recording, the files in a folder beside the database.

Rule: a file is written whole or not at all, and before its row; a row is erased before its file is removed. So a run
that is killed leaves at worst a file that no row names, and `sweep` removes those. Only the owner may read any of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Literal

from voicebot.errors import OutsideError
from voicebot.store.database import Database, Row
from voicebot.timestamps import from_text

Kind = Literal["answer", "stream"]

DRAFT = ".part"
"""The end of the name of a file that is still being written."""

GRACE = timedelta(hours=1)
"""A file without a row that was touched more recently may still get one."""


@dataclass(frozen=True)
class Recorded:
    """One recording to be written down. `document` is 0 for a stream; `seconds` and `bytes` are those of its file."""

    call_id: str
    person_id: int | None
    kind: Kind
    document: int
    seconds: float
    bytes: int
    at: str

    @property
    def file(self) -> str:
        """The name of its file; it holds nothing personal."""
        return f"{self.call_id}-{self.document}.wav" if self.kind == "answer" else f"{self.call_id}-stream.wav"


# --- files ------------------------------------------------------------------------------------------------------------


def folder(database: Path) -> Path:
    """Where the sound of a database is."""
    return database.with_name(database.name + ".recordings")


def prepared(database: Path) -> Path:
    """That folder, made if it is missing. Raises OutsideError."""
    place = folder(database)
    try:
        place.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise unusable(place, error) from None
    return place


def draft(place: Path) -> Path:
    """A new empty file in `place` to write a recording into, for its owner's eyes only. Raises OSError."""
    path = place / f"{token_hex(8)}{DRAFT}"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def publish(path: Path, name: str, at: str) -> None:
    """Give a finished draft its name, safe on the disk, with the moment `at` as its age. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    moment = from_text(at).timestamp()
    os.utime(path, (moment, moment))
    path.replace(path.with_name(name))
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(database: Path, name: str, content: bytes, at: str) -> None:
    """Write a file whole or not at all. Raises OutsideError."""
    place = prepared(database)
    path: Path | None = None
    try:
        path = draft(place)
        path.write_bytes(content)
        publish(path, name, at)
    except OSError as error:
        if path is not None:
            path.unlink(missing_ok=True)
        raise unusable(place, error) from None


def unlink(database: Path, names: Iterable[str]) -> None:
    """Remove the files of erased recordings. Raises OutsideError."""
    place = folder(database)
    try:
        for name in names:
            (place / name).unlink(missing_ok=True)
    except OSError as error:
        raise unusable(place, error) from None


def sweep(db: Database, now: datetime) -> int:
    """Remove files that no row names, and drafts that nobody writes to any more; how many. Raises OutsideError."""
    place = folder(db.path)
    if not place.is_dir():
        return 0
    known = set(every_file(db))
    try:
        return sum(_swept(path, now) for path in list(place.iterdir()) if path.name not in known)
    except OSError as error:
        raise unusable(place, error) from None


def _swept(path: Path, now: datetime) -> bool:
    if path.suffix not in (".wav", DRAFT):
        return False
    with suppress(FileNotFoundError):  # another process sweeps, too
        if path.stat().st_mtime < (now - GRACE).timestamp():
            path.unlink()
            return True
    return False


def unusable(place: Path, error: OSError) -> OutsideError:
    """What is wrong with the folder, for people."""
    remedy = "Free some space, and see that this user may write there."
    return OutsideError(str(place), f"recordings cannot be kept there: {error.strerror}.", remedy)


# --- rows -------------------------------------------------------------------------------------------------------------


def insert(db: Database, recorded: Recorded) -> bool:
    """Write a recording down, once, when its file is there; False when it was before, or its call is erased."""
    return bool(
        db.execute(
            """INSERT INTO recordings (call_id, person_id, kind, document, file, seconds, bytes, created_at)
            SELECT :call_id, :person_id, :kind, :document, :file, :seconds, :bytes, :at
            FROM calls WHERE id = :call_id AND erased_at = ''
            ON CONFLICT (call_id, kind, document) DO NOTHING""",
            call_id=recorded.call_id, person_id=recorded.person_id, kind=recorded.kind, document=recorded.document,
            file=recorded.file, seconds=recorded.seconds, bytes=recorded.bytes, at=recorded.at,
        )
    )  # fmt: skip


def of_call(db: Database, call_id: str) -> list[Row]:
    """The recordings of a call in their order, erased ones, too."""
    return db.rows("SELECT * FROM recordings WHERE call_id = :id ORDER BY created_at, id", id=call_id)


def files_of(db: Database, call_id: str) -> list[str]:
    """The files that are kept of a call."""
    return [row["file"] for row in of_call(db, call_id) if row["file"]]


def file_of(db: Database, recording_id: int) -> list[str]:
    """The file of a recording, if it is kept."""
    file = db.value("SELECT file FROM recordings WHERE id = :id AND file <> ''", id=recording_id)
    return [file] if file else []


def is_kept(db: Database, file: str) -> bool:
    """Whether a recording has this file."""
    return bool(db.value("SELECT EXISTS (SELECT 1 FROM recordings WHERE file = :file)", file=file))


def kept(db: Database) -> tuple[int, int]:
    """How many recordings are kept, and how many bytes they take."""
    row = db.one("SELECT count(*) AS number, coalesce(sum(bytes), 0) AS bytes FROM recordings WHERE file <> ''")
    return (row["number"], row["bytes"]) if row else (0, 0)


def every_file(db: Database) -> list[str]:
    """The names of all files that are kept."""
    return [row["file"] for row in db.rows("SELECT file FROM recordings WHERE file <> '' ORDER BY id")]
