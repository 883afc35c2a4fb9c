from __future__ import annotations

import stat

import pytest

from voicebot.errors import OutsideError, VoicebotError
from voicebot.store import spool
from voicebot.store.database import Database

ENTRY = spool.Spooled("c1", "a" * 64, "words", "别再打了", "2026-03-02T15:00:00.000Z")


def drained(db: Database) -> list[spool.Spooled]:
    with spool.draining(db) as entries:
        return entries


def test_what_is_added_waits_until_it_is_drained(db: Database) -> None:
    assert not spool.pending(db)
    spool.prepare(db)
    assert not spool.pending(db)
    spool.add(db, ENTRY)
    spool.add(db, ENTRY)
    assert spool.pending(db)
    assert drained(db) == [ENTRY, ENTRY]
    assert not spool.pending(db)
    assert drained(db) == []


def test_a_prepared_spool_does_not_grow_and_is_private(db: Database) -> None:
    spool.prepare(db)
    for _ in range(100):
        spool.add(db, ENTRY)
    file = spool.spool_file(db).stat()
    assert file.st_size == spool.ROOM
    assert stat.S_IMODE(file.st_mode) == 0o600


def test_it_stays_when_draining_fails(db: Database) -> None:
    spool.add(db, ENTRY)
    with pytest.raises(ZeroDivisionError), spool.draining(db):
        raise ZeroDivisionError
    assert drained(db) == [ENTRY]


def test_a_torn_line_keeps_dialing_stopped_and_spoils_no_other(db: Database) -> None:
    spool.spool_file(db).write_bytes(b'{"call_id": "c9", "number_ha')
    spool.add(db, ENTRY)
    with pytest.raises(VoicebotError, match=r"spool:1: this line is torn: .*c9"):
        drained(db)
    assert spool.pending(db)
    assert spool.spool_file(db).read_bytes().count(b"\n") == 2


def test_a_spool_that_cannot_be_used_is_said_to_be_so(db: Database) -> None:
    spool.spool_file(db).mkdir()
    with pytest.raises(OutsideError, match="the spool of opt-outs cannot be used"):
        spool.add(db, ENTRY)
