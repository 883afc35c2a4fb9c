"""Inbound calls: somebody calls one of the account's numbers."""

from __future__ import annotations

from tests.simulator.rig import OURS, Rig
from voicebot.simulator.call import Source

CALLERS = """
personas:
  caller: {greeting: "", patience: 60, reactions: [{hears: press 9, press: "9"}]}
inbound:
  - {at: 10, from: "+12025550150", to: "+12025550100", callee: caller}
"""


def rig(number: str = OURS, **documents: str) -> Rig:
    rigged = Rig(CALLERS, more=documents)
    rigged.world.own(number, "http://app.test/inbound")
    return rigged


# Inbound: the number's voice URL is asked while it rings; then the call is answered.
def test_caller_reaches_the_voice_url() -> None:
    rigged = rig(inbound='<Gather numDigits="1" action="/key"><Say>Press 9.</Say></Gather>', key="<Say>Done.</Say>")
    rigged.queue.run_all()
    (call,) = rigged.world.calls.values()
    form = rigged.app.forms("/inbound")[0]
    assert (form["CallStatus"], form["Direction"], form["From"]) == ("ringing", "inbound", "+12025550150")
    assert call.entries("said") == ["Press 9.", "Done."]
    assert rigged.client.calls.list()[0].direction == "inbound"


# Reject: the call ends without having been answered.
def test_rejected_call_is_never_answered() -> None:
    for reason, status in (("busy", "busy"), ("rejected", "no-answer")):
        rigged = rig(inbound=f'<Reject reason="{reason}"/>')
        rigged.queue.run_all()
        (call,) = rigged.world.calls.values()
        assert (call.status, call.start) == (status, None)


def test_failing_voice_url_ends_with_an_application_error() -> None:
    rigged = rig()
    rigged.queue.run_all()
    (call,) = rigged.world.calls.values()
    assert call.entries("application error")


# IncomingPhoneNumbers: numbers are listed and configured by REST.
def test_numbers_are_configured_by_rest() -> None:
    rigged = Rig()
    (number,) = rigged.client.incoming_phone_numbers.list(phone_number=OURS)
    number.update(voice_url="http://app.test/new", status_callback="http://app.test/status", friendly_name="Desk")
    assert rigged.world.numbers[OURS].source == Source("http://app.test/new")
    assert rigged.client.incoming_phone_numbers(number.sid).fetch().friendly_name == "Desk"
    bought = rigged.client.incoming_phone_numbers.create(phone_number="+12025550177")
    assert set(rigged.world.numbers) == {OURS, "+12025550177"}
    assert bought.delete()


def test_caller_may_come_at_a_moment() -> None:
    rigged = Rig(CALLERS.replace("at: 10", "at: 2026-01-05T10:30:00Z"), inbound="<Hangup/>")
    rigged.world.own(OURS, "http://app.test/inbound")
    rigged.queue.run_all()
    (call,) = rigged.world.calls.values()
    assert f"{call.created:%H:%M}" == "10:30"


def test_calling_a_number_that_is_not_ours_is_recorded() -> None:
    rigged = Rig(CALLERS.replace("5550100", "5550111"))
    rigged.queue.run_all()
    assert rigged.codes() == [99002]
    assert rigged.world.calls == {}
