"""Media streams over real WebSockets on loopback, to an application that uses the same library as a server."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import simple_websocket  # type: ignore[import-untyped]
from flask import Flask, Response, request
from twilio.rest import Client  # type: ignore[import-untyped]
from werkzeug.serving import make_server

from tests.simulator.rig import ACCOUNT, OURS, THEIRS, TOKEN, person
from voicebot.simulator import Faults, ToneVoice
from voicebot.simulator.server import Simulator, SimulatorOptions
from voicebot.simulator.websocket import BACKLOG


class Gone(Response):
    """The answer of a WebSocket's route: the connection is at its end, and nothing more is written on it."""

    def __call__(self, *_: Any) -> Any:
        raise ConnectionError


class Media:
    """A Flask application with a WebSocket route; it says goodbye after the first mark that comes back."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.signature = ""
        self.marks = True
        self.lock, self.streams, self.counts = threading.Lock(), 0, Counter[int]()
        self.app = Flask("media")
        self.app.add_url_rule("/media", view_func=self.media, websocket=True)
        self.app.add_url_rule("/voice", view_func=self.voice, methods=["POST"])
        self.app.add_url_rule("/closed", view_func=lambda: "no stream here")
        self.path = "media"

    def voice(self) -> Response:
        url = f"ws://{request.host}/{self.path}"
        twiml = f"<Response><Connect><Stream url='{url}'/></Connect><Say>After.</Say></Response>"
        return Response(twiml, content_type="text/xml")

    def media(self) -> Response:
        self.signature = request.headers["X-Twilio-Signature"]
        wire = simple_websocket.Server(request.environ)
        with self.lock:
            self.streams += 1
            number = self.streams
        try:
            while True:
                message = json.loads(wire.receive())
                self.heard.append(message)
                self.counts[number] += 1
                if message["event"] == "start" and self.marks:
                    wire.send(json.dumps({"event": "mark", "streamSid": message["streamSid"], "mark": {"name": "m"}}))
                if message["event"] == "mark":
                    wire.close()
        except simple_websocket.ConnectionClosed:
            return Gone()


@pytest.fixture
def media() -> Iterator[tuple[Media, str]]:
    application = Media()
    server = make_server("127.0.0.1", 0, application.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield application, f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()


def eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def simulated(tmp_path: Path, url: str, *, plain: bool = True) -> tuple[list[str], list[int], int]:
    """One call over real HTTP: what was said on it, the notifications' codes, and its seconds."""
    (tmp_path / "callees.yaml").write_text(person("rings: 1"))
    options = SimulatorOptions(tmp_path / "callees.yaml", {OURS: ""}, port=0, speed=4, plain_sockets=plain)
    with Simulator(options, lambda _: None) as simulator:
        client = Client(ACCOUNT, TOKEN)
        client.api.base_url = simulator.url
        sid = client.calls.create(to=THEIRS, from_=OURS, url=f"{url}/voice").sid
        call = simulator.world.calls[sid]
        eventually(lambda: call.is_over)
        return call.entries("said"), [note.code for note in simulator.world.notifications], call.duration


# The whole way: handshake, frames, a mark there and back, the application's closing, and what stands below.
def test_stream_over_a_real_websocket(media: tuple[Media, str], tmp_path: Path) -> None:
    application, url = media
    said, codes, _ = simulated(tmp_path, url)
    assert (said, codes) == (["After."], [])
    events = [message["event"] for message in application.heard]
    assert events[:2] == ["connected", "start"]
    assert events.count("mark") == 1
    assert application.signature


def test_route_that_is_no_websocket(media: tuple[Media, str], tmp_path: Path) -> None:
    application, url = media
    application.path = "closed"
    assert simulated(tmp_path, url)[:2] == (["After."], [31920])


def test_nobody_listens(media: tuple[Media, str], tmp_path: Path) -> None:
    application, url = media
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    twiml = f"<Response><Connect><Stream url='ws://127.0.0.1:{port}/x'/></Connect><Say>After.</Say></Response>"
    application.app.view_functions["voice"] = lambda: Response(twiml, content_type="text/xml")
    assert simulated(tmp_path, url)[:2] == (["After."], [31902])


# <Stream>, "url": wss only; ws on this machine is a switch of the simulator.
def test_plain_websocket_needs_the_switch(media: tuple[Media, str], tmp_path: Path) -> None:
    assert simulated(tmp_path, media[1], plain=False)[1] == [31922]


