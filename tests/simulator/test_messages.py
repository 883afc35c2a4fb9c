"""Messages, there and back.

https://www.twilio.com/docs/messaging/api/message-resource, .../guides/webhook-request, .../twiml,
.../guides/outbound-message-status-in-status-callbacks, .../tutorials/advanced-opt-out
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.simulator.rig import ACCOUNT, BASE, OURS, THEIRS, TOKEN, Answer, Rig
from voicebot.errors import VoicebotError
from voicebot.simulator import EventQueue, World, WsgiTransport, load_callees
from voicebot.simulator.messages import TextMessage

CALLEES = "personas: {{one: {{{}}}}}\npopulations: [{{people: {{one: 1}}}}]"


def rig(behaviour: str = "", inbox: Answer = "", **documents: Answer) -> Rig:
    rigged = Rig(CALLEES.format(behaviour), more={"inbox": inbox} | documents)
    rigged.world.own(OURS, sms_url=f"{BASE}/inbox")
    return rigged


def send(rigged: Rig, body: str = "Hello.", **parameters: Any) -> TextMessage:
    created = rigged.client.messages.create(**{"to": THEIRS, "from_": OURS, "body": body} | parameters)
    rigged.queue.run_all()
    return rigged.world.post_office.by_sid[created.sid]


def bodies(rigged: Rig, direction: str) -> list[str]:
    return [one.body for one in rigged.world.post_office.by_sid.values() if one.direction == direction]


# Outbound Message Status, "Message status changes triggering status callback requests": none for the first status.
def test_status_callbacks_of_a_message() -> None:
    rigged = rig()
    created = rigged.client.messages.create(
        to=THEIRS, from_=OURS, body="Your appointment is at nine.", status_callback=f"{BASE}/status"
    )
    assert (created.status, created.direction, created.num_segments) == ("queued", "outbound-api", "1")
    rigged.queue.run_all()
    forms = rigged.app.forms("/status")
    assert [form["MessageStatus"] for form in forms] == ["sent", "delivered"]
    assert {form["MessageSid"] for form in forms} == {created.sid}
    fetched = rigged.client.messages(created.sid).fetch()
    assert (fetched.status, fetched.error_code, fetched.date_sent is None) == ("delivered", None, False)


# Message resource, error codes of what was not delivered: 30003, 30005, 30006.
@pytest.mark.parametrize(
    ("behaviour", "status", "code"),
    [
        ("sms: unreachable", "undelivered", 30003),
        ("sms: unknown", "undelivered", 30005),
        ("line: does_not_exist", "undelivered", 30005),
        ("sms: {landline: 1}", "undelivered", 30006),
        ("sms: no_receipt", "sent", 0),
        ("sms: delivered", "delivered", 0),
    ],
)
def test_what_becomes_of_a_message(behaviour: str, status: str, code: int) -> None:
    rigged = rig(behaviour)
    message = send(rigged, status_callback=f"{BASE}/status")
    assert (message.status, message.error_code) == (status, code)
    assert rigged.app.forms("/status")[-1].get("ErrorCode", "0") == str(code)


REFUSALS: list[tuple[dict[str, Any], int]] = [
    ({"to": ""}, 21604),
    ({"to": "somebody"}, 21211),
    ({"from_": ""}, 21603),
    ({"from_": "me"}, 21212),
    ({"from_": "+12025550111"}, 21606),
    ({"body": ""}, 21602),
    ({"body": "x" * 1601}, 21617),
    ({"media_url": ["http://app.test/x.png"]}, 20001),
    ({"messaging_service_sid": "MG0"}, 20001),
    ({"status_callback": "nowhere"}, 21205),
    # Magic numbers: https://www.twilio.com/docs/iam/test-credentials
    ({"from_": "+15005550001"}, 21212),
    ({"from_": "+15005550007"}, 21606),
    ({"from_": "+15005550008"}, 21611),
    ({"to": "+15005550001"}, 21211),
    ({"to": "+15005550002"}, 21612),
    ({"to": "+15005550003"}, 21408),
    ({"to": "+15005550004"}, 21610),
    ({"to": "+15005550009"}, 21614),
]


@pytest.mark.parametrize(("parameters", "code"), REFUSALS)
def test_refused_messages(parameters: dict[str, Any], code: int) -> None:
    rigged = rig()
    with pytest.raises(TwilioRestException) as caught:
        send(rigged, **parameters)
    assert caught.value.code == code
    assert rigged.world.post_office.by_sid == {}


# Webhook request, "Parameters in Twilio's request to your application"; TwiML's <Message> answers.
def test_reply_reaches_the_application_and_is_answered() -> None:
    answer = "<Message statusCallback='/status'>Thank you.</Message><Message><Body>Goodbye.</Body></Message>"
    rigged = rig("replies: [{hears: appointment, say: 'Yes, I come', delay: 9}]", inbox=answer)
    send(rigged, "Your appointment is at nine. Will you come?")
    (form,) = rigged.app.forms("/inbox")
    assert (form["From"], form["To"], form["Body"], form["SmsStatus"]) == (THEIRS, OURS, "Yes, I come", "received")
    assert (form["NumMedia"], form["NumSegments"], form["MessageSid"][:2]) == ("0", "1", "SM")
    assert bodies(rigged, "outbound-reply") == ["Thank you.", "Goodbye."]
    assert [form["SmsStatus"] for form in rigged.app.forms("/status")] == ["sent", "delivered"]


# Advanced Opt-Out: STOP and its kin reach the application with OptOutType, Twilio answers by itself, and 21610 follows.
@pytest.mark.parametrize("word", ["STOP", "stop", " Unsubscribe ", "OPTOUT", "revoke"])
def test_stop_is_kept_to(word: str) -> None:
    rigged = rig(f"replies: [{{say: '{word}'}}]", inbox="<Message>We are sorry.</Message>")
    send(rigged)
    (form,) = rigged.app.forms("/inbox")
    assert (form["OptOutType"], form["Body"]) == ("STOP", word)
    assert len(bodies(rigged, "outbound-reply")) == 1
    assert "We are sorry." not in bodies(rigged, "outbound-reply")
    assert rigged.codes() == [21610]
    with pytest.raises(TwilioRestException) as caught:
        send(rigged)
    assert (caught.value.code, caught.value.status) == (21610, 400)
    rigged.world.post_office.receive(THEIRS, OURS, "Start")
    rigged.queue.run_all()
    assert rigged.app.forms("/inbox")[-1]["OptOutType"] == "START"
    assert send(rigged).status == "delivered"


def test_words_that_only_hold_stop_are_no_opt_out() -> None:
    rigged = rig("replies: [{say: 'Please stop by tomorrow'}]")
    send(rigged)
    assert "OptOutType" not in rigged.app.forms("/inbox")[0]
    assert send(rigged).status == "delivered"


# Default keywords without Advanced Opt-Out: the same words are kept to, and no OptOutType is told.
def test_opt_out_without_the_type() -> None:
    rigged = rig("replies: [{say: STOP}]")
    rigged.world.advanced_opt_out = False
    send(rigged)
    assert "OptOutType" not in rigged.app.forms("/inbox")[0]
    with pytest.raises(TwilioRestException):
        send(rigged)


# Messaging TwiML: redirects, plain text as a reply, and what is wrong with an answer; the fallback URL.
@pytest.mark.parametrize(
    ("inbox", "replies", "codes"),
    [
        ("<Redirect>/next</Redirect>", ["From next."], []),
        (Response("Plain words.", content_type="text/plain"), ["Plain words."], []),
        (Response("", content_type="text/plain"), [], []),
        ("<Message></Message>", [], [14103]),
        ("<Say>Hi.</Say>", ["From the fallback."], [12200]),
        (("", 500), ["From the fallback."], [11200]),
        (Response("{}", content_type="application/json"), ["From the fallback."], [12300]),
    ],
)
def test_answers_to_a_message(inbox: Answer, replies: list[str], codes: list[int]) -> None:
    fallback = "<Message>From the fallback.</Message>"
    rigged = rig(inbox=inbox, next="<Message>From next.</Message>", fallback=fallback)
    (number,) = rigged.client.incoming_phone_numbers.list()
    number.update(sms_fallback_url=f"{BASE}/fallback")
    assert number.fetch().capabilities["sms"]
    rigged.world.post_office.receive(THEIRS, OURS, "Hello?")
    rigged.queue.run_all()
    assert (bodies(rigged, "outbound-reply"), rigged.codes()) == (replies, codes)
    assert all(form["ErrorCode"] == str(codes[0]) for form in rigged.app.forms("/fallback"))


# Security, "Validating requests": messages' webhooks over HTTPS are signed with the port.
def test_signature_keeps_the_port() -> None:
    rigged = rig()
    base = "https://app.test:8443"
    world = World(
        EventQueue(), WsgiTransport({base: rigged.app.wsgi}), load_callees(CALLEES.format("")),
        account_sid=ACCOUNT, auth_token=TOKEN, seed=1,
    )  # fmt: skip
    world.own(OURS, sms_url=f"{base}/inbox")
    world.post_office.receive(THEIRS, OURS, "Hello?")
    world.queue.run_all()
    url, form, headers = rigged.app.requests[-1]
    assert RequestValidator(TOKEN).validate(url, form, headers["X-Twilio-Signature"])
    assert ":8443" in url


# Message resource: list with filters, redact, delete.
def test_message_resource() -> None:
    rigged = rig()
    first, second = send(rigged), send(rigged, to="+12025550143")
    assert [one.sid for one in rigged.client.messages.list()] == [second.sid, first.sid]
    assert [one.sid for one in rigged.client.messages.list(to=THEIRS)] == [first.sid]
    assert rigged.client.messages.list(date_sent="2020-01-01") == []
    assert rigged.client.messages(first.sid).update(body="").body == ""
    assert rigged.client.messages(first.sid).delete()
    for refused in ({"status": "canceled"}, {"body": "other"}):
        with pytest.raises(TwilioRestException):
            rigged.client.messages(second.sid).update(**refused)
    with pytest.raises(TwilioRestException):
        rigged.client.messages(first.sid).fetch()


# What a message's segments are: 160 or 153 characters, 70 or 67 when one of them is no GSM character.
@pytest.mark.parametrize(
    ("body", "segments"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("é" * 160, 1), ("是" * 70, 1), ("是" * 71, 2)],
)
def test_segments(body: str, segments: int) -> None:
    assert send(rig(), body).segments == segments


def test_messages_of_their_own_accord() -> None:
    callees = CALLEES.format("") + f"\nmessages: [{{at: 30, from: '{THEIRS}', to: '{OURS}', body: 'Call me.'}}]"
    rigged = Rig(callees, inbox="")
    rigged.world.own(OURS, sms_url=f"{BASE}/inbox")
    rigged.world.post_office.receive(THEIRS, "+12025550111", "Wrong number")
    rigged.queue.run_all()
    assert [form["Body"] for form in rigged.app.forms("/inbox")] == ["Call me."]
    assert rigged.codes() == [99002]
    browser = rigged.client.http_client._app.test_client()
    assert browser.get("/simulator/messages.json").json["messages"][0]["body"] == "Call me."
    assert "Call me." in browser.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [
        ("replies: [{press: '1'}]", "words only"),
        ("sms: lost", "sms cannot be"),
        ("sms: {delivered: 0}", "come to nothing"),
    ],
)
def test_faulty_descriptions(behaviour: str, message: str) -> None:
    with pytest.raises(VoicebotError, match=message):
        load_callees(CALLEES.format(behaviour))
