"""Media streams over real WebSockets on loopback, to an application that uses the same library as a server."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import simple_websocket  # type: ignore[import-untyped]
from flask import Flask, Response, request
from twilio.rest import Client  # type: ignore[import-untyped]
from werkzeug.serving import make_server

from tests.simulator.rig import ACCOUNT, OURS, THEIRS, TOKEN, person
from voicebot.simulator.server import Simulator, SimulatorOptions


class Gone(Response):
    """The answer of a WebSocket's route: the connection is at its end, and nothing more is written on it."""

    def __call__(self, *_: Any) -> Any:
        raise ConnectionError


class Media:
    """A Flask application with a WebSocket route; it says goodbye after the first mark that comes back."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.signature = ""
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
        try:
            while True:
                message = json.loads(wire.receive())
                self.heard.append(message)
                if message["event"] == "start":
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
    deadline = time.monotonic() + 10
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
