"""A case that a flow opens: written down at once, with its owner, its due time, the call and the lead."""

from __future__ import annotations

from tests.services.rig import Rig
from voicebot.services.transcripts import transcript
from voicebot.store import cases
from voicebot.timestamps import seconds_between


def test_a_complaint_opens_a_case_at_once_and_once(rig: Rig) -> None:
    call_id = rig.open("complaint")
    rig.answer(call_id)
    rig.press(call_id, "2")
    rig.press(call_id, "2")
    (case,) = cases.open_cases(rig.db)
    assert (case["kind"], case["owner"], case["note"], case["call_id"]) == (
        "complaint",
        "service",
        "Not well.",
        call_id,
    )
    assert case["lead_id"] == rig.call(call_id)["lead_id"] is not None
    assert seconds_between(case["created_at"], case["due_at"]) == 4 * 3600


def test_a_contented_call_opens_none(rig: Rig) -> None:
    call_id = rig.open("complaint")
    rig.answer(call_id)
    rig.press(call_id, "1")
    rig.status(call_id, "completed")
    assert cases.open_cases(rig.db) == []


def test_a_case_stands_in_the_transcript(rig: Rig) -> None:
    call_id = rig.open("complaint")
    rig.answer(call_id)
    rig.press(call_id, "2")
    notes = [said.text for said in transcript(rig.db, call_id) if said.who == "note"]
    assert any(note.startswith("a case is opened for service: complaint (Not well.)") for note in notes)
