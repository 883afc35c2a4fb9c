"""Conferences (https://www.twilio.com/docs/voice/twiml/conference, .../api/conference-participant-resource)."""

from __future__ import annotations

from tests.simulator.rig import AGENT, BASE, OURS, THEIRS, Answer, Rig
from voicebot.simulator.call import SimCall

EVENTS = "start end join leave mute hold"


def noun(attributes: str = "") -> str:
    return f'<Dial action="/after"><Conference {attributes}>room</Conference></Dial>'


def rig(**documents: Answer) -> Rig:
    quiet = "rings: 1, greeting: '', patience: 60"
    personas = f"caller: {{{quiet}, talks_for: 300}}, agent: {{{quiet}, talks_for: 20}}"
    callees = f"personas: {{{personas}}}\nnumbers: {{'{THEIRS}': caller, '{AGENT}': agent}}"
    shared: dict[str, Answer] = {"after": "<Say>After.</Say>", "agent": noun(), "voice": noun()} | documents
    return Rig(callees, more=shared)


def both(rigged: Rig) -> tuple[SimCall, SimCall]:
    return rigged.place(), rigged.place(to=AGENT, url=f"{BASE}/agent")


def told(rigged: Rig) -> list[str]:
    """The conference's events in the order of their SequenceNumber: they need not arrive in it."""
    forms = sorted(rigged.app.forms("/conf"), key=lambda form: int(form["SequenceNumber"]))
    return [form["StatusCallbackEvent"] for form in forms]


def until_bridged(rigged: Rig, call: SimCall) -> None:
    while not call.entries("bridged"):
        assert rigged.queue.run_next()


# Two in it, one of whom may start it: the conference begins. The agent leaves: the caller stays, alone.
def test_conference_begins_with_two_and_ends_with_the_last() -> None:
    rigged = rig(voice=noun(f'statusCallback="/conf" statusCallbackEvent="{EVENTS}"'))
    caller, agent = both(rigged)
    rigged.queue.run_all()
    assert told(rigged) == [
        "participant-join", "participant-join", "conference-start", "participant-leave", "participant-leave",
        "conference-end",
    ]  # fmt: skip
    reasons = [form["ReasonConferenceEnded"] for form in rigged.app.forms("/conf") if "ReasonConferenceEnded" in form]
    assert reasons == ["last-participant-left"]
    assert (caller.status, agent.status) == ("completed", "completed")


# endConferenceOnExit: its leaving puts the others out; they go on with Dial's action, DialCallStatus answered.
def test_end_conference_on_exit_frees_the_caller() -> None:
    rigged = rig()
    rigged.app.documents["/agent"] = noun('endConferenceOnExit="true"')
    caller, agent = both(rigged)
    rigged.queue.run_all()
    answered = {form["CallSid"]: form["DialCallStatus"] for form in rigged.app.forms("/after")}
    assert answered == {caller.sid: "answered", agent.sid: "answered"}
    assert caller.entries("said") == ["After."]
    (conference,) = rigged.client.conferences.list()
    assert conference.reason_conference_ended == "participant-with-end-conference-on-exit-left"
    assert conference.call_sid_ending_conference == agent.sid


# startConferenceOnEnter="false": one waits with music until somebody comes who may start.
def test_nobody_starts_a_conference_who_may_not() -> None:
    rigged = rig()
    rigged.app.documents["/voice"] = rigged.app.documents["/agent"] = noun('startConferenceOnEnter="false"')
    caller, _ = both(rigged)
    rigged.queue.run_for(30)
    assert caller.entries("played") == ["(hold music)"]
    assert rigged.client.conferences.list()[0].status == "init"


# waitUrl: its document is carried out over and over; only some verbs are allowed there.
def test_wait_url_is_looped_until_the_conference_begins() -> None:
    rigged = rig(wait="<Say>Please hold.</Say><Pause length='2'/>")
    rigged.app.documents["/voice"] = noun('waitUrl="/wait"')
    caller = rigged.place()
    rigged.queue.run_for(20)
    assert len(caller.entries("said")) > 4
    rigged.place(to=AGENT, url=f"{BASE}/agent")
    until_bridged(rigged, caller)
    heard = len(caller.entries("said"))
    rigged.queue.run_for(15)
    assert len(caller.entries("said")) == heard


def test_wait_url_with_a_forbidden_verb_is_an_error() -> None:
    rigged = rig(wait="<Dial>+12025550142</Dial>")
    rigged.app.documents["/voice"] = noun('waitUrl="/wait"')
    rigged.place()
    rigged.queue.run_for(10)
    assert rigged.codes() == [13238]


# Conference callbacks: the first participant's URL counts, a later one's does not.
def test_first_participant_names_the_callback() -> None:
    rigged = rig()
    rigged.app.documents["/agent"] = noun('statusCallback="/conf" statusCallbackEvent="join"')
    both(rigged)
    rigged.queue.run_all()
    assert rigged.app.forms("/conf") == []


# Participant resource: mute, hold, kick; the conference resource: end.
def test_participants_by_rest() -> None:
    rigged = rig(voice=noun(f'statusCallback="/conf" statusCallbackEvent="{EVENTS}" participantLabel="caller"'))
    caller, agent = both(rigged)
    until_bridged(rigged, caller)
    conference = rigged.client.conferences.list(friendly_name="room", status="in-progress")[0]
    assert {one.call_sid for one in conference.participants.list()} == {caller.sid, agent.sid}
    assert rigged.client.conferences(conference.sid).participants("caller").update(muted=True, hold=True).muted
    rigged.client.conferences(conference.sid).participants(agent.sid).delete()
    rigged.queue.run_for(2)
    assert told(rigged)[3:] == ["participant-mute", "participant-hold", "participant-leave"]
    assert agent.entries("said") == ["After."]
    rigged.client.conferences(conference.sid).update(status="completed")
    rigged.queue.run_for(2)
    assert caller.entries("said") == ["After."]


def test_participant_is_invited_by_rest() -> None:
    rigged = rig()
    caller = rigged.place()
    rigged.queue.run_for(5)
    invited = rigged.client.conferences("room").participants.create(
        from_=OURS, to=AGENT, end_conference_on_exit=True, label="a & b"
    )
    rigged.queue.run_all()
    assert rigged.world.calls[invited.call_sid].entries("joined") == ["room"]
    assert caller.entries("said") == ["After."]


def test_same_name_after_its_end_is_a_new_conference() -> None:
    rigged = rig()
    both(rigged)
    rigged.queue.run_all()
    both(rigged)
    rigged.queue.run_all()
    assert len(rigged.client.conferences.list()) == 2
