"""The simulator as a program: real HTTP on loopback, real time (made fast), the official SDK."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from werkzeug.serving import make_server

from tests.simulator.rig import ACCOUNT, OURS, THEIRS, TOKEN, App, person
from voicebot.errors import OutsideError, VoicebotError
from voicebot.simulator import Faults
from voicebot.simulator.server import Simulator, SimulatorOptions

MENU = '<Gather numDigits="1" action="/key"><Say>Press 1.</Say></Gather>'


@pytest.fixture
def app() -> App:
    return App({"/voice": MENU, "/key": "<Say>Thanks.</Say>"})


@pytest.fixture
def base(app: App) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app.wsgi, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def callees(tmp_path: Path) -> Path:
    path = tmp_path / "callees.yaml"
    path.write_text(person("rings: 1, reactions: [{hears: press 1, press: '1'}]"))
    return path


def client(simulator: Simulator) -> Client:
    sdk = Client(ACCOUNT, TOKEN)
    sdk.api.base_url = simulator.url
    return sdk


def eventually(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_calls_over_real_http(app: App, base: str, callees: Path) -> None:
    lines: list[str] = []
    options = SimulatorOptions(callees, {OURS: ""}, port=0, speed=40, calls_per_second=100)
    with Simulator(options, lines.append) as simulator:
        sdk = client(simulator)
        sids = [
            sdk.calls.create(to=THEIRS, from_=OURS, url=f"{base}/voice", status_callback=f"{base}/status").sid
            for _ in range(5)
        ]
        eventually(lambda: len(app.forms("/status")) == 5)
        assert {call.sid for call in sdk.calls.list(status="completed")} == set(sids)
        assert simulator.world.notifications == []
    assert [form["Digits"] for form in app.forms("/key")] == ["1"] * 5
    assert any("pressed" in line and THEIRS in line for line in lines)


def test_live_call_is_changed_over_real_http(app: App, base: str, callees: Path) -> None:
    app.documents["/voice"] = "<Pause length='600'/>"
    app.documents["/moved"] = "<Say>Moved.</Say>"
    with Simulator(SimulatorOptions(callees, {OURS: ""}, port=0, speed=20), lambda _: None) as simulator:
        sdk = client(simulator)
        sid = sdk.calls.create(to=THEIRS, from_=OURS, url=f"{base}/voice").sid
        eventually(lambda: app.forms("/voice"))
        sdk.calls(sid).update(url=f"{base}/moved")
        eventually(lambda: sdk.calls(sid).fetch().status == "completed")
        assert simulator.world.calls[sid].entries("said") == ["Moved."]


def test_application_that_is_down_is_noticed(callees: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        nobody = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with Simulator(SimulatorOptions(callees, {OURS: ""}, port=0, speed=40), lambda _: None) as simulator:
        sid = client(simulator).calls.create(to=THEIRS, from_=OURS, url=f"{nobody}/voice").sid
        eventually(lambda: simulator.world.calls[sid].is_over)
        assert [note.code for note in simulator.world.notifications] == [11205]


# A connection that breaks after the request was sent is not tried again: the application may have acted on it.
def test_broken_answer_is_not_asked_for_again(callees: Path) -> None:
    asked: list[bytes] = []

    def breaks(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                asked.append(connection.recv(65536))
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=breaks, args=(listening,), daemon=True).start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/voice"
        with Simulator(SimulatorOptions(callees, {OURS: ""}, port=0, speed=40), lambda _: None) as simulator:
            sid = client(simulator).calls.create(to=THEIRS, from_=OURS, url=url).sid
            eventually(lambda: simulator.world.calls[sid].is_over)
            assert [note.code for note in simulator.world.notifications] == [11206]
        listening.shutdown(socket.SHUT_RDWR)
    assert len(asked) == 1


def test_slow_application_times_out(app: App, base: str, callees: Path) -> None:
    def slow() -> str:
        time.sleep(0.6)
        return MENU

    app.documents["/voice"] = slow
    with Simulator(SimulatorOptions(callees, {OURS: ""}, port=0, speed=40), lambda _: None) as simulator:
        sid = client(simulator).calls.create(to=THEIRS, from_=OURS, url=f"{base}/voice#rt=200").sid
        eventually(lambda: simulator.world.calls[sid].is_over)
        assert [note.code for note in simulator.world.notifications] == [11200]


def test_taken_port_is_told(callees: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(OutsideError) as caught:
        Simulator(SimulatorOptions(callees, port=listening.getsockname()[1]), lambda _: None)
    assert str(caught.value).endswith("address already in use. Stop the other program or choose --port.")


def test_faulty_callees_are_told(tmp_path: Path) -> None:
    with pytest.raises(VoicebotError, match="cannot be read"):
        Simulator(SimulatorOptions(tmp_path / "nobody.yaml"), lambda _: None)


# Faults over real HTTP: an answer that is lost is a connection that closes; the act was done, or it was not.
@pytest.mark.parametrize(("kind", "made"), [("lost_before", 0), ("lost_after", 1)])
def test_lost_answers_over_real_http(base: str, callees: Path, kind: str, made: int) -> None:
    options = SimulatorOptions(callees, {OURS: ""}, port=0, speed=40, faults=Faults.read(f"{kind}=1"))
    with Simulator(options, lambda _: None) as simulator:
        with pytest.raises(requests.exceptions.ConnectionError):
            client(simulator).calls.create(to=THEIRS, from_=OURS, url=f"{base}/voice")
        assert len(simulator.world.calls) == made


def test_everything_at_once_over_real_http(app: App, base: str, callees: Path) -> None:
    faults = replace(Faults.everywhere(0.2), slow=0.0)
    options = SimulatorOptions(callees, {OURS: ""}, port=0, speed=60, calls_per_second=100, faults=faults)
    with Simulator(options, lambda _: None) as simulator:
        for _ in range(15):
            with suppress(TwilioRestException, requests.exceptions.ConnectionError):
                client(simulator).calls.create(
                    to=THEIRS, from_=OURS, url=f"{base}/voice", status_callback=f"{base}/status"
                )
        eventually(lambda: all(call.is_over for call in list(simulator.world.calls.values())))
        assert simulator.world.calls
    assert app.asked
