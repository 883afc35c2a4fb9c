"""Runs the simulator as a program: REST on a port, real time, callees from a file, a line for every event."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from voicebot.errors import OutsideError
from voicebot.simulator.callees.load import load_callees
from voicebot.simulator.callees.model import Callees
from voicebot.simulator.faults import Faults
from voicebot.simulator.narrator import narrator
from voicebot.simulator.races import RaceOrder
from voicebot.simulator.realtime import RealTime
from voicebot.simulator.rest import create_rest_app
from voicebot.simulator.transport import HttpTransport
from voicebot.simulator.voices import Voice
from voicebot.simulator.world import World

DEFAULT_ACCOUNT, DEFAULT_TOKEN, DEFAULT_PORT = "AC" + "0" * 32, "simulator", 8090


@dataclass(frozen=True)
class SimulatorOptions:
    """How the program runs. `numbers` maps the account's own numbers to the URL asked on a call to them ("": none),
    and `sms_url` is asked on a message to any of them.

    `speed` is how many times as fast as a clock the simulator's time runs. `plain_sockets` lets a media stream go to
    ws:// on this machine, where Twilio takes nothing but wss://.
    """

    callees: Path | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    account_sid: str = DEFAULT_ACCOUNT
    auth_token: str = DEFAULT_TOKEN
    seed: int = 1
    speed: float = 1.0
    calls_per_second: float = 1.0
    faults: Faults = field(default_factory=Faults)
    plain_sockets: bool = False
    recording_delay: float = 1.0
    sms_url: str = ""
    voice: Voice | None = None
    race: RaceOrder = RaceOrder.BOTH_IN_FLIGHT
    idle_gather_asks: bool = False


class _QuietHandler(WSGIRequestHandler):
    """The world's own events are told; its HTTP requests are not. Connections are kept open, as Twilio keeps them."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Simulator:
    """A running simulator; use it as a context. `url` is its REST base URL; port 0 takes any that is free.

    Raises VoicebotError for faulty callees and OutsideError for a port that is taken.
    """

    def __init__(self, options: SimulatorOptions, write: Callable[[str], object]) -> None:
        callees = load_callees(options.callees) if options.callees else Callees()
        self._time = RealTime(options.speed)
        self.world = World(
            self._time.queue,
            HttpTransport(),
            callees,
            account_sid=options.account_sid,
            auth_token=options.auth_token,
            seed=options.seed,
            calls_per_second=options.calls_per_second,
            faults=options.faults,
            plain_sockets=options.plain_sockets,
            recording_delay=options.recording_delay,
            voice=options.voice,
            race=options.race,
            idle_gather_asks=options.idle_gather_asks,
        )
        self.world.listener = narrator(write)
        for number, voice_url in options.numbers.items():
            self.world.own(number, voice_url, options.sms_url)
        self._server = _server(options, self.world)
        self.url = f"http://{options.host}:{self._server.port}"
        self.world.api_url = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, name="simulator-rest", daemon=True)

    def __enter__(self) -> Simulator:
        self._time.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self.world.queue.lock:
            for stream in [stream for call in self.world.calls.values() for stream in call.streams]:
                stream.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._time.stop()
        self.world.sockets.close()
        self.world.courier.close()

    def wait(self) -> None:
        """Serve until somebody interrupts the program."""
        while self._thread.is_alive():
            self._thread.join(1.0)


def run_simulator(options: SimulatorOptions, write: Callable[[str], object]) -> None:
    """Serve until Ctrl-C; `write` gets one line for each event."""
    with Simulator(options, write) as simulator:
        write(f"The simulator serves account {options.account_sid} at {simulator.url} (token: {options.auth_token}).")
        for number, voice_url in options.numbers.items():
            write(
                f"Its number {number} " + (f"asks {voice_url} when it is called." if voice_url else "only calls out.")
            )
        with suppress(KeyboardInterrupt):
            simulator.wait()


def _server(options: SimulatorOptions, world: World) -> BaseWSGIServer:
    """The REST interface on its port."""
    try:
        listening = socket.create_server((options.host, options.port))
    except OSError as error:
        where, reason = f"{options.host}:{options.port}", os.strerror(error.errno or 0).lower()
        raise OutsideError(where, f"cannot serve here: {reason}.", "Stop the other program or choose --port.") from None
    with listening:
        return make_server(
            options.host,
            listening.getsockname()[1],
            create_rest_app(world),
            threaded=True,
            request_handler=_QuietHandler,
            fd=listening.fileno(),
        )
