"""The server's end of a WebSocket. It never raises: what goes wrong ends the connection, and `problem` tells it.

https://datatracker.ietf.org/doc/html/rfc6455, https://python-hyper.org/projects/wsproto
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from ssl import SSLSocket, SSLWantReadError
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import ProtocolError

SEND_AT_MOST = 5
"""Seconds for which an end that does not read is waited for."""

AT_ONCE = 64 * 1024

PINGED_AFTER = 20.0
"""Seconds without a word after which the other end is asked whether it is there, and given as long to answer."""


class HandshakeError(Exception):
    """The request is no WebSocket's, or the server does not hand out its socket."""


class ServerSocket:
    """One connection, for one thread at a time. `limit` is the length of the longest message that is taken, in bytes or
    characters.
    """

    def __init__(self, environ: Mapping[str, Any], limit: int) -> None:
        """Shake hands. Raises HandshakeError."""
        wire = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
        if wire is None:
            raise HandshakeError("this web server does not hand out its sockets")
        self._wire: socket.socket = wire
        self._protocol = WSConnection(ConnectionType.SERVER)
        self._limit = limit
        self._pieces: list[str] | list[bytes] = []
        self._length = 0
        self._heard_at, self._is_asked = time.monotonic(), False
        self.is_open = True
        """Whether more may come."""
        self.problem = ""
        """Why the connection was closed before its time, if it was."""
        try:
            self._wire.settimeout(SEND_AT_MOST)
            self._protocol.initiate_upgrade_connection(_headers(environ), environ.get("PATH_INFO", "/"))
            self._wire.sendall(self._protocol.send(AcceptConnection()))
        except (ProtocolError, OSError) as error:
            raise HandshakeError(str(error)) from error

    def fileno(self) -> int:
        """Of the socket, for whoever waits for several."""
        return self._wire.fileno()

    def receive(self, seconds: float = 0.0) -> list[str | bytes]:
        """The messages that have come; where there is none, they are waited for as long as this."""
        messages: list[str | bytes] = []
        try:
            self._take(self._read(seconds), messages)
        except (OSError, ProtocolError) as error:
            self._end(f"{type(error).__name__}: {error}")
        return messages

    def look_after(self) -> None:
        """Ping an end that is silent, and give it up when it goes on being silent."""
        silent = time.monotonic() - self._heard_at
        if silent >= 2 * PINGED_AFTER:
            self._end("the other end is silent")
        elif silent >= PINGED_AFTER and not self._is_asked and self.is_open:
            self._is_asked = True
            try:
                self._wire.sendall(self._protocol.send(Ping()))
            except (OSError, ProtocolError) as error:
                self._end(f"{type(error).__name__}: {error}")

    def close(self, reason: CloseReason = CloseReason.NORMAL_CLOSURE) -> None:
        """Say goodbye, if that can still be done, and close the socket."""
        self.is_open = False
        with suppress(OSError, ProtocolError):
            self._wire.settimeout(SEND_AT_MOST)
            self._wire.sendall(self._protocol.send(CloseConnection(reason)))
        with suppress(OSError):
            self._wire.shutdown(socket.SHUT_RDWR)
        self._wire.close()

    def _read(self, seconds: float) -> bytes | None:
        """What has come: None for nothing, empty at the end. Raises OSError."""
        if self._wire.gettimeout() != seconds:
            self._wire.settimeout(seconds)
        try:
            data = self._wire.recv(AT_ONCE)
            while isinstance(self._wire, SSLSocket) and self._wire.pending():
                data += self._wire.recv(AT_ONCE)
        except (TimeoutError, BlockingIOError, SSLWantReadError):
            return None
        return data

    def _take(self, data: bytes | None, messages: list[str | bytes]) -> None:
        """Add the messages that `data` completes. Raises OSError and ProtocolError."""
        if data is None:
            return
        self._heard_at, self._is_asked = time.monotonic(), False
        if not data:
            self._end()
            return
        self._protocol.receive_data(data)
        for event in self._protocol.events():
            match event:
                case TextMessage() | BytesMessage():
                    if (message := self._gathered(event)) is not None:
                        messages.append(message)
                case Ping():
                    self._wire.sendall(self._protocol.send(event.response()))
                case CloseConnection():
                    self._end()
                    self._wire.sendall(self._protocol.send(event.response()))
                case _:
                    pass
            if not self.is_open:
                return

    def _end(self, problem: str = "") -> None:
        self.is_open, self.problem = False, self.problem or problem

    def _gathered(self, event: TextMessage | BytesMessage) -> str | bytes | None:
        """The message that this piece completes, if it does; one that is too long ends the connection."""
        self._length += len(event.data)
        if self._length > self._limit:
            self._end(f"a message of more than {self._limit} bytes")
            with suppress(OSError, ProtocolError):
                self._wire.sendall(self._protocol.send(CloseConnection(CloseReason.MESSAGE_TOO_BIG)))
            return None
        self._pieces.append(event.data)  # type: ignore[arg-type]
        if not event.message_finished:
            return None
        pieces, self._pieces, self._length = self._pieces, [], 0
        return "".join(pieces) if isinstance(pieces[0], str) else b"".join(pieces)


def _headers(environ: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """The request's headers, as the protocol wants them."""
    return [
        (name.removeprefix("HTTP_").replace("_", "-").lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
