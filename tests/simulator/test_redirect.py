"""Changing a live call by REST (https://www.twilio.com/docs/voice/tutorials/how-to-modify-calls-in-progress)."""

from __future__ import annotations

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]

from tests.simulator.rig import BASE, Rig, person
from voicebot.simulator.call import SimCall

LOOP = '<Gather timeout="5"><Say>Please hold the line.</Say></Gather><Redirect/>'


def live(rig: Rig, seconds: float = 5.0) -> SimCall:
    """A call that has talked for so long."""
    call = rig.place()
    rig.queue.run_for(seconds)
    assert call.status == "in-progress"
    return call


# Url: what runs is cut, also inside a Gather, and the new document carried out.
def test_redirect_cuts_a_gather() -> None:
    rig = Rig(voice=LOOP, moved="<Say>Moved.</Say>")
    call = live(rig)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved", method="GET")
    rig.queue.run_all()
    assert call.entries("said")[-1] == "Moved."
    assert rig.app.paths()[-1] == "/moved"


# Twiml: the document stands in the request.
def test_redirect_to_inline_twiml() -> None:
    rig = Rig(voice=LOOP)
    call = live(rig)
    rig.client.calls(call.sid).update(twiml="<Response><Say>Inline.</Say></Response>")
    rig.queue.run_all()
    assert call.entries("said")[-1] == "Inline."


# The update wins against an action that is under way: its answer is dropped.
def test_update_wins_against_an_action_under_way() -> None:
    rig = Rig(person("otherwise: {press: '1', delay: 1}"), moved="<Say>Moved.</Say>")
    rig.app.documents["/voice"] = '<Gather numDigits="1" action="/key"><Say>Press.</Say></Gather>'

    def key() -> str:
        (call,) = rig.world.calls.values()
        rig.client.calls(call.sid).update(url=f"{BASE}/moved")
        return "<Say>Never heard.</Say>"

    rig.app.documents["/key"] = key
    call = rig.run()
    assert call.entries("said") == ["Press.", "Moved."]


# Status: completed hangs up, canceled takes back what is not answered yet.
def test_completed_hangs_up() -> None:
    rig = Rig(voice=LOOP)
    call = live(rig)
    assert rig.client.calls(call.sid).update(status="completed").status == "completed"
    rig.queue.run_all()
    assert call.duration < 6


def test_canceled_in_the_queue_tells_nobody() -> None:
    rig = Rig(rate=0.1, voice=LOOP)
    rig.place()
    call = rig.place(status_callback=f"{BASE}/status")
    assert rig.client.calls(call.sid).update(status="canceled").status == "canceled"
    rig.queue.run_for(60)
    assert rig.app.forms("/status") == []


def test_canceled_while_ringing() -> None:
    rig = Rig(person("rings: 20"), voice=LOOP)
    call = rig.place(status_callback=f"{BASE}/status")
    rig.queue.run_for(5)
    rig.client.calls(call.sid).update(status="canceled")
    rig.queue.run_all()
    assert [form["CallStatus"] for form in rig.app.forms("/status")] == ["canceled"]


# Callees, seconds to wait, and an update that comes at the wrong time.
TOO_EARLY_OR_LATE: list[tuple[str, float, dict[str, str]]] = [
    (person("rings: 2, turns: 1"), 100.0, {"status": "completed"}),
    (person("rings: 2, turns: 1"), 100.0, {"url": f"{BASE}/moved"}),
    (person("rings: 20"), 5.0, {"url": f"{BASE}/moved"}),
    (person("rings: 2"), 5.0, {"status": "canceled"}),
]


# 21220: the call is not in a state for that.
@pytest.mark.parametrize(("callees", "seconds", "update"), TOO_EARLY_OR_LATE)
def test_update_at_the_wrong_time_is_refused(callees: str, seconds: float, update: dict[str, str]) -> None:
    rig = Rig(callees, voice=LOOP)
    call = rig.place()
    rig.queue.run_for(seconds)
    with pytest.raises(TwilioRestException) as caught:
        rig.client.calls(call.sid).update(**update)
    assert caught.value.code == 21220


# TimeLimit may be changed on a live call; it counts from the answer.
def test_new_time_limit() -> None:
    rig = Rig(voice="<Pause length='500'/>")
    call = live(rig)
    rig.client.calls(call.sid).update(time_limit=30)
    rig.queue.run_all()
    assert call.duration == 30


# Redirect verb: without a URL the same document again; relative URLs belong to the document's.
def test_redirect_verb() -> None:
    answers = iter(["<Redirect/>", "<Redirect>sub/next?x=1</Redirect>"])
    rig = Rig(voice=lambda: next(answers))
    rig.app.documents["/sub/next"] = Response("<Response><Hangup/></Response>", content_type="application/xml")
    rig.run()
    assert rig.app.paths() == ["/voice", "/voice", "/sub/next"]
    assert rig.app.forms("/sub/next")[0]["x"] == "1"
