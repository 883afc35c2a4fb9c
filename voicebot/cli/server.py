"""The server behind `serve`: gunicorn with one process of many threads, and the dialing loop beside them.

One process, because a stream's process will own its call's recognizer, and because one loop paces all calls.
"""

from __future__ import annotations

import gc
import logging
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import create_app, ears_of, utc_now
from voicebot.cli.database import opened
from voicebot.dialer.loop import Loop, TickReport, run
from voicebot.errors import OutsideError, VoicebotError
from voicebot.flows.bundle import SUFFIX, bundle_from_files
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES
from voicebot.services.ears import StreamEars
from voicebot.services.engines import wanted_engines
from voicebot.services.vitals import Pulse
from voicebot.settings import Settings
from voicebot.speech.pool import MOST
from voicebot.store import recordings
from voicebot.store.database import Database

log = logging.getLogger("voicebot.dialer")

LOOK_OUT = 2.0
"""Seconds after which the dialer looks again at the latest: other processes start campaigns and load lists."""

ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""How a worker is told to end: Ctrl-C reaches it as SIGINT from the terminal, and as SIGQUIT from gunicorn."""

TIMEOUT = 30
"""Seconds after which a stuck worker is replaced; Twilio itself waits 15 for an answer."""


class Server(BaseApplication):
    """gunicorn with our settings instead of its command line."""

    def __init__(self, settings: Settings, threads: int) -> None:
        self._settings, self._threads = settings, threads
        super().__init__()

    def load_config(self) -> None:
        """Say what gunicorn is to do."""
        values: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._threads + _streams_at_most(self._settings),
            "timeout": TIMEOUT,
            "graceful_timeout": 10,
            "accesslog": None,
            "loglevel": "warning",
        }
        for name, value in values.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, in the worker, with the dialing loop started beside it."""
        app = create_app(self._settings, ears=_ears(self._settings))
        for language in LANGUAGES.values():  # half a second that no caller should wait for
            load_language(language.data)
        gc.collect()
        gc.freeze()  # else every search for garbage stops everybody for a third of a second, to look through languages
        start_dialing(app)
        log.info("answering at http://%s:%s, public address %s", self._settings.host, self._settings.port,
                 self._settings.base_url)  # fmt: skip
        return app


def _ears(settings: Settings) -> StreamEars | None:
    """The ears of this process; without them, calls go on with the provider's, and whoever looks after it is told."""
    try:
        ears = ears_of(settings, utc_now)
    except VoicebotError as fault:
        log.error("%s The provider recognizes all speech meanwhile.", fault)
        return None
    if ears is not None:
        log.info("up to %d calls at once can be heard here", ears.capacity)
        _close_when_told_to_end(ears)
    return ears


def _close_when_told_to_end(ears: StreamEars) -> None:
    """Streams would keep the worker from ending, and move calls to documents that nobody serves any more."""
    before = {number: signal.getsignal(number) for number in ENDS}

    def end(number: int, frame: FrameType | None) -> None:
        ears.close()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in ENDS:
        signal.signal(number, end)


def _streams_at_most(settings: Settings) -> int:
    """Each stream keeps a thread for as long as it lasts. None is started before it is needed."""
    return (settings.max_streams or MOST) if wanted_engines(settings) else 0


def start_dialing(app: Flask) -> threading.Event:
    """Dial in a thread of its own until the event that is returned is set."""
    stop = threading.Event()
    loop = Loop(app.extensions["voicebot"])
    pulse: Pulse = app.extensions["voicebot.pulse"]

    said = ""

    def tell(report: TickReport) -> None:
        nonlocal said
        pulse.ticked_at = datetime.now(UTC)
        _tell(report, trouble_is_new=report.problem != said)
        said = report.problem

    thread = threading.Thread(
        target=run,
        args=(loop,),
        kwargs={"sleep": lambda seconds: stop.wait(min(seconds, LOOK_OUT)), "stop": stop.is_set, "tell": tell},
        name="dialer",
        daemon=True,
    )
    thread.start()
    return stop


def _tell(report: TickReport, *, trouble_is_new: bool) -> None:
    """A line for a tick that did something; trouble that lasts is told once."""
    if report.problem and trouble_is_new:
        log.warning("%s", report.problem)
    did = [f"{name} {number}" for name, number in vars(report).items() if isinstance(number, int) and number]
    if did:
        log.info("%s", ", ".join(did))


def run_server(settings: Settings, threads: int) -> None:
    """Serve until the process is told to end.

    Raises VoicebotError for agents, a policy or an inbound flow that cannot be used, OutsideError for the database or
    a port that is taken: here, since gunicorn would tell them by a traceback of its worker.
    """
    _check_parts(settings)
    _check_port(settings)
    Server(settings, threads).run()


def _check_parts(settings: Settings) -> None:
    """Open the centre once and close it again, and read the flow that callers are to hear."""
    with opened(settings) as board:
        _sweep(board.centre.db)
        if not board.centre.roster.agents:
            log.warning("%s names no agents: whoever wants a person is called back instead", settings.agents_file)
    bundle_from_files(Path(settings.flows_dir) / f"{settings.inbound_flow}{SUFFIX}")


def _sweep(db: Database) -> None:
    """Remove the sound that a killed process left behind; a folder that cannot be read stops no call."""
    try:
        swept = recordings.sweep(db, datetime.now(UTC))
    except OutsideError as fault:
        log.warning("%s", fault)
    else:
        if swept:
            log.info("%d files of sound that belonged to nothing were removed", swept)


def _check_port(settings: Settings) -> None:
    """gunicorn would retry for seconds and then exit with a log line; say it at once, with the remedy."""
    import socket  # noqa: PLC0415

    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise OutsideError(where, f"cannot listen there: {error.strerror}.", "Choose another --port.") from None
