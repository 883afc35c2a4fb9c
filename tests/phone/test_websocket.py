"""The server's end of a WebSocket, and the route that reads it, over real sockets on loopback."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from werkzeug.serving import make_server
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, Pong, RejectConnection, TextMessage
from wsproto.events import Request as Upgrade

from tests.services.hearing import Hearing, new_hearing
from tests.speech.test_pool import eventually
from tests.speech.voices import FRAME, say, silence
from voicebot.phone import websocket
from voicebot.phone.webhooks import stream_route as route
from voicebot.phone.webhooks.stream_route import Gone, stream_route
from voicebot.phone.websocket import ServerSocket
from voicebot.simulator.signature import sign
from voicebot.timestamps import from_text

TOKEN = "0123456789abcdef0123456789abcdef"


CLIENTS: list[Client] = []


@pytest.fixture(autouse=True)
def closed_clients() -> Iterator[None]:
    yield
    while CLIENTS:
        CLIENTS.pop().wire.close()


class Client:
    """The provider's end."""

    def __init__(self, port: int, path: str, headers: dict[str, str] | None = None) -> None:
        self.wire = socket.create_connection(("127.0.0.1", port), 5)
        CLIENTS.append(self)
        self.protocol = WSConnection(ConnectionType.CLIENT)
        extra = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        self.wire.sendall(self.protocol.send(Upgrade(host=f"127.0.0.1:{port}", target=path, extra_headers=extra)))
        self.events: list[Any] = []
        self.answer = self.next()

    def next(self) -> Any:
        """What comes next; None at the end."""
        while not self.events:
            data = self.wire.recv(65536)
            if not data:
                return None
            self.protocol.receive_data(data)
            self.events += self.protocol.events()
        return self.events.pop(0)

    def send(self, event: Any) -> None:
        self.wire.sendall(self.protocol.send(event))

    def text(self, message: str) -> None:
        self.send(TextMessage(data=message))


@dataclass
class Echo:
    """A server that keeps what it is sent."""

    port: int = 0
    heard: list[str | bytes] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def view(self) -> Response:
        wire = ServerSocket(request.environ, 1000)
        while wire.is_open:
            self.heard += wire.receive(0.05)
            wire.look_after()
        self.problems.append(wire.problem)
        wire.close()
        return Gone()


