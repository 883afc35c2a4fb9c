"""Dial to numbers: two real calls, connected (https://www.twilio.com/docs/voice/twiml/dial, .../number)."""

from __future__ import annotations

import pytest

from tests.simulator.rig import AGENT, BASE, OURS, THEIRS, Answer, Rig
from voicebot.simulator.call import SimCall
from voicebot.simulator.signals import Pressed

CALLER = "caller: {rings: 1, greeting: '', patience: 500, talks_for: 300}"


def rig(agent: str, voice: str, **documents: Answer) -> Rig:
    callees = f"personas: {{{CALLER}, agent: {{{agent}}}}}\nnumbers: {{'{THEIRS}': caller, '{AGENT}': agent}}"
    return Rig(callees, more=documents, voice=voice, after="<Say>After.</Say>")


def dial(attributes: str = "", number: str = f"<Number>{AGENT}</Number>") -> str:
    return f'<Dial action="/after" {attributes}>{number}</Dial><Say>Below.</Say>'


def agent_of(world: Rig) -> SimCall:
    return next(call for call in world.world.calls.values() if call.direction == "outbound-dial")


# Dial action: DialCallStatus completed with the child's SID and duration once the child has hung up.
def test_bridged_call_reports_its_end() -> None:
    rigged = rig("rings: 3, talks_for: 10", dial())
    call = rigged.run()
    child = agent_of(rigged)
    (form,) = rigged.app.forms("/after")
    assert (form["DialCallStatus"], form["DialCallSid"], form["DialCallDuration"]) == ("completed", child.sid, "10")
    assert child.parent is call
    assert (child.from_, child.to, child.status) == (OURS, AGENT, "completed")
    assert call.entries("said") == ["After."]


# DialCallStatus: what became of a child that could not be talked to.
@pytest.mark.parametrize(
    ("line", "status"),
    [("busy", "busy"), ("declines", "busy"), ("no_answer", "no-answer"), ("does_not_exist", "failed")],
)
def test_unanswered_dial_reports_why(line: str, status: str) -> None:
    rigged = rig(f"line: {line}", dial('timeout="20"'))
    rigged.run()
    (form,) = rigged.app.forms("/after")
    assert form["DialCallStatus"] == status
    assert "DialCallDuration" not in form


# Without action, Dial falls through to the next verb.
def test_dial_without_action_falls_through() -> None:
    rigged = rig("talks_for: 5", f"<Dial>{AGENT}</Dial><Say>Below.</Say>")
    assert rigged.run().entries("said") == ["Below."]


# Several numbers ring at once; the first to answer is connected, the others stop ringing.
def test_first_to_answer_is_connected() -> None:
    rigged = rig("rings: 3, talks_for: 5", dial(number=f"<Number>{AGENT}</Number><Number>+12025550177</Number>"))
    rigged.world.callees.numbers["+12025550177"] = rigged.world.callees.personas["caller"]
    rigged.run()
    ended = {call.to: call.status for call in rigged.world.calls.values() if call.parent}
    assert ended == {AGENT: "canceled", "+12025550177": "completed"}


# Number url: the whisper is heard by the called party before the two are connected; hanging up prevents it.
def test_whisper_decides_whether_they_are_connected() -> None:
    number = f'<Number url="/whisper">{AGENT}</Number>'
    whisper = '<Gather numDigits="1" action="/choice" timeout="3"><Say>Press 1 to accept.</Say></Gather><Hangup/>'
    accepts = "talks_for: 5, greeting: '', reactions: [{hears: press 1, press: '1'}]"
    rigged = rig(accepts, dial(number=number), whisper=whisper, choice="<Say>Connecting.</Say>")
    call = rigged.run()
    assert agent_of(rigged).entries("said") == ["Press 1 to accept.", "Connecting."]
    assert rigged.app.forms("/after")[0]["DialBridged"] == "true"
    assert len(call.entries("bridged")) == 1
    rigged = rig("greeting: '', patience: 99", dial(number=number), whisper=whisper)
    rigged.run()
    assert rigged.app.forms("/after")[0]["DialBridged"] == "false"


