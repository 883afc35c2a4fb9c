"""Faults of the REST interface: answers that get lost, come late, or say that something is wrong."""

from __future__ import annotations

import socket
import time

from flask import Response, g, request

from voicebot.simulator.faults import RestFault, Trouble
from voicebot.simulator.rest.errors import refuse

# Header that tells a client in the same process that the answer never came; over a socket the connection is closed.
LOST = "X-Simulator-Lost"
# Header that tells it how many seconds the answer took; over a socket it has taken them.
SECONDS = "X-Simulator-Seconds"


def prepare(trouble: Trouble) -> None:
    """Draw what befalls this request; a slow one is waited for here, before anything is locked."""
    fault = g.fault = trouble.rest()
    if fault.kind == "slow" and _socket():
        time.sleep(fault.seconds)


def strike_before() -> Response | None:
    """Refuse the request, or lose it before anything was done."""
    fault = _fault()
    if fault.kind == "refused":
        refuse(20429)
    if fault.kind == "failed" and not fault.done:
        refuse(20500)
    return _lost("before") if fault.kind == "lost_before" else None


def strike_after(response: Response) -> Response:
    """Lose the answer of a request that was carried out, or make a failure of it."""
    fault = _fault()
    if fault.kind == "failed" and fault.done and response.status_code < 400:
        failure = Response('{"code": 20500, "message": "Internal Server Error", "status": 500}', 500)
        failure.content_type = "application/json"
        return failure
    if fault.kind == "slow":
        response.headers[SECONDS] = str(fault.seconds)
    return _lost("after") if fault.kind == "lost_after" else response


def _fault() -> RestFault:
    fault: RestFault = g.get("fault", RestFault())
    return fault


def _socket() -> socket.socket | None:
    found: socket.socket | None = request.environ.get("werkzeug.socket")
    return found


def _lost(when: str) -> Response:
    """No answer: a connection that is closed."""
    if connection := _socket():
        connection.shutdown(socket.SHUT_RDWR)
    return Response("", headers={LOST: when})
