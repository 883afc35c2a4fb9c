"""An outbound call from its REST request to its end, through the official SDK."""

from __future__ import annotations

from collections.abc import Callable

from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.simulator.conftest import BASE, OURS, THEIRS, TOKEN, App
from voicebot.simulator import World

MENU = """<Response><Gather input="dtmf speech" numDigits="1" action="/key">
<Say>Hello, this is Acme. Press 1 to go on.</Say></Gather><Say>Nothing heard.</Say></Response>"""
PRESSES = """
personas:
  presser: {rings: 4, reactions: [{hears: press 1, press: "1"}]}
populations:
  - people: {presser: 1}
"""


def test_call_is_carried_from_queue_to_end(
    app: App, make_world: Callable[..., World], connect: Callable[[World], Client]
) -> None:
    app.documents = {"/voice": MENU, "/key": "<Response><Say>Thanks.</Say><Hangup/></Response>"}
    world = make_world(PRESSES)
    call = connect(world).calls.create(
        to=THEIRS, from_=OURS, url=f"{BASE}/voice", status_callback=f"{BASE}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )  # fmt: skip
    assert call.status == "queued"
    world.queue.run_all()
    assert world.calls[call.sid].status == "completed"
    assert app.forms("/key")[0]["Digits"] == "1"
    assert [form["CallStatus"] for form in app.forms("/status")] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in app.forms("/status")] == ["0", "1", "2", "3"]
    assert world.calls[call.sid].entries("said") == ["Hello, this is Acme. Press 1 to go on.", "Thanks."]
    assert world.notifications == []


def test_every_webhook_is_signed(
    app: App, make_world: Callable[..., World], connect: Callable[[World], Client]
) -> None:
    app.documents = {"/voice": MENU}
    world = make_world(PRESSES)
    connect(world).calls.create(to=THEIRS, from_=OURS, url=f"{BASE}/voice?x=1&y=2#rc=2")
    world.queue.run_all()
    form = {name: value for name, value in app.asked[0][1].items() if name not in ("x", "y")}
    signature = app.headers[0]["X-Twilio-Signature"]
    assert RequestValidator(TOKEN).validate(f"{BASE}/voice?x=1&y=2", form, signature)
