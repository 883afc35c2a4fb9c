"""Real WebSockets, by wsproto: two threads for each, so that a slow application holds up nobody but itself.

https://datatracker.ietf.org/doc/html/rfc6455, https://python-hyper.org/projects/wsproto
"""

from __future__ import annotations

import queue as threads
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Event,
    Message,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)
from wsproto.utilities import ProtocolError

from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.problems import Problem
from voicebot.simulator.sockets import Listener, Socket

# Seconds for the connection and for the handshake, each; messages that may wait for a slow application.
PATIENCE, BACKLOG = 5.0, 1500


class WebSockets:
    """Connects to whatever a stream names, in the background."""

    def __init__(self, queue: EventQueue) -> None:
        self._queue = queue

    def connect(self, url: str, headers: Mapping[str, str], listener: Listener) -> Socket:
        return _WebSocket(self._queue, url, headers, listener)


class _Refused(Exception):  # noqa: N818
    """The application answered the handshake with something else than 101."""


class _WebSocket:
    """One connection, from its handshake to its end."""

    def __init__(self, queue: EventQueue, url: str, headers: Mapping[str, str], listener: Listener) -> None:
        self._queue, self._listener, self._url = queue, listener, url
        self._outbox: threads.Queue[str | None] = threads.Queue(BACKLOG)
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._lock = threading.Lock()
        self._is_closed = False
        self._text = ""
        _background(lambda: self._run(dict(headers)))

    def send(self, text: str) -> bool:
        if self._is_closed:
            return True
        try:
            self._outbox.put_nowait(text)
        except threads.Full:
            return False
        return True

    def close(self) -> None:
        self._is_closed = True
        with suppress(threads.Full):
            self._outbox.put_nowait(None)

    def _run(self, headers: dict[str, str]) -> None:
        """Connect, and read until the connection is at its end."""
        try:
            wire = _connect(self._url)
        except OSError as error:
            self._failed(31901 if isinstance(error, TimeoutError | socket.gaierror) else 31902, error)
            return
        with wire:
            try:
                self._shake_hands(wire, headers)
            except (OSError, ProtocolError, _Refused) as error:
                self._failed(31901 if isinstance(error, TimeoutError) else 31920, error)
                return
            self._queue.after(0, self._listener.opened)
            writer = _background(lambda: self._write(wire))
            with suppress(OSError, ProtocolError):
                while self._read(wire):
                    pass
            if not self._is_closed:
                self._queue.after(0, lambda: self._listener.closed(None))
            self.close()
            writer.join(PATIENCE)

    def _failed(self, code: int, error: Exception) -> None:
        problem = Problem(code, f"{self._url}: {error}")
        self._queue.after(0, lambda: self._listener.closed(problem))

    def _shake_hands(self, wire: socket.socket, headers: dict[str, str]) -> None:
        parts = urlsplit(self._url)
        extra = [(name.encode(), value.encode()) for name, value in headers.items()]
        wire.sendall(self._protocol.send(Request(host=parts.netloc, target=parts.path or "/", extra_headers=extra)))
        while True:
            for event in self._events(wire):
                if isinstance(event, RejectConnection):
                    raise _Refused(f"answered {event.status_code}")
                if isinstance(event, AcceptConnection):
                    wire.settimeout(None)
                    return

    def _events(self, wire: socket.socket) -> list[Event]:
        """What comes next. Raises ConnectionResetError at the end."""
        data = wire.recv(65536)
        if not data:
            raise ConnectionResetError("closed")
        with self._lock:
            self._protocol.receive_data(data)
            return list(self._protocol.events())

    def _read(self, wire: socket.socket) -> bool:
        """Take what has come. False when the application has said goodbye."""
        for event in self._events(wire):
            if isinstance(event, CloseConnection | Ping):
                self._transmit(wire, event.response())
            if isinstance(event, CloseConnection):
                return False
            if isinstance(event, Message):
                self._text += event.data if isinstance(event.data, str) else ""
                if event.message_finished:
                    self._queue.after(0, partial(self._listener.received, self._text))
                    self._text = ""
        return True

    def _write(self, wire: socket.socket) -> None:
        with suppress(OSError, ProtocolError):
            while (text := self._outbox.get()) is not None:
                self._transmit(wire, TextMessage(data=text))
            self._transmit(wire, CloseConnection(code=1000))
            wire.settimeout(PATIENCE)
            wire.shutdown(socket.SHUT_WR)

    def _transmit(self, wire: socket.socket, event: Event) -> None:
        with self._lock:
            data = self._protocol.send(event)
        wire.sendall(data)


def _connect(url: str) -> socket.socket:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    wire = socket.create_connection((parts.hostname, port), PATIENCE)
    if parts.scheme != "wss":
        return wire
    try:
        return ssl.create_default_context().wrap_socket(wire, server_hostname=parts.hostname)
    except OSError:
        wire.close()
        raise


def _background(target: Callable[[], object]) -> threading.Thread:
    """A thread that does not keep the program from ending."""
    thread = threading.Thread(target=target, daemon=True, name="simulator-stream")
    thread.start()
    return thread
