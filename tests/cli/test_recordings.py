"""The verbs that show kept sound, copy it, and let it go."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from tests.cli.rig import Cli
from tests.services.rig import SETTINGS, Rig, new_rig
from voicebot.cli import server
from voicebot.errors import OutsideError
from voicebot.flows.events import Heard, Reading, TimedWord
from voicebot.services.recordings import keep_answer
from voicebot.settings import load_settings, secret_file
from voicebot.speech.audio import wav
from voicebot.store import recordings


@pytest.fixture
def call_id(cli: Cli) -> str:
    """A call of an installation on which something was said, and kept."""
    rig: Rig = new_rig(cli.folder)
    secret_file(cli.database).write_text(SETTINGS.secret, encoding="ascii")
    made = rig.open()
    rig.answer(made)
    words = (TimedWord(text="stop", start=0.4, end=0.72, confidence=0.981), TimedWord(text="it", start=0.8, end=0.9))
    rig.send(made, None, Heard(at=rig.tick(), readings=(Reading(text="stop it", words=words),)))
    keep_answer(rig.centre, rig.call(made), 2, wav.write(np.zeros(12000, np.int16), 8000), rig.now)
    rig.ended(made)
    rig.db.close()
    return made


def sound(cli: Cli, call_id: str) -> Path:
    return recordings.folder(cli.database) / f"{call_id}-2.wav"


def test_a_call_shows_its_sound_and_on_request_its_words(cli: Cli, call_id: str) -> None:
    told = cli.out("call", call_id)
    assert f"  recording: answer, 1.5 s  {sound(cli, call_id)}\n" in told
    assert "stop 0.40" not in told
    assert "stop 0.40-0.72 (0.98)  it 0.80-0.90\n" in cli.out("call", call_id, "--words")


def test_a_program_reads_both(cli: Cli, call_id: str) -> None:
    told = json.loads(cli.out("call", call_id, "--json"))
    [one] = told["recordings"]
    assert (one["kind"], one["seconds"], one["file"], one["missing"]) == (
        "answer",
        1.5,
        str(sound(cli, call_id)),
        False,
    )
    [said] = [line for line in told["transcript"] if line["words"]]
    assert said["words"][0] == {"text": "stop", "start": 0.4, "end": 0.72, "confidence": 0.981}


def test_a_lost_file_is_told(cli: Cli, call_id: str) -> None:
    sound(cli, call_id).unlink()
    assert "(the file is missing)" in cli.out("call", call_id)


def test_a_purge_takes_it_away_and_says_so(cli: Cli, call_id: str) -> None:
    assert "1 recording" in cli.out("purge", "--older-than", "0d", "--dry-run")
    assert "1 recording" in cli.out("purge", "--older-than", "0d")
    assert "0 recordings" in cli.out("purge", "--older-than", "0d")
    assert not sound(cli, call_id).exists()
    assert "recording: answer, 1.5 s  erased on 20" in cli.out("call", call_id)
    [row] = [row for row in json.loads(cli.out("retention", "--json")) if row["what"] == "the sound of calls"]
    assert (row["days"], row["kept"], row["due"]) == (90, 0, 0)


def test_a_backup_says_what_it_leaves_out(cli: Cli, call_id: str, tmp_path: Path) -> None:
    assert "Not copied: 1 recording, 24,044 bytes (--with-recordings)." in cli.out("backup", tmp_path / "plain")
    whole = cli.out("backup", tmp_path / "whole", "--with-recordings")
    assert "Not copied" not in whole
    assert f"{call_id}-2.wav" in whole


def test_serving_begins_with_removing_what_belongs_to_nothing(cli: Cli, call_id: str) -> None:
    stray = sound(cli, call_id).with_name("9-9-2.wav")
    stray.write_bytes(b"RIFF")
    os.utime(stray, (0, 0))
    settings = load_settings({"VOICEBOT_DATABASE": str(cli.database)}, cli.list_file("", "none.toml"))
    server._check_parts(settings)
    assert (stray.exists(), sound(cli, call_id).exists()) == (False, True)


def test_a_folder_that_cannot_be_read_stops_no_call(
    cli: Cli, call_id: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unreadable(*_: object) -> int:
        raise OutsideError("x.db.recordings", "recordings cannot be kept there: Permission denied.")

    monkeypatch.setattr(recordings, "sweep", unreadable)
    settings = load_settings({"VOICEBOT_DATABASE": str(cli.database)}, cli.list_file("", "none.toml"))
    server._check_parts(settings)
    assert "Permission denied" in caplog.text
