"""Somebody misses our call and rings back: simulator, webhooks, store and flow together, on virtual time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone.test_whole_calls import ANN, OURS, Stage
from tests.services.rig import SETTINGS, Rig, new_rig
from voicebot.phone.urls import CallUrls
from voicebot.services import reports
from voicebot.services.replay import replay
from voicebot.simulator import load_callees
from voicebot.simulator.call import TERMINAL, Callback
from voicebot.timestamps import to_text

RINGS_BACK = load_callees(
    f'numbers: {{"{ANN}": {{reactions: [{{hears: for our address, press: "1"}}, {{hears: to end, press: "3"}}]}}}}'
).numbers[ANN]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = new_rig(tmp_path)
    yield made
    made.db.close()


@pytest.mark.parametrize(
    ("ann", "after", "concluded"),
    [("line: no_answer", 120, 2), ("line: busy", 30, 2), ("rings: 20", 8, 1)],
    ids=["missed", "busy", "while it rings"],
)
def test_they_go_on_where_we_wanted_to_begin(rig: Rig, ann: str, after: float, concluded: int) -> None:
    stage = Stage(rig, f"{{{ann}}}")
    stage.world.numbers[OURS].status_callback = Callback(f"{SETTINGS.base_url}/voice/inbound/status")
    rig.now = to_text(stage.queue.now())
    call_id = rig.open("text", e164=ANN)
    with rig.db.transaction():
        rig.db.execute("UPDATE campaigns SET status = 'running'")
    call = rig.call(call_id)
    urls = CallUrls(call["base_url"], call_id, call["token"])
    stage.board.phone.place(
        to=ANN, from_=OURS, url=urls.answer(), status_url=urls.status(), fallback_url=urls.fallback()
    )  # fmt: skip
    stage.queue.run_for(after)
    stage.world.call_in(ANN, OURS, RINGS_BACK)
    stage.queue.run_for(600)
    theirs = rig.db.one("SELECT * FROM calls WHERE direction = 'inbound' AND number_hash = :h", h=call["number_hash"])
    assert theirs is not None
    assert (theirs["enrolment_id"], theirs["flow"], theirs["outcome"]) == (1, "text", "completed")
    assert "Hello Ann, this is Test Centre." in " | ".join(
        entry.text
        for one in stage.world.calls.values()
        if one.from_ == ANN
        for entry in one.log
        if entry.what == "said"
    )
    assert rig.db.value("SELECT status || outcome FROM enrolments") == "donecompleted"
    counted = rig.db.value("SELECT count(*) FROM journal WHERE kind = 'concluded'")
    assert counted == concluded
    assert replay(rig.db, theirs["id"]).same
    dialled_by_hand = {"outside_hours", "over_cap"}
    assert {breach.rule for breach in reports.invariants(rig.db)} <= dialled_by_hand
    assert rig.db.value("SELECT status FROM messages") in ("sent", "delivered", "undelivered")
    assert all(one.status in TERMINAL for one in stage.world.calls.values())
