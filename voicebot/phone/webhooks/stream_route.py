"""Where the provider brings the sound of a call: a WebSocket, whose request waits for as long as it lasts."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Blueprint, Request, Response, request
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from voicebot import logs, metrics
from voicebot.phone.reader import Reader
from voicebot.phone.stream import LONGEST_MESSAGE, StreamSession
from voicebot.phone.urls import PREFIX
from voicebot.phone.webhooks import guard
from voicebot.phone.webhooks.border import Border
from voicebot.phone.websocket import HandshakeError, ServerSocket
from voicebot.services.ears import StreamEars
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings

log = logging.getLogger("voicebot.ears")

WAIT = 0.1
"""Seconds after which a stream that has said nothing is looked at again."""

PATIENCE = 10.0
"""Seconds within which a stream shows whose it is: the provider does so with its second message."""


class Gone(Response):
    """The answer to a request whose socket is closed already."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "gunicorn.socket" in environ:
            raise StopIteration
        raise ConnectionError


def stream_route(ears: StreamEars, board: Switchboard, clock: Callable[[], datetime]) -> Blueprint:
    """The addresses of the streams, `/voice/<call_id>/stream`, and of what is told of them, `/streamed`."""
    settings, reader = board.centre.settings, Reader()
    blueprint = Blueprint("stream", __name__, url_prefix=PREFIX)

    def stream(call_id: str) -> Response:
        if not is_signed_stream(request, settings):
            metrics.REFUSED.labels("signature").inc()
            log.warning("a stream of call %s from %s: wrong signature", call_id[:40], request.remote_addr)
            return Response("This request does not carry the provider's signature.\n", 403, content_type="text/plain")
        try:
            wire = ServerSocket(request.environ, LONGEST_MESSAGE)
        except HandshakeError as error:
            log.warning("a stream of call %s does not begin: %s", call_id[:40], error)
            return Response(f"{error}\n", 400, content_type="text/plain")
        with logs.about(call_id[:40]):
            listen(wire, StreamSession(ears, call_id), reader)
        return Gone()

    def streamed(call_id: str, at: str) -> None:
        event, error = (request.form.get(name, "")[:200] for name in ("StreamEvent", "StreamError"))
        board.note(call_id, "stream", at, event=event, error=error)
        if event == "stream-error":
            ears.failed(call_id, error)

    blueprint.add_url_rule("/<call_id>/stream", "stream", stream, websocket=True)
    told = Border(board, clock).news(streamed)
    blueprint.add_url_rule("/<call_id>/streamed", "streamed", told, methods=["POST"])
    return blueprint


def listen(wire: ServerSocket, session: StreamSession, reader: Reader) -> None:
    """Hand every message over until the socket, or the call, is at its end.

    Whose stream it is takes a look into the database, and so is settled in this thread.
    """
    began = time.monotonic()
    while wire.is_open and not (session.is_over or session.is_taken_in) and time.monotonic() - began <= PATIENCE:
        for message in wire.receive(WAIT):
            session.received(message)
    if session.is_taken_in:
        reader.attend(wire, session)
    session.closed(wire.problem)
    wire.close()


def is_signed_stream(request: Request, settings: Settings) -> bool:
    """Whether the provider signed this handshake, where it is signed at all: what admits a stream is its token.

    The address is signed with the scheme of WebSockets, and on some accounts with a slash behind it.
    """
    signature = request.headers.get(guard.SIGNATURE)
    if signature is None:
        return True
    url = guard.signed_url(request, settings).replace("http", "ws", 1)
    validator = RequestValidator(settings.auth_token)
    return any(validator.validate(one, {}, signature) for one in (url, f"{url}/"))
