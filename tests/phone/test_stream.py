"""The messages of a media stream: what they lead to, and whatever may come instead of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.hearing import Hearing, new_hearing
from tests.speech.voices import FRAME, say, silence
from voicebot.phone.stream import EARLY_AT_MOST, StreamSession, accepting, call_of
from voicebot.store import journal
from voicebot.timestamps import plus

AFTER_PROMPT = silence(14_000)


class Line:
    """The provider's end of one stream, message by message as it sends them."""

    def __init__(self, centre: Hearing, call_id: str) -> None:
        self.centre, self.call_id = centre, call_id
        self.session = StreamSession(centre.ears, call_id)
        self.sequence = self.position = 0
        self.is_open = True

    def send(self, message: str | bytes) -> None:
        self.is_open = self.session.received(message)

    def tell(self, event: str, **fields: Any) -> None:
        self.sequence += 1
        self.send(json.dumps({"event": event, "sequenceNumber": str(self.sequence), "streamSid": "MZ1", **fields}))

    def start(self, **changes: Any) -> Line:
        self.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        start = {
            "streamSid": "MZ1",
            "accountSid": "AC1",
            "callSid": f"CA-{self.call_id}",
            "tracks": ["inbound"],
            "customParameters": {"token": self.centre.rig.call(self.call_id)["token"]},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        self.tell("start", start=start | changes)
        return self

    def media(self, sound: bytes, **changes: Any) -> None:
        payload = base64.b64encode(sound).decode()
        media = {"track": "inbound", "chunk": "1", "timestamp": str(self.position), "payload": payload}
        self.tell("media", media=media | changes)

    def hear(self, *sounds: bytes, size: int = FRAME) -> Line:
        sound = b"".join(sounds)
        for start in range(0, len(sound), size):
            self.centre.rig.now = plus(self.centre.rig.now, 0.02)
            self.media(sound[start : start + size])
            self.position += 20
        return self

    @property
    def heard(self) -> list[str]:
        return [event["readings"][0]["text"] for event in self.centre.events(self.call_id) if event["kind"] == "heard"]

    @property
    def kinds(self) -> list[str]:
        return self.centre.kinds(self.call_id)

    @property
    def troubles(self) -> list[str]:
        entries = journal.read(self.centre.rig.db, "call", self.call_id)
        return [entry.body["why"] for entry in entries if entry.kind == "stream_trouble"]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    centre = new_hearing(tmp_path)
    return Line(centre, centre.answered())


def test_a_stream_is_heard_from_start_to_stop(line: Line) -> None:
    line.start().hear(AFTER_PROMPT, say("yes"), silence(1000))
    line.tell("stop", stop={"accountSid": "AC1", "callSid": "CA"})
    assert line.heard == ["yes"]
    assert not line.is_open
    line.session.closed()
    assert "deafened" not in line.kinds
    assert line.troubles == []


def test_a_socket_that_closes_without_a_stop_is_a_loss(line: Line) -> None:
    line.start().hear(silence(1000))
    line.session.closed()
    line.session.closed()
    assert line.kinds == ["answered", "deafened"]


def test_a_process_that_ends_takes_no_more(line: Line) -> None:
    line.start().hear(silence(500))
    line.centre.ears.close()
    line.hear(silence(20))
    assert not line.is_open
    line.session.closed()
    assert line.kinds == ["answered"]


def test_what_a_stopped_stream_still_sends_is_passed_over(line: Line) -> None:
    line.start().tell("stop", stop={})
    line.hear(say("stop"), silence(2000))
    assert line.heard == []


@pytest.mark.parametrize(
    "changes",
    [
        {"customParameters": {"token": "wrong"}},
        {"customParameters": {}},
        {"customParameters": None},
        {"customParameters": {"token": 7}},
        {"callSid": "CA-other"},
        {"callSid": None},
    ],
)
def test_a_stream_that_shows_something_wrong_is_closed(line: Line, changes: dict[str, Any]) -> None:
    line.start(**changes)
    assert not line.is_open
    line.session.closed()
    assert line.kinds == ["answered"]
    assert "<Gather" in line.centre.rig.silent(line.call_id, 9)
    assert line.centre.events(line.call_id)[-1]["why"] == "not_opened"


def test_a_second_stream_of_a_call_is_closed_and_the_first_goes_on(line: Line) -> None:
    line.start()
    second = Line(line.centre, line.call_id).start()
    assert not second.is_open
    second.session.closed()
    assert line.hear(AFTER_PROMPT, say("yes"), silence(1000)).heard == ["yes"]


@pytest.mark.parametrize(
    "wrong",
    [
        b"\x00\x01binary",
        "no json",
        "",
        "[]",
        "7",
        "null",
        "{}",
        '{"event": 7}',
        '{"event": null}',
        '{"event": "surprise", "sequenceNumber": "2"}',
        '{"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": "1"}}',
        '{"event": "mark", "mark": {"name": "m"}}',
        '{"event": "media"}',
        '{"event": "media", "media": 7}',
        '{"event": "media", "media": {"track": "inbound", "timestamp": "soon", "payload": "/w=="}}',
        '{"event": "media", "media": {"track": "inbound", "timestamp": null, "payload": "/w=="}}',
        '{"event": "media", "media": {"track": "inbound", "timestamp": "20", "payload": "not base64!"}}',
        '{"event": "media", "media": {"track": "inbound", "timestamp": "20", "payload": 7}}',
        '{"event": "media", "media": {"track": "outbound", "timestamp": "20", "payload": "/w=="}}',
        '{"event": "media", "sequenceNumber": {}, "media": []}',
        '{"event": "start", "start": {}}',
        "[" * 5000,
    ],
)
def test_what_means_nothing_is_passed_over(line: Line, wrong: str | bytes) -> None:
    line.start().hear(silence(200))
    for _ in range(3):
        line.send(wrong)
        assert line.is_open
    assert line.hear(AFTER_PROMPT, say("yes"), silence(1000)).heard == ["yes"]
    assert len(line.troubles) <= 1


@pytest.mark.parametrize(
    ("wrong", "trouble"),
    [
        (b"\x00", "binary"),
        ("no json", "JSON"),
        ('{"event": "media", "media": {"track": "outbound", "timestamp": "20", "payload": "/w=="}}', "track"),
        ('{"event": "media", "media": {"track": "inbound", "timestamp": "20", "payload": "?"}}', "cannot be read"),
        ('{"event": "start"}', "twice"),
        ('{"event": "media", "sequenceNumber": "900", "media": {}}', "missing"),
    ],
)
def test_each_mix_up_is_written_down_once(line: Line, wrong: str | bytes, trouble: str) -> None:
    line.start()
    for _ in range(5):
        line.send(wrong)
    assert sum(trouble in told for told in line.troubles) == 1


@pytest.mark.parametrize("length", [64 * 1024 + 1, 1_000_000])
def test_a_huge_message_ends_the_stream_and_the_call_goes_on(line: Line, length: int) -> None:
    line.start().hear(silence(1000))
    line.send("x" * length)
    assert not line.is_open
    assert line.kinds == ["answered", "deafened"]
    assert "dtmf speech" in line.centre.rig.body(line.call_id)


def test_a_huge_payload_is_passed_over(line: Line) -> None:
    line.start()
    line.media(b"\x01" * 20_000)
    assert line.is_open
    assert len(line.troubles) == 1


@pytest.mark.parametrize(
    "declared",
    [
        {"encoding": "audio/x-mulaw", "sampleRate": 16000, "channels": 1},
        {"encoding": "audio/x-alaw", "sampleRate": 8000, "channels": 1},
        {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 2},
        {},
        None,
    ],
)
def test_sound_of_another_format_ends_the_stream(line: Line, declared: object) -> None:
    line.start(mediaFormat=declared)
    assert not line.is_open
    assert line.kinds == ["answered", "deafened"]


@pytest.mark.parametrize("size", [FRAME * 2, FRAME // 2])
def test_a_sample_rate_that_lies_ends_the_stream(line: Line, size: int) -> None:
    line.start().hear(silence(4000), size=size)
    assert not line.is_open
    assert line.kinds[-1] == "deafened"


def test_lost_messages_are_no_lie(line: Line) -> None:
    line.start()
    for count in range(1500):
        line.position = count * 20
        if count % 7 < 3:
            line.media(b"\xff" * FRAME)
        else:
            line.sequence += 1
    assert line.is_open


def test_sound_before_the_start_is_passed_over_but_not_for_ever(line: Line) -> None:
    for _ in range(EARLY_AT_MOST):
        line.media(b"\xff" * FRAME)
        assert line.is_open
    line.media(b"\xff" * FRAME)
    assert not line.is_open
    assert line.kinds == ["answered"]


def test_sound_before_the_start_does_no_harm(line: Line) -> None:
    line.media(b"\xff" * FRAME)
    assert line.start().hear(AFTER_PROMPT, say("yes"), silence(1000)).heard == ["yes"]


def test_doubled_and_disordered_messages(line: Line) -> None:
    line.start().hear(AFTER_PROMPT)
    sound = say("yes") + silence(1000)
    for start in range(0, len(sound), FRAME):
        for back in (0, 60, 0):
            line.centre.rig.now = plus(line.centre.rig.now, 0.01)
            line.media(sound[start : start + FRAME], timestamp=str(line.position - back))
        line.position += 20
    assert line.heard == ["yes"]


def test_ten_minutes_of_silence_and_then_an_answer(line: Line) -> None:
    quiet = base64.b64encode(b"\xff" * FRAME).decode()
    line.start()
    for number in range(30_000):
        media = f'"media": {{"track": "inbound", "timestamp": "{number * 20}", "payload": "{quiet}"}}'
        line.send(f'{{"event": "media", {media}}}')
    line.position = 600_000
    assert line.centre.engine.made[0].fed < 5000
    assert line.hear(say("yes"), silence(1000)).heard == ["yes"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=50)
    | st.text(max_size=50)
    | st.builds(
        lambda event, body: json.dumps({"event": event, event: body, "sequenceNumber": body}),
        st.sampled_from(["start", "media", "stop", "connected", "dtmf"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.dictionaries(
                st.sampled_from(["track", "timestamp", "payload", "token", "callSid", "customParameters", "x"]), inner
            ),
        ),
    )
)
def test_whatever_comes_nothing_is_raised(line: Line, message: str | bytes) -> None:
    session = StreamSession(line.centre.ears, line.call_id)
    session.received(message)
    session.closed()


# --- in one process ---


class Wire:
    """The application's end of a stream in the same process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_closed = False
        self.on_message: Callable[[str], object] = lambda _text: None
        self.on_close: Callable[[], object] = lambda: None

    def close(self) -> None:
        self.is_closed = True


def test_a_stream_in_the_same_process(line: Line) -> None:
    wire = Wire(f"wss://bot.example/voice/{line.call_id}/stream")
    accepting(line.centre.ears)(wire)
    line.send = wire.on_message  # type: ignore[method-assign,assignment]
    line.start().hear(AFTER_PROMPT, say("yes"), silence(1000))
    assert line.heard == ["yes"]
    wire.on_close()
    assert wire.on_message("anything") is None
    assert wire.is_closed


@pytest.mark.parametrize(
    "path", ["", "/", "/voice//stream", "/voice/a", "/voice/a/turn", "/voice/a/stream/b", "/x/voice/a/stream"]
)
def test_other_addresses_are_no_streams(path: str) -> None:
    with pytest.raises(LookupError):
        call_of(path)