def served(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def echo() -> Iterator[Echo]:
    made = Echo()
    app = Flask("echo")
    app.add_url_rule("/echo", "echo", made.view, websocket=True)
    for made.port in served(app):
        yield made


def test_messages_arrive_in_order_whole_and_soon(echo: Echo) -> None:
    client = Client(echo.port, "/echo")
    assert isinstance(client.answer, AcceptConnection)
    began = time.monotonic()
    client.text("short")
    client.send(TextMessage(data="a ", message_finished=False))
    client.send(TextMessage(data="whole", message_finished=True))
    client.send(BytesMessage(data=b"\x00"))
    eventually(lambda: echo.heard == ["short", "a whole", b"\x00"])
    assert time.monotonic() - began < 1
    client.send(CloseConnection(code=1000))
    assert isinstance(client.next(), CloseConnection)
    eventually(lambda: echo.problems == [""])


def test_a_ping_is_answered(echo: Echo) -> None:
    client = Client(echo.port, "/echo")
    client.send(Ping(payload=b"are you there"))
    pong = client.next()
    assert isinstance(pong, Pong)
    assert bytes(pong.payload) == b"are you there"
    client.wire.close()


def test_a_message_that_is_too_long_closes_the_connection(echo: Echo) -> None:
    client = Client(echo.port, "/echo")
    client.text("x" * 1_000_000)
    closed = client.next()
    assert isinstance(closed, CloseConnection)
    assert closed.code == 1009
    eventually(lambda: "more than 1000" in echo.problems[0] if echo.problems else False)


def test_a_message_that_is_too_long_in_pieces(echo: Echo) -> None:
    client = Client(echo.port, "/echo")
    for _ in range(30):
        client.send(TextMessage(data="x" * 100, message_finished=False))
    assert client.next().code == 1009


@pytest.mark.parametrize("junk", [b"\xff" * 40, b"\x81\x05hello", b"\x83\x80abcd"])
def test_what_is_no_frame_ends_the_connection(echo: Echo, junk: bytes) -> None:
    client = Client(echo.port, "/echo")
    client.wire.sendall(junk)
    eventually(lambda: echo.problems)


def test_an_end_that_vanishes_is_noticed(echo: Echo) -> None:
    client = Client(echo.port, "/echo")
    client.wire.close()
    eventually(lambda: len(echo.problems) == 1)


def test_an_end_that_is_silent_is_asked_and_given_up(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "PINGED_AFTER", 0.3)
    client = Client(echo.port, "/echo")
    assert isinstance(client.next(), Ping)
    eventually(lambda: echo.problems)
    assert "silent" in echo.problems[0]


def test_an_end_that_answers_pings_is_kept(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "PINGED_AFTER", 0.3)
    client = Client(echo.port, "/echo")
    for _ in range(3):
        ping = client.next()
        assert isinstance(ping, Ping)
        client.send(ping.response())
    client.text("still here")
    eventually(lambda: "still here" in echo.heard)
    client.wire.close()


def test_a_request_that_is_no_websocket_is_answered_as_such(echo: Echo) -> None:
    with socket.create_connection(("127.0.0.1", echo.port), 5) as wire:
        wire.sendall(b"GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert b" 400 " in wire.recv(1000).split(b"\r\n")[0]


# --- the route ---


@dataclass
class Rig:
    centre: Hearing
    port: int

    def path(self, call_id: str) -> str:
        return f"/voice/{call_id}/stream"

    def start(self, client: Client, call_id: str, token: str = "") -> None:
        start = {
            "streamSid": "MZ1",
            "callSid": f"CA-{call_id}",
            "customParameters": {"token": token or self.centre.rig.call(call_id)["token"]},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        client.text(json.dumps({"event": "start", "sequenceNumber": "1", "start": start}))

    def hear(self, client: Client, sound: bytes) -> None:
        for place, begin in enumerate(range(0, len(sound), FRAME)):
            payload = base64.b64encode(sound[begin : begin + FRAME]).decode()
            media = {"track": "inbound", "timestamp": str(place * 20), "payload": payload}
            client.text(json.dumps({"event": "media", "sequenceNumber": str(place + 2), "media": media}))


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    centre = new_hearing(tmp_path)
    app = Flask("voicebot")
    app.register_blueprint(stream_route(centre.ears, centre.rig.board, lambda: from_text(centre.rig.now)))
    for port in served(app):
        yield Rig(centre, port)


def test_a_call_is_heard_over_a_real_socket(rig: Rig) -> None:
    call_id = rig.centre.answered()
    client = Client(rig.port, rig.path(call_id))
    rig.start(client, call_id)
    rig.hear(client, silence(14_000) + say("yes") + silence(1000))
    eventually(lambda: "heard" in rig.centre.kinds(call_id))
    client.text('{"event": "stop"}')
    assert isinstance(client.next(), CloseConnection)
    assert "deafened" not in rig.centre.kinds(call_id)


def test_a_socket_that_is_killed_loses_no_call(rig: Rig) -> None:
    call_id = rig.centre.answered()
    client = Client(rig.port, rig.path(call_id))
    rig.start(client, call_id)
    rig.hear(client, silence(200))
    eventually(lambda: rig.centre.engine.made)
    client.wire.close()
    eventually(lambda: rig.centre.kinds(call_id) == ["answered", "deafened"])
    assert "dtmf speech" in rig.centre.rig.body(call_id)


def test_a_wrong_token_closes_the_socket(rig: Rig) -> None:
    call_id = rig.centre.answered()
    client = Client(rig.port, rig.path(call_id))
    rig.start(client, call_id, token="guess")
    assert isinstance(client.next(), CloseConnection)
    assert rig.centre.engine.made == []


def test_a_socket_that_never_says_whose_it_is_is_closed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "PATIENCE", 0.3)
    client = Client(rig.port, rig.path("anybody"))
    client.text('{"event": "connected"}')
    assert isinstance(client.next(), CloseConnection)


def test_a_process_that_ends_closes_its_sockets(rig: Rig) -> None:
    call_id = rig.centre.answered()
    client = Client(rig.port, rig.path(call_id))
    rig.start(client, call_id)
    eventually(lambda: rig.centre.ears._callers[call_id].stream_sid)
    rig.centre.ears.close()
    assert isinstance(client.next(), CloseConnection)
    assert rig.centre.kinds(call_id) == ["answered"]


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("wss://bot.example/voice/a/stream", True),
        ("wss://bot.example/voice/a/stream/", True),
        ("https://bot.example/voice/a/stream", False),
        ("wss://bot.example/voice/b/stream", False),
        ("wss://evil.example/voice/a/stream", False),
    ],
)
def test_a_signature_that_is_there_must_be_right(rig: Rig, url: str, accepted: bool) -> None:
    token = rig.centre.rig.centre.settings.auth_token
    client = Client(rig.port, "/voice/a/stream", {"X-Twilio-Signature": sign(token, url, {})})
    assert isinstance(client.answer, AcceptConnection) is accepted
    if not accepted:
        assert isinstance(client.answer, RejectConnection)
        assert client.answer.status_code == 403
    client.wire.close()


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ({"StreamEvent": "stream-started"}, ["answered"]),
        ({"StreamEvent": "stream-stopped"}, ["answered"]),
        ({"StreamEvent": "stream-error", "StreamError": "31902"}, ["answered", "deafened"]),
        ({}, ["answered"]),
    ],
)
def test_what_is_told_of_a_stream(rig: Rig, told: dict[str, str], kinds: list[str]) -> None:
    call_id = rig.centre.answered()
    settings, token = rig.centre.rig.centre.settings, rig.centre.rig.call(call_id)["token"]
    path = f"/voice/{call_id}/streamed?t={token}"
    headers = {"X-Twilio-Signature": sign(settings.auth_token, settings.base_url + path, told)}
    answer = requests.post(f"http://127.0.0.1:{rig.port}{path}", data=told, headers=headers, timeout=5)
    assert answer.status_code == 204
    assert rig.centre.kinds(call_id) == kinds
    assert requests.post(f"http://127.0.0.1:{rig.port}{path}", data=told, timeout=5).status_code == 403
