"""An outbound call from its REST request to its end, through the official SDK."""

from __future__ import annotations

from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.simulator.rig import BASE, TOKEN, Rig, person
from voicebot.simulator import Callees, EventQueue, World, WsgiTransport
from voicebot.simulator.event_queue import DEFAULT_START

MENU = '<Gather numDigits="1" action="/key"><Say>Hello. Press 1 to go on.</Say></Gather>'
EVENTS = ["initiated", "ringing", "answered", "completed"]


# Call resource, status callbacks: events are sent in their order, and numbered from 0.
def test_call_is_carried_from_queue_to_end() -> None:
    rig = Rig(person("reactions: [{hears: press 1, press: '1'}]"), voice=MENU, key="<Say>Thanks.</Say><Hangup/>")
    call = rig.run(status_callback=f"{BASE}/status", status_callback_event=EVENTS)
    forms = rig.app.forms("/status")
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]
    assert {form["CallbackSource"] for form in forms} == {"call-progress-events"}
    assert forms[-1]["CallDuration"] == str(call.duration)
    assert "CallDuration" not in forms[-2]
    assert rig.app.forms("/key")[0]["Digits"] == "1"
    assert call.entries("said") == ["Hello. Press 1 to go on.", "Thanks."]
    assert rig.codes() == []


# Request parameters: an answered outbound call is in-progress when its URL is asked.
def test_voice_url_is_asked_with_the_parameters_of_every_webhook() -> None:
    rig = Rig(voice="<Hangup/>")
    call = rig.run()
    form = rig.app.forms("/voice")[0]
    assert form["CallSid"] == call.sid
    assert (form["CallStatus"], form["Direction"], form["ApiVersion"]) == ("in-progress", "outbound-api", "2010-04-01")
    assert (form["From"], form["To"]) == (form["Caller"], form["Called"])


# Security: X-Twilio-Signature is made over the URL with its query, without its fragment, and the parameters.
def test_webhooks_are_signed_as_the_sdk_checks_it() -> None:
    rig = Rig(voice="<Redirect method='GET'>/next?b=2&amp;a=%20</Redirect>", next="<Hangup/>")
    rig.run(url=f"{BASE}/voice?x=1#rc=2", status_callback=f"{BASE}/status")
    assert rig.app.paths() == ["/voice", "/next", "/status"]
    for url, form, headers in rig.app.requests:
        assert RequestValidator(TOKEN).validate(url, form, headers["X-Twilio-Signature"]), url
        assert headers["I-Twilio-Idempotency-Token"]


# Call status values: what a line does becomes the status, with its SIP code.
@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        ("busy", "busy", "486"),
        ("declines", "busy", "603"),
        ("no_answer", "no-answer", "487"),
        ("does_not_exist", "failed", "404"),
    ],
)
def test_unanswered_call_ends_in_its_status_and_never_asks_the_url(line: str, status: str, code: str) -> None:
    rig = Rig(person(f"line: {line}"), voice=MENU)
    call = rig.run(status_callback=f"{BASE}/status")
    assert call.status == status
    assert rig.app.paths() == ["/status"]
    assert rig.app.forms("/status")[0]["SipResponseCode"] == code


# Timeout: ringing ends after so many seconds as no-answer.
def test_ringing_ends_with_timeout() -> None:
    rig = Rig(person("rings: 30"), voice=MENU)
    assert rig.run(timeout=20).status == "no-answer"
    assert rig.run(timeout=40).status == "completed"


# TimeLimit: the longest a call lasts.
def test_time_limit_ends_the_call() -> None:
    rig = Rig(voice="<Pause length='300'/>")
    assert rig.run(time_limit=60).duration == 60


# Calls per second: what is created faster waits in the queue.
def test_calls_leave_the_queue_at_the_accounts_rate() -> None:
    rig = Rig(rate=2.0, voice="<Hangup/>")
    calls = [rig.place() for _ in range(3)]
    assert [rig.client.calls(call.sid).fetch().queue_time for call in calls] == ["0", "500", "1000"]
    rig.queue.run_all()
    assert {call.status for call in calls} == {"completed"}


# A call canceled while it waits leaves its place to the next; and nobody waits for longer than a day (22005).
def test_canceled_call_leaves_its_place_in_the_queue() -> None:
    rig = Rig(rate=0.1, voice="<Hangup/>")
    first, second, third = (rig.place() for _ in range(3))
    rig.client.calls(second.sid).update(status="canceled")
    rig.queue.run_for(15)
    assert first.is_over
    assert rig.client.calls(third.sid).fetch().queue_time == "10000"
    slow = Rig(rate=1 / 90000)
    slow.place()
    with pytest.raises(TwilioRestException) as caught:
        slow.place()
    assert caught.value.code == 22005


# Creating a call: inline TwiML is carried out without asking; relative URLs in it cannot be resolved (15004).
def test_inline_twiml() -> None:
    rig = Rig()
    assert rig.run(twiml="<Response><Say>Hi.</Say></Response>").entries("said") == ["Hi."]
    call = rig.run(twiml="<Response><Redirect>/next</Redirect></Response>")
    assert (rig.codes(), call.status) == ([15004], "completed")


# A program that is started anew must not give SIDs again that an application has in its database.
def test_worlds_of_different_times_share_no_sid() -> None:
    worlds = [World(EventQueue(start), WsgiTransport({}), Callees(), account_sid="AC", auth_token="t", seed=1)
              for start in (DEFAULT_START, DEFAULT_START + timedelta(milliseconds=1))]  # fmt: skip
    assert worlds[0].sid("CA") != worlds[1].sid("CA")


def test_same_seed_gives_the_same_log() -> None:
    def logs(seed: int) -> list[object]:
        callees = person(
            "rings: [1, 20], line: {answers: 2, busy: 1}, otherwise: {one_of: [{press: '1'}, {say: 'yes'}]}"
        )
        rig = Rig(
            callees, seed=seed, voice=MENU.replace("<Gather", "<Gather input='dtmf speech'"), key="<Say>Ok.</Say>"
        )
        calls = [rig.place(to=f"+1202555{number:04d}") for number in range(20)]
        rig.queue.run_all()
        return [(call.sid, call.log) for call in calls]

    assert logs(7) == logs(7)
    assert logs(7) != logs(8)
