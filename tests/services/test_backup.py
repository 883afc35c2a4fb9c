"""A backup holds everything that was committed, opens by itself, and overwrites nothing."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from app import join
from voicebot.errors import OutsideError, VoicebotError
from voicebot.services import suppression
from voicebot.services.backup import back_up
from voicebot.services.suppression import OptingOut
from voicebot.services.switchboard import Switchboard
from voicebot.settings import load_settings
from voicebot.store import recordings, suppressions
from voicebot.store.recordings import Recorded

AT = "2026-03-02T15:00:00.000Z"


@pytest.fixture
def board(tmp_path: Path) -> Switchboard:
    return join(load_settings({"VOICEBOT_DATABASE": str(tmp_path / "live" / "x.db")}, tmp_path / "none.toml"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    (tmp_path / "none.toml").write_text("", encoding="utf-8")


def opted_out(board: Switchboard, number: str) -> None:
    with board.centre.db.transaction():
        suppression.suppress(board.centre.db, OptingOut(number, "key", AT, "*"))


def test_everything_committed_is_in_it(board: Switchboard, tmp_path: Path) -> None:
    opted_out(board, "h1")
    suppression.spool_opt_out(board.centre.db, OptingOut("h2", "key", AT, "*"))
    written = back_up(board.centre, tmp_path / "copy")
    assert [file.name for file in written] == ["x.db", "x.db.secret", "x.db.spool"]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in written)
    restored = join(load_settings({"VOICEBOT_DATABASE": str(tmp_path / "copy" / "x.db")}, tmp_path / "none.toml"))
    assert suppressions.is_suppressed(restored.centre.db, "h1")
    suppression.drain_spool(restored.centre.db)
    assert suppressions.is_suppressed(restored.centre.db, "h2")


def test_calls_go_on_meanwhile(board: Switchboard, tmp_path: Path) -> None:
    stop = threading.Event()
    numbers = iter(range(100_000))

    def write() -> None:
        while not stop.is_set():
            opted_out(board, f"n{next(numbers)}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        back_up(board.centre, tmp_path / "copy")
    finally:
        stop.set()
        writer.join()
    restored = join(load_settings({"VOICEBOT_DATABASE": str(tmp_path / "copy" / "x.db")}, tmp_path / "none.toml"))
    assert restored.centre.db.value("PRAGMA integrity_check") == "ok"


def test_sound_is_copied_on_request_alone(board: Switchboard, tmp_path: Path) -> None:
    db = board.centre.db
    with db.transaction():
        for number in (1, 2):
            db.execute("INSERT INTO calls (id, direction) VALUES (:id, 'outbound')", id=f"7-{number}")
            recordings.insert(db, Recorded(f"7-{number}", None, "answer", 2, 1.5, 4, AT))
    recordings.write(db.path, "7-1-2.wav", b"RIFF", AT)  # the other one's file is lost
    assert [file.name for file in back_up(board.centre, tmp_path / "plain")] == ["x.db", "x.db.secret", "x.db.spool"]
    written = back_up(board.centre, tmp_path / "copy", with_recordings=True)
    assert [file.name for file in written] == ["x.db", "7-1-2.wav", "x.db.secret", "x.db.spool"]
    assert written[1] == recordings.folder(tmp_path / "copy" / "x.db") / "7-1-2.wav"
    assert stat.S_IMODE(written[1].stat().st_mode) == 0o600
    assert stat.S_IMODE(written[1].parent.stat().st_mode) == 0o700


def test_no_backup_is_overwritten(board: Switchboard, tmp_path: Path) -> None:
    back_up(board.centre, tmp_path / "copy")
    with pytest.raises(VoicebotError, match="there is a backup already"):
        back_up(board.centre, tmp_path / "copy")


def test_a_folder_that_cannot_be_made_is_told(board: Switchboard, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutsideError, match="the backup cannot be written"):
        back_up(board.centre, tmp_path / "file" / "copy")
