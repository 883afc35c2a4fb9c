"""The REST interface and its refusals (https://www.twilio.com/docs/voice/api/call-resource)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from tests.simulator.rig import ACCOUNT, BASE, OURS, THEIRS, Rig, person
from voicebot.simulator import InProcessTwilioHttp

VOICE = f"{BASE}/voice"

REFUSALS: list[tuple[dict[str, Any], int]] = [
    ({"to": ""}, 21201),
    ({"to": "somebody"}, 21211),
    ({"to": "2025550142"}, 21211),
    ({"from_": ""}, 21213),
    ({"from_": "me"}, 21212),
    ({"from_": "+12025550111"}, 21210),
    ({"url": "nowhere"}, 21205),
    ({"url": "http://a_b.test/"}, 21205),
    ({"url": VOICE, "twiml": "<Response/>"}, 20001),
    ({"method": "PUT"}, 21209),
    ({"timeout": 601}, 21208),
    ({"time_limit": 0}, 20001),
    ({"send_digits": "12a"}, 21206),
    ({"machine_detection": "On"}, 20001),
    ({"machine_detection": "Enable", "machine_detection_timeout": 2}, 20001),
    ({"status_callback": "nowhere"}, 21205),
    ({"fallback_url": "nowhere"}, 21205),
    ({"application_sid": "AP1"}, 21218),
]
# Magic numbers: https://www.twilio.com/docs/iam/test-credentials
MAGIC: list[tuple[dict[str, Any], int]] = [
    ({"from_": "+15005550001"}, 21212),
    ({"from_": "+15005550007"}, 21210),
    ({"to": "+15005550001"}, 21217),
    ({"to": "+15005550002"}, 21214),
    ({"to": "+15005550003"}, 21215),
    ({"to": "+15005550004"}, 21216),
]


@pytest.mark.parametrize(("parameters", "code"), REFUSALS + MAGIC)
def test_refused_calls(parameters: dict[str, Any], code: int) -> None:
    rig = Rig()
    with pytest.raises(TwilioRestException) as caught:
        rig.client.calls.create(**{"to": THEIRS, "from_": OURS, "url": VOICE} | parameters)
    assert (caught.value.code, caught.value.status) == (code, 400)
    assert rig.world.calls == {}


def test_magic_from_number_is_always_right() -> None:
    assert Rig(voice="<Hangup/>").run(from_="+15005550006").status == "completed"


def test_long_inline_twiml_is_refused() -> None:
    with pytest.raises(TwilioRestException) as caught:
        Rig().place(twiml=f"<Response><Say>{'a' * 4000}</Say></Response>")
    assert caught.value.code == 32018


# Error bodies: code, message, more_info and status; 401 and 404 as well.
def test_error_bodies() -> None:
    rig = Rig()
    stranger = Client(ACCOUNT, "wrong", http_client=InProcessTwilioHttp(rig.world))
    with pytest.raises(TwilioRestException) as caught:
        stranger.calls("CA0").fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)
    with pytest.raises(TwilioRestException) as caught:
        rig.client.calls("CA0").fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
    assert rig.client.api.accounts(ACCOUNT).fetch().status == "active"


# StatusCallbackEvent: repeated for each event. Joined by a blank: created, but never called back (21626).
def test_joined_status_events_are_accepted_and_useless() -> None:
    rig = Rig(voice="<Hangup/>")
    rig.run(status_callback=f"{BASE}/status", status_callback_event=["answered completed"])
    assert rig.app.forms("/status") == []
    assert rig.codes() == [21626]


# List filters and paging.
def test_calls_are_listed_youngest_first_and_filtered() -> None:
    rig = Rig(person("line: {answers: 1}"), voice="<Hangup/>")
    sids = [rig.place(to=f"+1202555{number:04d}").sid for number in range(7)]
    assert [call.sid for call in rig.client.calls.list(page_size=3)] == sids[::-1]
    assert [call.sid for call in rig.client.calls.list(limit=2)] == sids[:4:-1]
    assert [call.sid for call in rig.client.calls.list(to="+12025550003")] == [sids[3]]
    assert rig.client.calls.list(status="completed") == []
    rig.queue.run_all()
    assert len(rig.client.calls.list(status="completed", from_=OURS)) == 7


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"start_time": "2026-01-05"}, 1),
        ({"start_time": "2026-01-04"}, 0),
        ({"start_time_after": "2026-01-05"}, 1),
        ({"start_time_after": "2026-01-06"}, 0),
        ({"start_time_before": "2026-01-05"}, 1),
        ({"start_time_before": "2026-01-04"}, 0),
        ({"start_time_after": datetime(2026, 1, 5, 9, 0, 2, tzinfo=UTC)}, 1),
        ({"start_time_after": datetime(2026, 1, 5, 9, 0, 3, tzinfo=UTC)}, 0),
    ],
)
def test_calls_are_filtered_by_time(filters: dict[str, object], count: int) -> None:
    rig = Rig(voice="<Hangup/>")
    rig.run()
    assert len(rig.client.calls.list(**filters)) == count


def test_finished_call_as_the_sdk_sees_it() -> None:
    rig = Rig(voice="<Pause length='30'/>")
    sid = rig.run().sid
    call = rig.client.calls(sid).fetch()
    assert (call.status, call.duration, call.direction) == ("completed", "30", "outbound-api")
    assert (call.end_time - call.start_time).total_seconds() == 30
    assert call.phone_number_sid == rig.world.numbers[OURS].sid
    assert rig.client.calls(sid).delete()
    assert rig.client.calls.list() == []


def test_live_call_cannot_be_deleted() -> None:
    rig = Rig()
    with pytest.raises(TwilioRestException) as caught:
        rig.client.calls(rig.place().sid).delete()
    assert caught.value.status == 405


# What people and programs can look at, without credentials.
def test_window_shows_calls_and_notifications() -> None:
    rig = Rig(voice="<Say>Good &lt;b&gt;morning.</Say><Gather timeuot='1'/>")
    call = rig.run()
    browser = rig.client.http_client._app.test_client()
    page = browser.get("/").get_data(as_text=True)
    assert "Good &lt;b&gt;morning." in page
    assert "12200" in page
    assert browser.get("/simulator/calls.json").json["calls"][0]["status"] == "completed"
    assert browser.get(f"/simulator/calls/{call.sid}.json").json["log"][0]["what"] == "status"
    assert browser.get("/simulator/notifications.json").json["notifications"][0]["code"] == 12200


# Notification resource: what the debugger shows, of the account and of a call; 0 is an error, 1 a warning.
def test_notifications() -> None:
    rig = Rig(voice="<Gather timeuot='1'><Say>Hello.</Say></Gather><Redirect>/gone</Redirect>", gone=("", 500))
    call = rig.run()
    error, warning = rig.client.api.account.notifications.list()
    assert [(one.error_code, one.log, one.call_sid) for one in (error, warning)] == [
        ("11200", "0", call.sid),
        ("12200", "1", call.sid),
    ]
    assert [one.sid for one in rig.client.calls(call.sid).notifications.list(log=1)] == [warning.sid]
    assert "timeuot" in rig.client.api.account.notifications(warning.sid).fetch().message_text
    assert rig.client.calls(call.sid).notifications(error.sid).fetch().request_variables == ""
    with pytest.raises(TwilioRestException):
        rig.client.api.account.notifications("NO0").fetch()
