"""The client's end of a WebSocket, for one thread, on which nothing is waited for without a limit."""

from __future__ import annotations

import socket
import ssl
from collections import deque
from contextlib import suppress
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Event,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import ProtocolError

PORTS = {"ws": 80, "wss": 443}


class Lost(OSError):  # noqa: N818  (it is an OSError with a name)
    """The other side hung up, never picked up, or does not speak the protocol."""


def address(url: str) -> SplitResult | None:
    """The parts of a WebSocket's address, None when it is none."""
    parts = urlsplit(url)
    try:
        return parts if parts.scheme in PORTS and parts.hostname and parts.port != 0 else None
    except ValueError:  # a port that is no number
        return None


class Connection:
    """Connected by `seconds` from now at the latest; the same holds for all that is sent. Raises OSError if not.

    A message of more than `largest` bytes, or characters, ends it.
    """

    def __init__(self, url: str, *, seconds: float, largest: int) -> None:
        parts = urlsplit(url)
        self._seconds, self._largest = seconds, largest
        self._received: deque[str | bytes] = deque()
        self._parts: list[str | bytes] = []  # of a message that is not whole
        self._accepted = self._ended = False
        self._protocol = WSConnection(ConnectionType.CLIENT)
        host = parts.hostname or ""
        self._socket = socket.create_connection((host, parts.port or PORTS[parts.scheme]), timeout=seconds)
        try:
            if parts.scheme == "wss":
                self._socket = ssl.create_default_context().wrap_socket(self._socket, server_hostname=host)
            self._greet(parts)
        except BaseException:
            self._socket.close()
            raise

    def _greet(self, parts: SplitResult) -> None:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._write(Request(host=parts.netloc.rpartition("@")[2], target=target))
        deadline = monotonic() + self._seconds
        while not self._accepted:
            if not self._read(max(0.0, deadline - monotonic())):
                raise Lost(f"no greeting within {self._seconds:g} s")

    def send(self, message: str | bytes) -> None:
        """Send one message."""
        self._write(TextMessage(message) if isinstance(message, str) else BytesMessage(message))

    def receive(self, seconds: float) -> str | bytes | None:
        """The next message, None when none comes within so many seconds; 0: what is there."""
        deadline = monotonic() + seconds
        while not self._received:
            if self._ended:
                raise Lost("hung up")
            if not self._read(max(0.0, deadline - monotonic())):
                return None
        return self._received.popleft()

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._write(CloseConnection(1000))
        self._socket.close()

    def _write(self, event: Event) -> None:
        try:
            data = self._protocol.send(event)
        except ProtocolError as error:
            raise Lost("hung up") from error
        self._socket.settimeout(self._seconds)
        self._socket.sendall(data)

    def _read(self, seconds: float) -> bool:
        """Take what comes within so many seconds; whether anything did."""
        self._socket.settimeout(seconds)
        try:
            data = self._socket.recv(65536)
        except (TimeoutError, BlockingIOError, ssl.SSLWantReadError):
            return False
        try:
            self._protocol.receive_data(data or None)
            for event in self._protocol.events():
                self._handle(event)
        except ProtocolError as error:
            raise Lost("no WebSocket answers there") from error
        if not data:
            self._ended = True
            if not self._accepted:
                raise Lost("hung up without a greeting")
        return True

    def _handle(self, event: Event) -> None:
        match event:
            case AcceptConnection():
                self._accepted = True
            case RejectConnection():
                raise Lost(f"no WebSocket answers there (status {event.status_code})")
            case TextMessage() | BytesMessage():
                self._add(event)
            case Ping():
                self._write(event.response())
            case CloseConnection():
                self._ended = True

    def _add(self, part: TextMessage | BytesMessage) -> None:
        self._parts.append(part.data if isinstance(part.data, str) else bytes(part.data))
        if sum(map(len, self._parts)) > self._largest:
            raise Lost(f"a message of more than {self._largest} bytes")
        if part.message_finished:
            self._received.append(_whole(self._parts))
            self._parts = []


def _whole(parts: list[str | bytes]) -> str | bytes:
    """The parts of a message, all of one kind, as one."""
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if texts else b"".join(part for part in parts if isinstance(part, bytes))
