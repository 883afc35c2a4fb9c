"""A value that was read is written down with the words it was read from, where it can be erased again."""

from __future__ import annotations

import json

from tests.services.rig import Rig
from voicebot.services.replay import replay
from voicebot.services.transcripts import transcript
from voicebot.store import journal

WORDS = "well you could try on Friday between two and four i suppose"


def _wished(rig: Rig) -> str:
    call_id = rig.open("wish")
    rig.answer(call_id)
    rig.say(call_id, WORDS)
    rig.ended(call_id)
    return call_id


def test_value_span_and_what_was_heard_are_in_the_private_part(rig: Rig) -> None:
    (entry,) = [
        entry
        for entry in journal.read(rig.db, "call", _wished(rig))
        if entry.private and "Friday" in json.dumps(entry.private)
    ]
    assert entry.private
    assert entry.private["event"]["readings"][0]["text"] == WORDS
    (valued,) = [action for action in entry.private["actions"] if action["kind"] == "valued"]
    assert valued == {
        "kind": "valued",
        "slot": "moment",
        "of": "datetime",
        "value": "2026-03-06T14:00",
        "until": "2026-03-06T16:00",
        "heard": "Friday between two and four",
    }
    assert {"kind": "valued", "slot": "moment", "of": "datetime"} in entry.body["actions"]
    assert "Friday" not in json.dumps(entry.body)
    assert "2026-03-06" not in json.dumps(entry.body)


def test_transcript_shows_it_until_it_is_erased(rig: Rig) -> None:
    call_id = _wished(rig)
    told = "2026-03-06T14:00 to 2026-03-06T16:00 (datetime in: Friday between two and four)"
    assert any(told in line.note for line in transcript(rig.db, call_id))
    with rig.db.transaction():
        journal.erase_private(rig.db, "call", call_id, rig.now)
    assert not any("Friday" in line.note + line.text for line in transcript(rig.db, call_id))


def test_replay_reads_the_same_again(rig: Rig) -> None:
    call_id = _wished(rig)
    report = replay(rig.db, call_id)
    assert not report.difference


def test_a_day_that_is_past_is_no_wish(rig: Rig) -> None:
    call_id = rig.open("wish")
    rig.answer(call_id)
    rig.say(call_id, "last friday at two")
    assert not any("2026-" in line.note for line in transcript(rig.db, call_id))


def test_keys_are_written_down_too(rig: Rig) -> None:
    call_id = rig.open("wish")
    rig.answer(call_id)
    rig.press(call_id, "03061430")
    assert "2026-03-06T14:30 (datetime in: 03061430)" in [
        line.note.partition(" · ")[2] for line in transcript(rig.db, call_id)
    ]
