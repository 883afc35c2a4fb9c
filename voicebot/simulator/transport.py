"""How a webhook reaches the application: over real HTTP, or straight into a WSGI application."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

import requests
import urllib3

from voicebot.errors import VoicebotError

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Timeouts:
    """Seconds: `connect` for the connection, `read` for the first byte, `total` for the whole."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0


@dataclass(frozen=True)
class Response:
    """What the application answered."""

    status: int
    content_type: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


class TransportError(Exception):
    """No answer came: no connection (`connect`), one that broke (`broken`), or an answer that took too long."""

    def __init__(self, kind: Literal["connect", "broken", "timeout"], problem: str, seconds: float = 0.0) -> None:
        super().__init__(problem)
        self.kind, self.seconds = kind, seconds


class Transport(Protocol):
    """Carries one request and brings the answer back, or raises TransportError.

    `in_background` tells that a request may wait for the world outside and belongs in a thread of its own.
    """

    @property
    def in_background(self) -> bool: ...

    def send(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str], timeouts: Timeouts
    ) -> Response:
        """Ask `url`; `form` is the body of a POST and empty for a GET."""
        ...


class HttpTransport:
    """Real HTTP, through `requests`. It follows no redirect and takes no proxy or credentials from the environment."""

    in_background = True

    def send(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str], timeouts: Timeouts
    ) -> Response:
        wait = min(timeouts.read, timeouts.total)
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.request(
                    method, url, data=dict(form) or None, headers=dict(headers), timeout=(timeouts.connect, wait),
                    allow_redirects=False,
                )  # fmt: skip
        except requests.exceptions.ReadTimeout as error:
            raise TransportError("timeout", str(error), wait) from error
        except requests.exceptions.RequestException as error:
            raise TransportError("connect" if _never_connected(error) else "broken", str(error)) from error
        answer.encoding = answer.encoding if "charset" in answer.headers.get("Content-Type", "") else "utf-8"
        return Response(answer.status_code, answer.headers.get("Content-Type", ""), answer.text, answer.headers)


def _never_connected(error: requests.exceptions.RequestException) -> bool:
    """Whether the request cannot have reached the application: only then may it be repeated without harm."""
    if not isinstance(error, requests.exceptions.ConnectionError):
        return True
    cause = error.args[0] if error.args else None
    return not isinstance(cause, urllib3.exceptions.ProtocolError)


class WsgiTransport:
    """Calls WSGI applications in this very thread, without a socket: `{"https://bot.example": app}`.

    The mapping is looked up at every request, so that it may be filled when the applications have been made. A URL
    of no base URL cannot be connected to, as a host that does not exist. What an application raises is logged and
    counts as an answer of 500, as behind any server. Raises VoicebotError for a base URL that is more than that.
    """

    in_background = False

    def __init__(self, apps: Mapping[str, WsgiApp]) -> None:
        for base in apps:
            parts = urlsplit(base)
            if not parts.netloc or base != f"{parts.scheme}://{parts.netloc}":
                raise VoicebotError("WsgiTransport", f'"{base}" is no base URL.', 'Write e.g. "https://bot.example".')
        self._apps = apps

    def send(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str], timeouts: Timeouts
    ) -> Response:
        parts = urlsplit(url)
        app = self._apps.get(f"{parts.scheme}://{parts.netloc}")
        if app is None:
            raise TransportError("connect", f"no application is served at {parts.scheme}://{parts.netloc}")
        body = urlencode(form).encode() if method == "POST" else b""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
            "QUERY_STRING": parts.query,
            "RAW_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            "SERVER_NAME": parts.hostname,
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": parts.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        try:
            return _call(app, environ)
        except Exception:
            logging.getLogger(__name__).exception("%s %s: the application raised", method, url)
            return Response(500, "text/plain", "")


def _call(app: WsgiApp, environ: dict[str, Any]) -> Response:
    """Run one WSGI request to its end."""
    answer: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        answer["status"], answer["headers"] = int(status.split(" ", 1)[0]), headers

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    headers = {name.title(): value for name, value in answer["headers"]}
    return Response(answer["status"], headers.get("Content-Type", ""), body.decode("utf-8", "replace"), headers)
