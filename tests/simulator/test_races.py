"""A key, a word and a hang-up at the same time, in each order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.simulator.rig import BASE, Rig, person
from voicebot.simulator import Faults, RaceOrder
from voicebot.simulator.call import SimCall

PRESSES = person("reactions: [{hears: press, press: '1', delay: 1}], patience: 30")
VOICE = '<Gather numDigits="1" action="/key"><Say>Press 1.</Say></Gather>'
KEY = "<Say>You pressed.</Say><Pause length='9'/>"
ORDERS = list(RaceOrder)


def under_way(order: RaceOrder, faults: Faults | None = None) -> tuple[Rig, SimCall]:
    """A call whose key has been pressed, and whose action is under way to the application."""
    rig = Rig(PRESSES, race=order, faults=faults, voice=VOICE, key=KEY, moved="<Say>Moved.</Say>", more={"/late": ""})
    call = rig.place(status_callback=f"{BASE}/status")
    while not any("/key" in asked for asked in call.entries("asked")):
        rig.queue.run_next()
    assert "/key" not in rig.app.paths()
    return rig, call


# What the application is asked, and what the person hears, when REST moves the call: in every order the update wins.
@pytest.mark.parametrize(
    ("order", "asked", "heard"),
    [
        (RaceOrder.BOTH_IN_FLIGHT, ["/key", "/moved"], ["Press 1.", "Moved."]),
        (RaceOrder.UPDATE_FIRST, ["/moved", "/key"], ["Press 1.", "Moved."]),
        (RaceOrder.ACTION_FIRST, ["/key", "/moved"], ["Press 1.", "You pressed.", "Moved."]),
    ],
)
def test_key_against_update(order: RaceOrder, asked: list[str], heard: list[str]) -> None:
    rig, call = under_way(order)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    assert rig.app.paths() == ["/voice", *asked, "/status"]
    assert call.entries("said") == heard
    assert call.entries("cut") == (["You pressed."] if order is RaceOrder.ACTION_FIRST else [])


def hang_up(rig: Rig, call: SimCall) -> None:
    rig.client.calls(call.sid).update(status="completed")


def goes(_rig: Rig, call: SimCall) -> None:
    assert call.mind
    call.mind._line.hangs_up()


# The end of the call is told before the action or after it; whichever way it ends, the answer is not carried out.
@pytest.mark.parametrize("how", [hang_up, goes])
@pytest.mark.parametrize(
    ("order", "asked"),
    [(RaceOrder.ACTION_FIRST, ["/key", "/status"]), (RaceOrder.UPDATE_FIRST, ["/status", "/key"])],
)
def test_key_against_the_end(order: RaceOrder, asked: list[str], how: Callable[[Rig, SimCall], None]) -> None:
    rig, call = under_way(order)
    how(rig, call)
    rig.queue.run_all()
    assert rig.app.paths() == ["/voice", *asked]
    assert call.entries("said") == ["Press 1."]
    assert rig.app.forms("/status")[0]["CallStatus"] == "completed"


def test_both_come_when_both_are_in_flight() -> None:
    rig, call = under_way(RaceOrder.BOTH_IN_FLIGHT)
    hang_up(rig, call)
    rig.queue.run_all()
    assert sorted(rig.app.paths()) == ["/key", "/status", "/voice"]


# An update that comes when nothing is under way is the same in every order.
@pytest.mark.parametrize("order", ORDERS)
def test_order_matters_only_in_a_race(order: RaceOrder) -> None:
    rig = Rig(race=order, voice=VOICE, moved="<Say>Moved.</Say>")
    call = rig.place(status_callback=f"{BASE}/status")
    rig.queue.run_for(5)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    assert rig.app.paths() == ["/voice", "/moved", "/status"]
    assert call.entries("said") == ["Press 1.", "Moved."]


# Two updates at once: the last one holds, and the action comes all the same, once.
@pytest.mark.parametrize("order", ORDERS)
def test_two_updates(order: RaceOrder) -> None:
    rig, call = under_way(order)
    for path in ("late", "moved"):
        rig.client.calls(call.sid).update(url=f"{BASE}/{path}")
    rig.queue.run_all()
    assert call.entries("said")[-1] == "Moved."
    assert rig.app.paths().count("/key") == 1


# An update, and then the person hangs up before its document is there: the held action is let go at the latest now.
@pytest.mark.parametrize("order", ORDERS)
def test_update_and_then_the_end(order: RaceOrder) -> None:
    rig, call = under_way(order)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    goes(rig, call)
    rig.queue.run_all()
    assert rig.app.paths().count("/key") == 1
    assert rig.app.paths().count("/status") == 1
    assert call.entries("said") == ["Press 1."]


# The action hangs up: an update that waited for it has nothing to move any more.
def test_update_that_waited_in_vain() -> None:
    rig, call = under_way(RaceOrder.ACTION_FIRST)
    rig.app.documents["/key"] = "<Hangup/>"
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    assert rig.app.paths() == ["/voice", "/key", "/status"]


@pytest.mark.parametrize("order", ORDERS)
def test_doubled_actions_are_held_together(order: RaceOrder) -> None:
    rig, call = under_way(order, Faults(doubled=1.0))
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    assert rig.app.paths().count("/key") == 2
    assert call.entries("said")[-1] == "Moved."


# Gather that only waits: cut without a word, or its action asked as that of a Dial is, and not obeyed.
@pytest.mark.parametrize(("inputs", "empty"), [("dtmf", "Digits"), ("speech", "SpeechResult")])
@pytest.mark.parametrize("asks", [True, False])
def test_idle_gather(asks: bool, inputs: str, empty: str) -> None:
    gather = f"<Gather input='{inputs}' timeout='30' action='/key'><Say>Press 1.</Say></Gather>"
    rig = Rig(idle_gather_asks=asks, voice=gather, key="<Say>Never heard.</Say>", moved="<Say>Moved.</Say>")
    call = rig.place()
    rig.queue.run_for(6)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    assert [form[empty] for form in rig.app.forms("/key")] == ([""] if asks else [])
    assert rig.app.paths() == ["/voice", *["/key"] * asks, "/moved"]
    assert call.entries("said") == ["Press 1.", "Moved."]
