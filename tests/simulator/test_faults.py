"""Faults: each kind strikes as it says, the same seed strikes the same way, and calls keep to their laws."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]

from tests.simulator.rig import BASE, Rig, person
from tests.simulator.test_laws import check_laws
from voicebot.errors import VoicebotError
from voicebot.simulator import Faults
from voicebot.simulator.call import Callback, Source
from voicebot.simulator.faults import KINDS, REST_KINDS, Trouble

VOICE = "<Gather numDigits='1' action='/key'><Say>Press 1.</Say></Gather>"
PRESSES = person("reactions: [{hears: press 1, press: '1'}]")
EVENTS = ["initiated", "ringing", "answered", "completed"]


def rig(faults: Faults, **documents: Any) -> Rig:
    return Rig(PRESSES, faults=faults, **{"voice": VOICE, "key": "<Say>Thanks.</Say>"} | documents)


def test_one_number_stands_for_every_kind() -> None:
    faults = Faults.read("0.2", seed=7)
    assert {getattr(faults, kind) for kind in KINDS} == {0.2}
    assert faults == Faults.everywhere(0.2, seed=7)
    mixed = Faults.read("0.2, dropped=0, slow=0.5, snr=10")
    assert (mixed.dropped, mixed.slow, mixed.doubled, mixed.snr) == (0.0, 0.5, 0.2, (10.0, 10.0))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("often", '"often" is no number'),
        ("1.5", "no probability"),
        ("-0.1", "no probability"),
        ("droped=0.1", 'Did you mean "dropped"?'),
        ("0.1,0.2", "there is no kind"),
        ("loss=2", "is no share"),
        ("snr=loud", '"loud" is no number'),
        ("sn=3", 'Did you mean "snr"?'),
    ],
)
def test_faulty_faults_are_told(text: str, message: str) -> None:
    with pytest.raises(VoicebotError) as caught:
        Faults.read(text)
    assert message in str(caught.value)


def test_probabilities_are_kept_to() -> None:
    trouble = Trouble(Faults.everywhere(0.1))
    struck = sum(trouble.strikes("dropped") for _ in range(2000))
    assert 150 < struck < 250
    kinds = Counter(trouble.rest().kind for _ in range(4000))
    assert set(kinds) == {"", *REST_KINDS}
    assert 2250 < kinds[""] < 2480  # 0.9 to the fifth
    assert all(250 < kinds[kind] < 400 for kind in REST_KINDS)
    assert not any(Trouble(Faults()).strikes(kind) for kind in KINDS)


# What struck is counted by its kind: of several that strike one REST request, the one that befell it.
def test_what_strikes_is_counted() -> None:
    trouble = Trouble(Faults.everywhere(0.3))
    struck = sum(trouble.strikes("dropped") for _ in range(300))
    kinds = Counter(trouble.rest().kind for _ in range(300))
    befallen = sum(trouble.befalls("noise", number) for number in range(300))
    assert trouble.struck["dropped"] == struck > 0
    assert trouble.struck["noise"] == befallen > 0
    assert all(trouble.struck[kind] == kinds[kind] > 0 for kind in REST_KINDS)


# A doubled webhook comes twice, with the same idempotency token; the call goes on but once.
def test_doubled_webhook_arrives_twice() -> None:
    rigged = rig(Faults(doubled=1.0))
    call = rigged.run()
    tokens = [headers["I-Twilio-Idempotency-Token"] for _, _, headers in rigged.app.requests]
    assert set(Counter(tokens).values()) == {2}
    assert Counter(rigged.app.paths()) == {"/voice": 2, "/key": 2}
    assert call.entries("said") == ["Press 1.", "Thanks."]


# A dropped webhook never reaches the application: a failed connection, tried again once.
def test_dropped_webhook_is_a_failed_connection() -> None:
    rigged = rig(Faults(dropped=1.0))
    call = rigged.run()
    assert rigged.app.asked == []
    assert rigged.codes() == [11205]
    assert call.entries("application error")


# A webhook that times out has reached the application, which does not know that nobody heard its answer.
def test_answer_that_times_out_was_given() -> None:
    rigged = rig(Faults(timed_out=1.0), fallback="<Say>One moment.</Say>")
    call = rigged.run(fallback_url=f"{BASE}/fallback")
    assert rigged.app.paths() == ["/voice", "/fallback"]
    assert rigged.codes() == [11200, 11200]
    assert call.duration > 30


def test_delayed_webhook_comes_late() -> None:
    late, soon = (rig(faults).run() for faults in (Faults(delayed=1.0), Faults()))
    assert late.entries("said") == soon.entries("said")
    assert late.duration > soon.duration


# A reordered callback is overtaken by the next one of its call, and none gets lost.
def test_reordered_callbacks_overtake_each_other() -> None:
    orders = set()
    for seed in range(6):
        rigged = rig(Faults(reordered=0.5, seed=seed))
        rigged.run(status_callback=f"{BASE}/status", status_callback_event=EVENTS)
        order = [form["SequenceNumber"] for form in rigged.app.forms("/status")]
        assert sorted(order) == ["0", "1", "2", "3"]
        orders.add(tuple(order))
    assert len(orders) > 1


REST: list[tuple[str, type[Exception], set[int]]] = [
    ("lost_before", requests.exceptions.ConnectionError, {0}),
    ("lost_after", requests.exceptions.ConnectionError, {1}),
    ("refused", TwilioRestException, {0}),
    ("failed", TwilioRestException, {0, 1}),
    ("slow", requests.exceptions.ReadTimeout, {1}),
]


# What a client sees of each REST fault, and whether the call was made all the same.
@pytest.mark.parametrize(("kind", "raised", "made"), REST)
def test_rest_faults(kind: str, raised: type[Exception], made: set[int]) -> None:
    seen, statuses = set(), set()
    for seed in range(12):
        rigged = rig(Faults.read(f"{kind}=1", seed))
        try:
            rigged.client.calls.create(to="+12025550142", from_="+12025550100", url=f"{BASE}/voice")
        except raised as error:
            seen.add(len(rigged.world.calls))
            statuses.add(getattr(error, "status", 0))
        else:
            assert kind == "slow"
    assert seen == made
    assert statuses == {{"refused": 429, "failed": 500}.get(kind, 0)}


def busy_world(faults: Faults) -> Rig:
    """Sixty calls with everything going wrong now and then."""
    rigged = rig(faults, fallback="<Hangup/>")
    for number in range(60):
        rigged.world.call_out(
            "+12025550100",
            f"+1202555{number:04d}",
            Source(f"{BASE}/voice", fallback_url=f"{BASE}/fallback"),
            status_callback=Callback(f"{BASE}/status", events=frozenset(EVENTS)),
        )
    rigged.queue.run_for(3600)
    return rigged


# Whatever strikes, every call ends, along the table of moves; the same seed gives the same story.
def test_faults_damage_neither_calls_nor_repeatability() -> None:
    first, second = (busy_world(Faults.everywhere(0.2, seed=3)) for _ in range(2))
    assert all(call.is_over for call in first.world.calls.values())
    stories: list[list[tuple[datetime, str]]] = [
        [(entry.at, entry.text) for call in one.world.calls.values() for entry in call.log] for one in (first, second)
    ]
    assert stories[0] == stories[1]
    assert len({entry.text for call in first.world.calls.values() for entry in call.log if entry.what == "said"}) == 2
    first.app.asked = [asked for asked in first.app.asked if asked[0] != "/status"]
    check_laws(first, list(first.world.calls.values()))
