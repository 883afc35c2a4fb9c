"""The server's end of a WebSocket, read by the very thread that answers its request.

Sound comes in 50 messages a second. Flask-Sock reads each socket in a thread of its own and hands every message over to
the request's: a hundred streams took more than one core that way. Here nobody is woken for less than two messages, and
a hundred streams take a fifth of one (wsproto, the same protocol library, in both).

https://datatracker.ietf.org/doc/html/rfc6455, https://python-hyper.org/projects/wsproto
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import ProtocolError

GATHERED = 600
"""Bytes for which the reader is woken: about two messages of 20 ms of sound each."""

WAKE = 0.1
"""Seconds after which it reads what there is, be it less."""

SEND_AT_MOST = 5
"""Seconds for which an end that does not read is waited for."""

AT_ONCE = 64 * 1024

PINGED_AFTER = 20.0
"""Seconds without a word after which the other end is asked whether it is there, and given as long to answer."""


class HandshakeError(Exception):
    """The request is no WebSocket's, or the server does not hand out its socket."""


class ServerSocket:
    """One connection. `limit` is the length of the longest message that is taken, in bytes or characters."""

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
        self._silent = 0.0
        self.problem = ""
        """Why the connection was closed by us, if it was."""
        try:
            self._protocol.initiate_upgrade_connection(_headers(environ), environ.get("PATH_INFO", "/"))
            self._wire.sendall(self._protocol.send(AcceptConnection()))
        except (ProtocolError, OSError) as error:
            raise HandshakeError(str(error)) from error
        _wake_late(wire)

    def messages(self) -> Iterator[str | bytes | None]:
        """Every message, until the connection is closed by either end; None where there was none for a while.

        Never raises; `problem` tells why it ended before its time.
        """
        try:
            while (data := self._read()) != b"":
                if data is None:
                    yield None
                    continue
                self._silent = 0.0
                self._protocol.receive_data(data)
                for event in self._protocol.events():
                    match event:
                        case TextMessage() | BytesMessage():
                            if (message := self._gathered(event)) is not None:
                                yield message
                            if self.problem:
                                return
                        case Ping() | CloseConnection():
                            self._wire.sendall(self._protocol.send(event.response()))
                            if isinstance(event, CloseConnection):
                                return
                        case _:
                            pass
        except (OSError, ProtocolError) as error:
            self.problem = self.problem or f"{type(error).__name__}: {error}"

    def close(self, reason: CloseReason = CloseReason.NORMAL_CLOSURE) -> None:
        """Say goodbye, if that can still be done, and close the socket."""
        with suppress(OSError, ProtocolError):
            self._wire.sendall(self._protocol.send(CloseConnection(reason)))
        with suppress(OSError):
            self._wire.shutdown(socket.SHUT_RDWR)
        self._wire.close()

    def _read(self) -> bytes | None:
        """What has come, as soon as it is worth it; None for nothing, empty at the end. Raises OSError."""
        try:
            return self._wire.recv(AT_ONCE)
        except (TimeoutError, BlockingIOError):
            self._ask_after_the_other()
            return None

    def _ask_after_the_other(self) -> None:
        """Ping an end that is silent, and give it up when it goes on being silent."""
        before, self._silent = self._silent, self._silent + WAKE
        if before < PINGED_AFTER <= self._silent:
            self._wire.sendall(self._protocol.send(Ping()))
        if self._silent >= 2 * PINGED_AFTER:
            raise TimeoutError("the other end is silent")

    def _gathered(self, event: TextMessage | BytesMessage) -> str | bytes | None:
        """The message that this piece completes, if it does; one that is too long closes the connection."""
        self._length += len(event.data)
        if self._length > self._limit:
            self.problem = f"a message of more than {self._limit} bytes"
            self.close(CloseReason.MESSAGE_TOO_BIG)
            return None
        self._pieces.append(event.data)  # type: ignore[arg-type]
        if not event.message_finished:
            return None
        pieces, self._pieces, self._length = self._pieces, [], 0
        return "".join(pieces) if isinstance(pieces[0], str) else b"".join(pieces)


def _wake_late(wire: socket.socket) -> None:
    """Have a read return when GATHERED bytes have come, or after WAKE seconds with what there is.

    The system does both by itself, in one call; where it cannot, each read returns with whatever has come.
    """
    wire.settimeout(WAKE)
    if isinstance(wire, ssl.SSLSocket):
        return
    with suppress(OSError):
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, GATHERED)
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, round(WAKE * 1e6)))
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_AT_MOST, 0))
        wire.settimeout(None)


def _headers(environ: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """The request's headers, as the protocol wants them."""
    return [
        (name.removeprefix("HTTP_").replace("_", "-").lower().encode("latin-1"), value.encode("latin-1"))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
