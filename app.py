"""The one place where the parts are joined: `create_app()`; for gunicorn: `gunicorn "app:wsgi()"`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST

from voicebot import __version__
from voicebot.agents.roster import Roster, read_roster
from voicebot.dialer.policy_file import load_policy
from voicebot.errors import OutsideError, VoicebotError
from voicebot.phone.client import PhoneClient
from voicebot.phone.provider import Phone
from voicebot.phone.webhooks import webhooks
from voicebot.phone.webhooks.stream_route import stream_route
from voicebot.services.centre import Centre, NoEars
from voicebot.services.ears import StreamEars, capacity_for, threaded
from voicebot.services.engines import open_engines, wanted_engines
from voicebot.services.recordings import stream_keeper
from voicebot.services.switchboard import Switchboard
from voicebot.services.transcription import transcriber_for
from voicebot.services.vitals import Pulse, exposition, vitals_of
from voicebot.services.work import ThreadWork
from voicebot.settings import Settings, load_settings
from voicebot.store import spool
from voicebot.store.database import Database

Clock = Callable[[], datetime]

TRANSCRIBERS = 4
"""Threads that fetch and transcribe recordings."""

LONGEST_BODY = 64 * 1024
"""Bytes of a request's body; a webhook of the provider has some hundred."""


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    phone: Phone | None = None,
    db: Database | None = None,
    ears: StreamEars | None = None,
) -> Flask:
    """The web side of one call centre. Clock, telephone and store are the real ones unless others are given.

    `ears` listen to media streams and recordings (see `ears_of`); without them the provider recognizes all speech.
    The switchboard is found under `app.extensions["voicebot"]`, for whoever dials in the same process.
    Raises VoicebotError for settings, agents or a policy that cannot be used, OutsideError for the database.
    """
    now = clock or utc_now
    board = join(settings, phone=phone, db=db, ears=ears, clock=now)
    app = Flask("voicebot", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
    app.extensions["voicebot"] = board
    pulse = app.extensions["voicebot.pulse"] = Pulse()
    app.register_blueprint(webhooks(board, now))
    if ears is not None:
        app.register_blueprint(stream_route(ears, board, now))
    app.add_url_rule("/health", "health", lambda: _health(board))
    app.add_url_rule("/ready", "ready", lambda: _ready(board, pulse, now()))
    app.add_url_rule("/metrics", "metrics", lambda: _metrics(board))
    return app


def join(
    settings: Settings,
    *,
    phone: Phone | None = None,
    db: Database | None = None,
    ears: StreamEars | None = None,
    clock: Clock = utc_now,
) -> Switchboard:
    """The switchboard of an installation, with its store, agents and policy; `ears` tell it what they hear."""
    store = db or Database(settings.database)
    spool.prepare(store)
    policy, roster = load_policy(settings.policy_file), load_roster(settings.agents_file)
    centre = Centre(store, settings, policy, roster, ears or NoEars())
    board = Switchboard(centre, phone or PhoneClient(settings))
    if ears is not None:
        _give_ears(board, ears, clock)
    return board


def ears_of(settings: Settings, clock: Clock) -> StreamEars | None:
    """The ears of this process, with their recognizers loaded; None where the settings name none.

    Raises VoicebotError for a model that cannot be used, OutsideError for one that cannot be loaded.
    """
    engines = open_engines(wanted_engines(settings))
    if not engines:
        return None
    capacity = capacity_for(engines, settings.max_streams)
    return StreamEars(engines, clock, capacity=capacity, pools=threaded(capacity, engines))


def _give_ears(board: Switchboard, ears: StreamEars, clock: Clock) -> None:
    """Let the ears tell the switchboard what they hear, keep sound where they may, and transcribe recordings."""

    centre, work = board.centre, ThreadWork(TRANSCRIBERS, "transcription")
    ears.serve(board)
    ears.keep = lambda call_id: stream_keeper(centre, call_id, clock)
    if isinstance(board.phone, PhoneClient):
        ears.transcribe = transcriber_for(board, ears.engine, board.phone, work, clock).transcribe


def load_roster(path: Path) -> Roster:
    """The agents in a file; a centre without the file has none."""
    try:
        return read_roster(path.read_text(encoding="utf-8-sig"), str(path))
    except FileNotFoundError:
        return Roster()
    except UnicodeDecodeError:
        raise VoicebotError(str(path), "this file is not UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        raise OutsideError(str(path), f"the agents cannot be read: {error.strerror}.", "Check the path.") from None


def wsgi() -> Flask:
    """The application with the settings of this machine."""
    return create_app(load_settings())


def _health(board: Switchboard) -> tuple[Response, int]:
    """Whether the database answers, for a monitor."""
    try:
        board.centre.db.value("SELECT 1")
    except OutsideError as fault:
        return jsonify(status="failing", problem=str(fault), version=__version__), 503
    return jsonify(status="ok", version=__version__), 200


def _ready(board: Switchboard, pulse: Pulse, now: datetime) -> tuple[Response, int]:
    """Whether calls can be answered and placed, and if not, what stands against it."""
    seen = vitals_of(board.centre, pulse, now)
    facts = {one.name: {"holds": one.holds, "detail": one.detail, "stops": one.stops} for one in seen}
    return jsonify(ready=all(one.holds for one in seen), **facts), 200 if all(one.holds for one in seen) else 503


def _metrics(board: Switchboard) -> Response:
    """Everything that is measured, for Prometheus. Not for the public: a proxy lets through /voice/ alone."""
    try:
        return Response(exposition(board.centre), content_type=CONTENT_TYPE_LATEST)
    except OutsideError as fault:
        return Response(f"# {fault}\n", 503, content_type=CONTENT_TYPE_LATEST)
