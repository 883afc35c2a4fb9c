"""Keeping sound: only where everybody agrees; the file and its row together; and both gone when they are due."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.services.rig import SETTINGS, Rig, new_rig
from tests.store.world import Killed, Killer
from voicebot.dialer.policy import Country, Policy, RecordingRule
from voicebot.dialer.recording import Recording
from voicebot.errors import VoicebotError
from voicebot.leads.hashing import number_hash
from voicebot.services import recordings as service
from voicebot.services.caller import Sink
from voicebot.services.erasure import forget_person, purge, standings
from voicebot.services.recordings import keep_answer, stream_keeper, why_not
from voicebot.services.switchboard import Switchboard
from voicebot.speech.audio import g711, wav
from voicebot.store import recordings
from voicebot.timestamps import from_text

PHONE = "+12025550150"
HASH = number_hash(PHONE, SETTINGS.secret)


def policy_of(rig: Rig, rule: Recording, **countries: Country) -> Policy:
    old = rig.centre.policy
    default = old.default.model_copy(update={"recording": RecordingRule(rule=rule, source="test")})
    return old.model_copy(update={"default": default, "countries": countries})


def keeping(rig: Rig, rule: Recording = "allowed", *, wanted: bool = True) -> Rig:
    """The same centre, with this rule and this wish."""
    settings = replace(rig.centre.settings, keep_recordings=wanted)
    centre = replace(rig.centre, policy=policy_of(rig, rule), settings=settings)
    return replace(rig, board=Switchboard(centre, rig.phone))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = keeping(new_rig(tmp_path))
    yield made
    made.db.close()


def clock(rig: Rig) -> datetime:
    return from_text(rig.now)


def answer(seconds: float = 1.5) -> bytes:
    return wav.write(np.zeros(round(8000 * seconds), np.int16), 8000)


def talked(rig: Rig, e164: str = PHONE) -> str:
    """A call that is over, with one answer kept."""
    call_id = rig.open(e164=e164)
    rig.answer(call_id)
    assert keep_answer(rig.centre, rig.call(call_id), 2, answer(), rig.now)
    rig.status(call_id, "completed")
    with rig.db.transaction():
        rig.db.execute("UPDATE enrolments SET status = 'done'")
    return call_id


def files(rig: Rig) -> list[str]:
    folder = recordings.folder(rig.db.path)
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


# --- whether ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "wanted", "why"),
    [
        ("allowed", True, ""),
        ("allowed", False, "the centre keeps no recordings"),
        ("announced", True, "the flow does not announce it"),
        ("never", True, "it is never kept where the callee is"),
    ],
)
def test_who_stands_against_it(rig: Rig, rule: Recording, wanted: bool, why: str) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    strict = keeping(rig, rule, wanted=wanted)
    assert why_not(strict.centre, strict.call(call_id)) == why
    kept = stream_keeper(strict.centre, call_id, lambda: clock(rig))
    assert (kept is None) is bool(why)
    if kept:
        kept.close()
    assert files(rig) == []


def test_a_flow_that_announces_it(rig: Rig, tmp_path: Path) -> None:
    flow = tmp_path / "told.yaml"
    text = Path("tests/services/flows/desk.yaml").read_text(encoding="utf-8").replace("name: desk", "name: told")
    flow.write_text(text.replace("purpose: service", "purpose: service\nannounces_recording: true"), encoding="utf-8")
    call_id = rig.open(str(flow.with_suffix("")))
    assert why_not(keeping(rig, "announced").centre, rig.call(call_id)) == ""
    assert why_not(keeping(rig, "never").centre, rig.call(call_id)) != ""


def test_the_country_of_the_number_and_the_region_of_the_person_decide(rig: Rig) -> None:
    call_id = rig.open()
    strict = RecordingRule(rule="never", source="test")
    home = rig.centre.policy.default.model_copy(update={"regions": {"CA": rig.centre.policy.default}})
    assert why_not(replace(rig.centre, policy=policy_of(rig, "never", US=home)), rig.call(call_id)) == ""
    with rig.db.transaction():
        rig.db.execute("UPDATE people SET region = 'California'")
    forbidding = home.model_copy(update={"regions": {"CA": home.model_copy(update={"recording": strict})}})
    assert why_not(replace(rig.centre, policy=policy_of(rig, "allowed", US=forbidding)), rig.call(call_id)) != ""


def test_the_campaign_may_forbid_it(rig: Rig) -> None:
    call_id = rig.open()
    own = {"recording": {"rule": "never", "source": "the customer wants it so"}}
    with rig.db.transaction():
        rig.db.execute("UPDATE campaigns SET policy = :own", own=json.dumps(own))
    assert why_not(rig.centre, rig.call(call_id)) == "it is never kept where the callee is"


def test_of_somebody_unknown_the_default_holds(rig: Rig) -> None:
    rig.board.inbound("CA-x", "anonymous", rig.now)
    call = rig.call("in-CA-x")
    assert why_not(rig.centre, call) == ""
    assert why_not(keeping(rig, "never").centre, call) != ""


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_once_with_its_length(rig: Rig) -> None:
    call_id = talked(rig)
    assert keep_answer(rig.centre, rig.call(call_id), 2, answer(), rig.now)
    [row] = recordings.of_call(rig.db, call_id)
    assert (row["kind"], row["seconds"], row["bytes"], row["file"]) == ("answer", 1.5, 24044, f"{call_id}-2.wav")
    assert files(rig) == [f"{call_id}-2.wav"]


def test_what_is_no_sound_is_not_kept(rig: Rig) -> None:
    call_id = rig.open()
    with pytest.raises(VoicebotError, match="is not a WAV file"):
        keep_answer(rig.centre, rig.call(call_id), 2, b"<html>", rig.now)
    assert files(rig) == []


@pytest.mark.parametrize("at", range(2))
def test_killed_between_file_and_row_the_file_is_swept(rig: Rig, at: int) -> None:
    call_id = rig.open()
    rig.db.on_commit = Killer(at)
    with pytest.raises(Killed):
        keep_answer(rig.centre, rig.call(call_id), 2, answer(), rig.now)
    rig.db.on_commit = None
    recordings.sweep(rig.db, clock(rig) + timedelta(hours=2))
    assert files(rig) == recordings.every_file(rig.db)
    assert len(files(rig)) == at  # before the commit it is swept, after it is kept


def test_an_answer_that_comes_after_its_calls_erasure_is_not_kept(rig: Rig) -> None:
    call_id = talked(rig)
    forget_person(rig.board, HASH, rig.now)
    assert not keep_answer(rig.centre, rig.call(call_id), 3, answer(), rig.now)
    assert files(rig) == []


# --- streams ----------------------------------------------------------------------------------------------------------


def test_a_stream_is_one_file_that_can_be_listened_to(rig: Rig) -> None:
    call_id = rig.open()
    keeper: Sink | None = stream_keeper(rig.centre, call_id, lambda: clock(rig))
    assert keeper is not None
    tone = (np.sin(np.arange(801) / 4) * 9000).astype(np.int16)
    for _ in range(25):
        keeper.write(g711.encode_ulaw(tone))
    assert [name.endswith(".part") for name in files(rig)] == [True]
    keeper.close()
    keeper.close()
    keeper.write(b"after the end")
    [row] = recordings.of_call(rig.db, call_id)
    file = recordings.folder(rig.db.path) / row["file"]
    sound = wav.read(file.read_bytes())
    assert (sound.rate, len(sound.samples)) == (8000, 25 * 801)
    assert np.abs(sound.samples[:801].astype(int) - tone).max() < 500
    assert (row["kind"], row["seconds"], row["bytes"]) == ("stream", 2.5, file.stat().st_size)
    assert files(rig) == [f"{call_id}-stream.wav"]


def test_of_an_empty_stream_nothing_is_kept(rig: Rig) -> None:
    keeper = stream_keeper(rig.centre, rig.open(), lambda: clock(rig))
    assert keeper is not None
    keeper.close()
    assert files(rig) == []


def test_a_stream_without_end_is_kept_to_a_bound(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "LONGEST_STREAM", 1)
    call_id = rig.open()
    keeper = stream_keeper(rig.centre, call_id, lambda: clock(rig))
    assert keeper is not None
    for _ in range(7):
        keeper.write(b"\xff" * 3000)
    keeper.close()
    [row] = recordings.of_call(rig.db, call_id)
    assert row["seconds"] == 1.0


def test_a_disk_that_fails_ends_the_keeping_and_not_the_call(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = stream_keeper(rig.centre, rig.open(), lambda: clock(rig))
    assert keeper is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recordings, "publish", full)
    keeper.write(b"\xff" * 160)
    keeper.close()
    assert "is not kept: No space left on device" in caplog.text
    assert files(rig) == []
    recordings.folder(rig.db.path).rmdir()
    recordings.folder(rig.db.path).write_text("", encoding="utf-8")
    assert stream_keeper(rig.centre, rig.open(), lambda: clock(rig)) is None


# --- the end ----------------------------------------------------------------------------------------------------------


def test_sound_goes_after_its_time_and_the_words_stay(rig: Rig) -> None:
    call_id = talked(rig)
    rows = {row.rule.table: (row.kept, row.due) for row in standings(rig.db, clock(rig) + timedelta(days=91))}
    assert rows["recordings"] == (1, 1)
    assert purge(rig.db, clock(rig) + timedelta(days=89), None)["recordings"] == 0
    assert files(rig) == [f"{call_id}-2.wav"]
    counts = purge(rig.db, clock(rig) + timedelta(days=91), None)
    assert (counts["recordings"], counts["calls"]) == (1, 0)
    assert files(rig) == []
    [row] = recordings.of_call(rig.db, call_id)
    assert (row["file"], bool(row["erased_at"]), row["seconds"]) == ("", True, 1.5)


def test_an_erased_person_is_not_heard_any_more(rig: Rig) -> None:
    call_id, other = talked(rig), talked(rig, "+12025550151")
    assert forget_person(rig.board, HASH, rig.now, dry_run=True)["recordings"] == 1
    assert files(rig) == [f"{call_id}-2.wav", f"{other}-2.wav"]
    assert forget_person(rig.board, HASH, rig.now)["recordings"] == 1
    assert files(rig) == [f"{other}-2.wav"]


@pytest.mark.parametrize("at", range(8))
def test_a_purge_that_is_killed_is_completed_by_the_next(rig: Rig, at: int) -> None:
    talked(rig)
    talked(rig, "+12025550151")
    later = clock(rig) + timedelta(days=200)
    rig.db.on_commit = Killer(at)
    with pytest.raises(Killed):
        purge(rig.db, later, 100)
    rig.db.on_commit = None
    purge(rig.db, later, 100)
    assert files(rig) == recordings.every_file(rig.db) == []


def test_a_call_under_way_keeps_its_sound(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    keep_answer(rig.centre, rig.call(call_id), 2, answer(), rig.now)
    assert purge(rig.db, clock(rig) + timedelta(days=1), 0)["recordings"] == 0
    assert len(files(rig)) == 1
