"""Media streams on virtual time.

https://www.twilio.com/docs/voice/twiml/stream, https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.simulator.ears import Ears
from tests.simulator.rig import BASE, SOCKETS, TOKEN, Answer, Rig, person
from voicebot.simulator import DirectSocket
from voicebot.simulator.call import SimCall

URL = f"{SOCKETS}/media"
START = f'<Start><Stream name="ears" url="{URL}" {{}}><Parameter name="turn" value="7"/></Stream></Start>'
CONNECT = f'<Connect><Stream url="{URL}" statusCallback="/stream"/></Connect><Say>After.</Say>'
HALF_A_SECOND = base64.b64encode(b"\xff" * 4000).decode()


def run(ears: Ears, voice: str, callees: str = person("patience: 60"), **documents: Answer) -> tuple[Rig, SimCall]:
    rig = Rig(callees, accept=ears.accept, more=documents, voice=voice)
    call = rig.run()
    return rig, call


def at_start(*messages: dict[str, Any], then_close: bool = False) -> Ears:
    """An application that says something as soon as the stream has started."""

    def on(ears: Ears, message: dict[str, Any]) -> None:
        if message["event"] == "start":
            for one in messages:
                ears.say(**one)
            if then_close and ears.socket:
                ears.socket.close()

    return Ears(on)


# WebSocket messages from Twilio: "Connected message", "Start message", "Media message", "Stop message".
def test_messages_of_a_stream() -> None:
    ears = Ears()
    _rig, call = run(ears, START.format("") + "<Pause length='2'/>")
    assert ears.events() == ["connected", "start", "stop"]
    connected, start, first = ears.heard[:3]
    assert connected == {"event": "connected", "protocol": "Call", "version": "1.0.0"}
    assert start["start"] == {
        "accountSid": call.world.account_sid,
        "streamSid": start["streamSid"],
        "callSid": call.sid,
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"turn": "7"},
    }
    assert first["media"]["chunk"] == "1"
    assert len(base64.b64decode(first["media"]["payload"])) == 160
    numbers = [int(message["sequenceNumber"]) for message in ears.heard[1:]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert ears.heard[-1]["stop"] == {"accountSid": call.world.account_sid, "callSid": call.sid}
    assert ears.is_closed


# "Media message": a frame every 20 ms, its timestamp in milliseconds since the start; both tracks when asked for.
def test_frames_keep_time() -> None:
    ears = Ears()
    run(ears, START.format('track="both_tracks"') + "<Pause length='3'/>")
    stamps = [int(frame["timestamp"]) for frame in ears.frames()]
    assert {later - earlier for earlier, later in pairwise(stamps)} == {20}
    assert 135 <= len(stamps) <= 141
    assert abs(len(stamps) - len(ears.frames("outbound"))) <= 1


# <Stream>, <Start>: the next verb does not wait; a key is not told to a unidirectional stream; <Stop> ends it by name.
def test_unidirectional_stream() -> None:
    gather = "<Gather numDigits='1' action='/key'><Say>Press 1.</Say></Gather>"
    stop = "<Stop><Stream name='ears'/></Stop><Pause length='5'/>"
    ears = at_start({"event": "media", "media": {"payload": HALF_A_SECOND}})
    callees = person("reactions: [{hears: press 1, press: '1'}]")
    rig, call = run(ears, START.format("statusCallback='/stream'") + gather, callees, key=stop)
    assert ears.events() == ["connected", "start", "stop"]
    assert rig.app.forms("/key")[0]["Digits"] == "1"
    assert [form["StreamEvent"] for form in rig.app.forms("/stream")] == ["stream-started", "stream-stopped"]
    assert rig.app.forms("/stream")[0]["StreamName"] == "ears"
    assert rig.codes() == [31951]
    assert len(ears.frames()) < 50 * (call.duration - 4)


# "DTMF message": bidirectional streams are told of keys.
def test_keys_reach_a_bidirectional_stream() -> None:
    ears = at_start({"event": "media", "media": {"payload": HALF_A_SECOND}})
    _, call = run(ears, CONNECT, person("reactions: [{hears: (audio), press: '4#'}], patience: 6"))
    keys = [message["dtmf"] for message in ears.heard if message["event"] == "dtmf"]
    assert keys == [{"track": "inbound_track", "digit": "4"}, {"track": "inbound_track", "digit": "#"}]
    assert call.entries("said") == []


# <Stream>, <Connect>: what stands below runs when the application has closed its end.
def test_call_goes_on_when_the_application_closes_the_stream() -> None:
    rig, call = run(at_start(then_close=True), CONNECT)
    assert call.entries("said") == ["After."]
    assert [form["StreamEvent"] for form in rig.app.forms("/stream")] == ["stream-started", "stream-stopped"]


# "Mark message": told back when what came before it has been played; at once when nothing is being played.
def test_marks_come_back_in_their_time() -> None:
    mark = {"event": "mark", "mark": {"name": "early"}}
    media = {"event": "media", "media": {"payload": HALF_A_SECOND}}
    ears = at_start(mark, media, media, mark | {"mark": {"name": "late"}})
    run(ears, CONNECT, person("patience: 4"))
    names = {one["mark"]["name"]: place for place, one in enumerate(ears.heard) if one["event"] == "mark"}
    assert list(names) == ["early", "late"]
    between = ears.heard[names["early"] : names["late"]]
    assert 48 <= len([one for one in between if one["event"] == "media"]) <= 52


# "Clear message": what is buffered is thrown away, and its marks come back at once.
def test_clear_empties_the_buffer() -> None:
    media = {"event": "media", "media": {"payload": base64.b64encode(b"\xff" * 80000).decode()}}
    mark = {"event": "mark", "mark": {"name": "end"}}
    ears = at_start(media, mark, {"event": "clear"})
    _, call = run(ears, CONNECT, person("patience: 4"))
    place = next(place for place, one in enumerate(ears.heard) if one["event"] == "mark")
    assert place < 8
    assert call.entries("cut") == ["(audio)"]


# Errors 31950 and 31951: messages that cannot be read are told, and the stream goes on.
@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"event": "shout"}, 31951),
        ({"event": "media", "media": {}}, 31950),
        ({"event": "media", "media": {"payload": "no base64!"}}, 31950),
        ({"event": "media", "streamSid": "MZ0", "media": {"payload": HALF_A_SECOND}}, 31950),
        ({"event": "mark"}, 31950),
    ],
)
def test_faulty_messages(message: dict[str, Any], code: int) -> None:
    ears = at_start(message)
    rig, _ = run(ears, CONNECT, person("patience: 2"))
    assert rig.codes() == [code]
    assert ears.events()[-1] == "stop"


def refuse(_socket: DirectSocket) -> None:
    raise PermissionError("403")


# Errors 31902, 31920, 31922, 31923: no stream comes about; the call goes on, and the callback is told why.
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("wss://nobody.test/media", 31902),
        (URL, 31920),
        ("https://app.test/media", 31922),
        ("ws://app.test/media", 31922),
        ("ws://127.0.0.1/media", 31922),
        ("media", 31923),
    ],
)
def test_streams_that_cannot_begin(url: str, code: int) -> None:
    rig = Rig(accept=refuse, voice=CONNECT.replace(URL, url))
    call = rig.run()
    assert rig.codes() == [code]
    assert call.entries("said") == ["After."]
    (form,) = rig.app.forms("/stream")
    assert (form["StreamEvent"], str(code)[:3]) == ("stream-error", "319")


# <Stream>, "url": a query is left out; the handshake is signed over the URL that is asked.
def test_query_is_left_out_and_the_handshake_signed() -> None:
    ears = Ears()
    rig, _ = run(ears, CONNECT.replace(URL, f"{URL}?token=secret"), person("patience: 1"))
    assert rig.codes() == [99003]
    assert ears.socket
    assert ears.socket.url == URL
    assert RequestValidator(TOKEN).validate(URL, {}, ears.socket.headers["X-Twilio-Signature"])


# Stream resource: created and stopped by REST on a live call.
def test_stream_resource() -> None:
    ears = Ears()
    rig = Rig(accept=ears.accept, voice="<Pause length='30'/>")
    call = rig.place()
    with pytest.raises(TwilioRestException):
        rig.client.calls(call.sid).streams.create(url=URL)
    rig.queue.run_for(10)
    made = rig.client.calls(call.sid).streams.create(url=URL, name="ears", parameter1_name="a", parameter1_value="b")
    rig.queue.run_for(3)
    assert rig.client.calls(call.sid).streams(made.sid).update(status="stopped").status == "stopped"
    rig.queue.run_all()
    assert ears.heard[1]["start"]["customParameters"] == {"a": "b"}
    assert 100 < len(ears.frames()) < 150
    with pytest.raises(TwilioRestException):
        rig.client.calls(call.sid).streams("MZ0").update(status="stopped")


def test_redirect_ends_a_connected_stream() -> None:
    ears = Ears()
    rig = Rig(accept=ears.accept, voice=CONNECT, moved="<Say>Moved.</Say>")
    call = rig.place()
    rig.queue.run_for(6)
    rig.client.calls(call.sid).update(url=f"{BASE}/moved")
    rig.queue.run_all()
    assert ears.events() == ["connected", "start", "stop"]
    assert call.entries("said") == ["Moved."]
