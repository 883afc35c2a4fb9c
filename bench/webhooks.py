"""A turn of ours (webhook in, TwiML out, journal committed) against a bare view that does the least any such view must.

The bare view parses the form, checks the signature, and commits one row. Both run in this process, with the same
database settings (every commit waits for the disk), called as a WSGI server would call them.
"""

from __future__ import annotations

import gc
import io
import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET

from flask import Flask, request
from flask.typing import ResponseReturnValue
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from app import create_app
from bench.figures import Figure, at_least, at_most, percentile, side_by_side
from voicebot.settings import Settings

BASE = "https://bench.example"
TOKEN = "bench"  # noqa: S105  (signs webhooks of this bench only)
KEYS = "9"
"""Says the question again: a turn with the whole of the work, that leaves the call where it was."""

PACE = 50
"""Turns per second at which the 95th percentile is taken."""

Wsgi = Callable[..., Any]


def measure(folder: Path) -> Iterator[Figure]:
    """Throughput as a ratio, and the latency of one turn at a steady pace."""
    ours, bare = _our_turns(folder), _bare_turns(folder)
    _rate(ours), _rate(bare)
    gc.collect()
    gc.freeze()  # else the bare view is charged for looking through our languages again and again
    one, other, ratio = side_by_side(lambda: _rate(ours), lambda: _rate(bare))
    yield at_least("a turn against a bare view", ratio, "of its throughput", 0.5)
    yield Figure("turns of ours", one, "per second")
    yield Figure("turns of the bare view", other, "per second")
    latencies = _paced(ours, seconds=6)
    yield at_most("a turn, p95", percentile(latencies, 0.95) * 1000, "ms", 50, f"at {PACE} turns a second")


def _rate(turn: Callable[[], None], count: int = 150) -> float:
    began = time.perf_counter()
    for _ in range(count):
        turn()
    return count / (time.perf_counter() - began)


def _paced(turn: Callable[[], None], seconds: float) -> list[float]:
    """How long each turn takes from the moment it was due, one every 1/PACE seconds."""
    began, latencies = time.perf_counter(), []
    for number in range(int(seconds * PACE)):
        due = began + number / PACE
        time.sleep(max(0.0, due - time.perf_counter()))
        turn()
        latencies.append(time.perf_counter() - due)
    return latencies


def _our_turns(folder: Path) -> Callable[[], None]:
    """Calls that ring us and ask to hear the question again, until the flow has had enough; then the next call."""
    settings = Settings(
        database=str(folder / "turns.db"), base_url=BASE, auth_token=TOKEN, secret="s" * 64, flows_dir=Path("flows")
    )
    app = create_app(settings)
    sids = itertools.count(1)
    where: dict[str, str] = {"action": ""}

    def turn() -> None:
        if where["action"]:
            body = _post(app, where["action"], {"CallSid": where["sid"], "Digits": KEYS, "CallStatus": "in-progress"})
        else:
            where["sid"] = f"CA{next(sids):032x}"
            form = {"CallSid": where["sid"], "From": "+12025550143", "To": settings.caller_ids[0]}
            body = _post(app, f"{BASE}/voice/inbound", {**form, "CallStatus": "ringing", "Direction": "inbound"})
        gather = ET.fromstring(body).find("Gather")  # noqa: S314  (our own document)
        where["action"] = gather.attrib["action"] if gather is not None else ""

    return turn


def _bare_turns(folder: Path) -> Callable[[], None]:
    app, validator = Flask("bare"), RequestValidator(TOKEN)
    db = sqlite3.connect(folder / "bare.db", isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE turns (sid TEXT, digits TEXT)")

    @app.post("/turn")
    def turn() -> ResponseReturnValue:
        url = BASE + request.full_path.rstrip("?")
        if not validator.validate(url, request.form, request.headers["X-Twilio-Signature"]):
            return "", 403
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO turns VALUES (?, ?)", (request.form["CallSid"], request.form["Digits"]))
        db.execute("COMMIT")
        return "<Response><Hangup/></Response>", 200, {"Content-Type": "text/xml"}

    form = {"CallSid": f"CA{0:032x}", "Digits": KEYS, "CallStatus": "in-progress"}
    return lambda: _ignore(_post(app, f"{BASE}/turn", form))


def _ignore(_body: bytes) -> None:
    """The bare view's answer leads nowhere."""


def _post(app: Wsgi, url: str, form: Mapping[str, str]) -> bytes:
    """Call a WSGI application as a server would, with a signed form."""
    parts, body = urlsplit(url), urlencode(form).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "RAW_URI": parts.path + ("?" + parts.query if parts.query else ""),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_TWILIO_SIGNATURE": RequestValidator(TOKEN).compute_signature(url, dict(form)),
        "HTTP_HOST": parts.netloc,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    status: list[str] = []
    answer = app(environ, lambda given, _headers, _error=None: status.append(given))
    try:
        content = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    if not status[0].startswith("200"):
        raise RuntimeError(f"{url} answered {status[0]}")
    return content
