"""Text messages between the provider (the simulator, on virtual time, by its SDK) and the real application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone.test_whole_calls import ANN, OURS, Stage
from tests.services.rig import SETTINGS, Rig, new_rig
from voicebot.phone.urls import CallUrls
from voicebot.services import reports
from voicebot.services.replay import replay
from voicebot.services.transcripts import transcript
from voicebot.timestamps import to_text

ASKS = "reactions: [{hears: for our address, press: '1'}, {hears: for our address, press: '3'}]"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = new_rig(tmp_path)
    yield made
    made.db.close()


def play(rig: Rig, ann: str, *, unsubscribed: bool = False) -> tuple[Stage, str]:
    """Ann is rung, asks for the address, and everything takes its course; the stage and the call's id."""
    stage = Stage(rig, f"{{{ASKS}, {ann}}}")
    stage.world.own(OURS, f"{SETTINGS.base_url}/voice/inbound", f"{SETTINGS.base_url}/voice/message")
    if unsubscribed:
        stage.world.post_office.opted_out.add((OURS, ANN))
    rig.now = to_text(stage.queue.now())
    call_id = rig.open("text", e164=ANN)
    call = rig.call(call_id)
    urls = CallUrls(call["base_url"], call_id, call["token"])
    stage.board.phone.place(
        to=ANN, from_=OURS, url=urls.answer(), status_url=urls.status(), fallback_url=urls.fallback()
    )  # fmt: skip
    for _ in range(20):
        stage.queue.run_for(60)
        stage.board.sweep(to_text(stage.queue.now()))
    return stage, call_id


SENT = [
    ("sms: delivered", "delivered", "the text message was delivered"),
    ("sms: no_receipt", "sent", "the text message was sent"),
    ("sms: unreachable", "undelivered", "the text message was not delivered (30003)"),
    ("sms: landline", "undelivered", "the text message was not delivered (30006)"),
]


@pytest.mark.parametrize(("ann", "status", "line"), SENT, ids=[row[0] for row in SENT])
def test_what_becomes_of_a_message(rig: Rig, ann: str, status: str, line: str) -> None:
    stage, call_id = play(rig, ann)
    assert rig.db.value("SELECT status FROM messages WHERE direction = 'outbound'") == status
    told = [said.text for said in transcript(rig.db, call_id)]
    assert "text message wished: Ann, we are at 1 Main Street." in told
    assert line in told
    assert replay(rig.db, call_id).same
    assert rig.db.value("SELECT count(*) FROM journal WHERE kind IN ('refused_webhook', 'fault')") == 0
    assert [str(note.problem) for note in stage.world.notifications] in ([], [line])


REPLIES = [
    ("STOP", True, 0),
    ("please never contact me again", True, 0),
    ("退订", True, 0),
    ("HELP", False, 0),
    ("Can I come on Sunday?", False, 1),
]


@pytest.mark.parametrize(("reply", "gone", "cases"), REPLIES, ids=[row[0] for row in REPLIES])
def test_what_is_written_back(rig: Rig, reply: str, gone: bool, cases: int) -> None:
    stage, _ = play(rig, f"replies: [{{hears: Main Street, say: '{reply}'}}]")
    assert rig.suppressed(ANN) is gone
    assert rig.db.value("SELECT count(*) FROM cases") == cases
    assert rig.db.value("SELECT body FROM messages WHERE direction = 'inbound'") == reply
    assert [breach for breach in reports.invariants(rig.db) if "after_opt_out" in breach.rule] == []
    assert [str(note.problem) for note in stage.world.notifications] == []


def test_whoever_has_unsubscribed_at_the_provider_is_off_the_calls_too(rig: Rig) -> None:
    play(rig, "sms: delivered", unsubscribed=True)
    assert rig.db.value("SELECT status FROM messages") == "refused"
    assert rig.suppressed(ANN)
    assert rig.db.value("SELECT status FROM enrolments") == "done"