# A whisper may not contain Dial.
def test_dial_in_a_whisper_is_an_error() -> None:
    number = f'<Number url="/whisper">{AGENT}</Number>'
    rigged = rig("talks_for: 5", dial(number=number), whisper=f"<Dial>{OURS}</Dial>")
    rigged.run()
    assert rigged.codes() == [13201]
    assert rigged.app.forms("/after")[0]["DialBridged"] == "false"


# callerId: a number of the call or of the account.
def test_foreign_caller_id_is_refused() -> None:
    rigged = rig("talks_for: 5", dial('callerId="+12025550111"'))
    rigged.run()
    assert rigged.codes() == [13214]


# timeLimit and hangupOnStar end the child; the caller goes on.
@pytest.mark.parametrize(("attributes", "seconds"), [('timeLimit="7"', "7"), ('hangupOnStar="true"', "5"), ("", "30")])
def test_limits_of_a_bridge(attributes: str, seconds: str) -> None:
    rigged = rig("rings: 1, talks_for: 30", dial(attributes))
    call = rigged.place()

    def press_star() -> None:
        call.signal(Pressed("*"))

    while not call.entries("bridged"):
        rigged.queue.run_next()
    rigged.queue.after(5, press_star)
    rigged.queue.run_all()
    assert rigged.app.forms("/after")[0]["DialCallDuration"] == seconds


# The caller hangs up: the child's call ends, and the action is still told.
def test_caller_hanging_up_ends_the_child() -> None:
    rigged = rig("talks_for: 100", dial())
    rigged.world.callees.numbers[THEIRS] = rigged.world.callees.personas["agent"]
    callees = rigged.world.callees.personas["caller"]
    rigged.world.callees.numbers[AGENT] = callees
    call = rigged.run()
    assert (call.status, agent_of(rigged).status) == ("completed", "completed")
    (form,) = rigged.app.forms("/after")
    assert (form["CallStatus"], form["DialCallStatus"]) == ("completed", "completed")
    assert call.entries("said") == []


# REST redirect during Dial, as measured: the child is closed, the action asked and not obeyed, then the new URL.
def test_redirect_during_dial_asks_the_action_first() -> None:
    rigged = rig("talks_for: 100", dial(), moved="<Say>Moved.</Say>")
    call = rigged.place()
    while not call.entries("bridged"):
        rigged.queue.run_next()
    rigged.client.calls(call.sid).update(url=f"{BASE}/moved")
    assert agent_of(rigged).is_over
    rigged.queue.run_all()
    assert rigged.app.paths() == ["/voice", "/after", "/moved"]
    assert rigged.app.forms("/after")[0]["DialCallStatus"] == "completed"
    assert call.entries("said") == ["Moved."]


# Redirecting the child: it goes its own way, and the caller's Dial is over.
def test_redirected_child_leaves_the_bridge() -> None:
    rigged = rig("talks_for: 100, patience: 300", dial(), moved="<Say>Elsewhere.</Say>")
    call = rigged.place()
    while not call.entries("bridged"):
        rigged.queue.run_next()
    child = agent_of(rigged)
    rigged.client.calls(child.sid).update(url=f"{BASE}/moved")
    rigged.queue.run_all()
    assert child.entries("said") == ["Elsewhere."]
    assert child.entries("status")[-2:] == ["in-progress", "completed"]
    assert child.log[-1].text == "completed"
    assert call.entries("said") == ["After."]
    assert "DialCallDuration" not in rigged.app.forms("/after")[0]


# Child legs have callbacks of their own, with the parent's SID.
def test_child_leg_has_its_own_status_callbacks() -> None:
    number = f'<Number statusCallback="/leg" statusCallbackEvent="ringing answered completed">{AGENT}</Number>'
    rigged = rig("talks_for: 5", dial(number=number))
    call = rigged.run()
    forms = rigged.app.forms("/leg")
    assert [form["CallStatus"] for form in forms] == ["ringing", "in-progress", "completed"]
    assert {form["ParentCallSid"] for form in forms} == {call.sid}
    assert rigged.client.calls.list(parent_call_sid=call.sid)[0].direction == "outbound-dial"