def start(url: str, path: str, seconds: int) -> Response:
    """A document that streams to an address while the call goes on."""
    twiml = f"<Response><Start><Stream url='{url}/{path}'/></Start><Pause length='{seconds}'/></Response>"
    return Response(twiml, content_type="text/xml")


# An application that reads nothing is told of, and its stream ended; the others do not notice.
def test_slow_application_holds_up_nobody_but_itself(media: tuple[Media, str], tmp_path: Path) -> None:
    application, url = media
    (tmp_path / "callees.yaml").write_text(person("rings: 1"))
    application.marks = False
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        taken: list[socket.socket] = []
        threading.Thread(target=shake_hands, args=(deaf, taken), daemon=True).start()
        addresses = iter([f"ws://127.0.0.1:{deaf.getsockname()[1]}", url.replace("http", "ws")])
        application.app.view_functions["voice"] = lambda: start(next(addresses), "media", 400)
        options = SimulatorOptions(tmp_path / "callees.yaml", {OURS: ""}, port=0, speed=40, plain_sockets=True)
        with Simulator(options, lambda _: None) as simulator:
            calls = [simulator.world.calls[one] for one in placed(simulator, url, 2)]
            eventually(lambda: [note.code for note in simulator.world.notifications] == [31930])
            assert [stream.status for call in calls for stream in call.streams] == ["stopped", "in-progress"]
            eventually(lambda: application.counts[1] > BACKLOG)
        for connection in taken:
            connection.close()


def shake_hands(deaf: socket.socket, taken: list[socket.socket]) -> None:
    """Take a connection, agree to a WebSocket, and never read again."""
    connection, _ = deaf.accept()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    taken.append(connection)
    request_ = connection.recv(65536).decode()
    key = next(line.split(": ")[1] for line in request_.split("\r\n") if line.lower().startswith("sec-websocket-key"))
    accept = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()  # noqa: S324
    head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    connection.sendall(f"{head}Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())


def placed(simulator: Simulator, url: str, calls: int) -> list[str]:
    """Calls by REST, one after the other on the line; their SIDs."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = simulator.url
    return [client.calls.create(to=THEIRS, from_=OURS, url=f"{url}/voice").sid for _ in range(calls)]


# Many streams at a time, with voices: every frame arrives, in its order, and all streams say goodbye.
def test_many_streams(media: tuple[Media, str], tmp_path: Path) -> None:
    application, url = media
    (tmp_path / "callees.yaml").write_text(person("rings: 1, greeting: hello who is this please"))
    application.marks = False
    application.app.view_functions["voice"] = lambda: start(url.replace("http", "ws"), "media", 4)
    options = SimulatorOptions(
        tmp_path / "callees.yaml",
        {OURS: ""},
        port=0,
        speed=2,
        plain_sockets=True,
        calls_per_second=100,
        voice=ToneVoice(),
    )
    with Simulator(options, lambda _: None) as simulator:
        sids = placed(simulator, url, 12)
        eventually(lambda: all(simulator.world.calls[sid].is_over for sid in sids))
        assert simulator.world.notifications == []
    eventually(lambda: sum(message["event"] == "stop" for message in application.heard) == 12)
    for sid in {message["streamSid"] for message in application.heard if "streamSid" in message}:
        numbers = [int(one["sequenceNumber"]) for one in application.heard if one.get("streamSid") == sid]
        assert numbers == list(range(1, len(numbers) + 1))
        assert 100 < len(numbers) < 230
    assert len({one["media"]["payload"] for one in application.heard if one["event"] == "media"}) > 10


# A stream that breaks on purpose breaks on the wire: no goodbye, and the rest of the call as if nothing were.
def test_broken_stream_on_the_wire(media: tuple[Media, str], tmp_path: Path) -> None:
    application, url = media
    (tmp_path / "callees.yaml").write_text(person("rings: 1"))
    application.marks = False
    application.app.view_functions["voice"] = lambda: start(url.replace("http", "ws"), "media", 40)
    options = SimulatorOptions(
        tmp_path / "callees.yaml", {OURS: ""}, port=0, speed=20, plain_sockets=True, faults=Faults(stream_broken=1.0)
    )
    with Simulator(options, lambda _: None) as simulator:
        (sid,) = placed(simulator, url, 1)
        eventually(lambda: simulator.world.calls[sid].is_over)
        assert [note.code for note in simulator.world.notifications] == [31921]
        assert simulator.world.calls[sid].duration >= 39
    assert "stop" not in [message["event"] for message in application.heard]
