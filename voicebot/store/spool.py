"""The spool: opt-outs that the database could not take, kept in a synced file beside it until it can.

Rule: while anything is in it, nobody dials. The file keeps room for some hundred entries, so that a full disk, too, can
take an opt-out; unused room is zero bytes.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from voicebot.errors import OutsideError, Place, VoicebotError
from voicebot.store.database import Database

ROOM = 64 * 1024
"""Bytes kept free in the file."""


@dataclass(frozen=True)
class Spooled:
    """One opt-out: what the do-not-call record will say."""

    call_id: str | None
    number_hash: str
    source: str
    evidence: str
    at: str


def spool_file(db: Database) -> Path:
    """Where the spool of a database is."""
    return db.path.with_name(db.path.name + ".spool")


def prepare(db: Database) -> None:
    """Make the file and its room, while there is still space on the disk. Raises OutsideError."""
    with _opened(db) as file:
        _make_room(file)


def add(db: Database, entry: Spooled) -> None:
    """Write an opt-out and wait until the disk has it. Raises OutsideError when not even that works."""
    line = json.dumps(asdict(entry), ensure_ascii=False).encode() + b"\n"
    with _opened(db) as file:
        used = _used(file)
        torn = used and used[-1:] != b"\n"
        os.pwrite(file, b"\n" + line if torn else line, len(used))
        os.fsync(file)


def pending(db: Database) -> bool:
    """Whether opt-outs wait in the spool."""
    try:
        with spool_file(db).open("rb") as file:
            return file.read(1).strip(b"\0") != b""
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unusable(db, error) from None


@contextmanager
def draining(db: Database) -> Iterator[list[Spooled]]:
    """What waits in the spool. It is emptied when the block ends well; until then nobody else writes to it.

    Raises VoicebotError for a line that a crash or a hand has torn: it must be looked at, as it may be an opt-out.
    """
    with _opened(db) as file:
        used = _used(file)
        yield [_parsed(db, number, line) for number, line in enumerate(used.splitlines(), start=1) if line]
        os.pwrite(file, b"\0" * len(used), 0)
        os.fsync(file)


@contextmanager
def _opened(db: Database) -> Iterator[int]:
    """The file under a lock that other processes respect, too."""
    path = spool_file(db)
    new = not path.exists()
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unusable(db, error) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        if new:
            _sync_folder(path.parent)
        yield file
    except OSError as error:
        raise _unusable(db, error) from None
    finally:
        os.close(file)


def _make_room(file: int) -> None:
    missing = ROOM - os.fstat(file).st_size
    if missing > 0:
        os.pwrite(file, b"\0" * missing, os.fstat(file).st_size)
        os.fsync(file)


def _used(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0).rstrip(b"\0")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parsed(db: Database, number: int, line: bytes) -> Spooled:
    try:
        return Spooled(**json.loads(line))
    except (ValueError, TypeError):
        shown = line[:200].decode(errors="replace")
        remedy = "It may be an opt-out: find the call it names, suppress that number, then delete the line."
        raise VoicebotError(Place(str(spool_file(db)), number), f"this line is torn: {shown}", remedy) from None


def _unusable(db: Database, error: OSError) -> OutsideError:
    problem = f"the spool of opt-outs cannot be used: {error.strerror}."
    return OutsideError(str(spool_file(db)), problem, "Dialing stays stopped until it can be.")
