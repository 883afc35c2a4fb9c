"""How a media stream reaches the application; here straight into a function of this process, see also `websocket`.

Rule: whatever comes from the application is handed over as an event of the queue, never from another thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.problems import Problem

# Seconds of virtual time until a connection stands, and until a message has arrived; as measured on live streams.
CONNECTING, TRAVEL = 0.2, 0.02


class Listener(Protocol):
    """What a stream wants to know of its socket."""

    def opened(self) -> None: ...
    def received(self, text: str) -> None: ...
    def closed(self, problem: Problem | None) -> None: ...


class Socket(Protocol):
    """The simulator's end. Sending on a closed socket does nothing; False: the application does not keep up."""

    def send(self, text: str) -> bool: ...
    def close(self) -> None: ...


class Sockets(Protocol):
    """Opens WebSockets. What becomes of one is told to its listener."""

    def connect(self, url: str, headers: Mapping[str, str], listener: Listener) -> Socket: ...


@dataclass
class DirectSocket:
    """The application's end of a stream in the same process: it sets `on_message` and `on_close`, and may answer."""

    url: str
    headers: Mapping[str, str]
    send: Callable[[str], None]
    close: Callable[[], None]
    on_message: Callable[[str], object] = lambda _text: None
    on_close: Callable[[], object] = lambda: None


@dataclass
class _Direct:
    """The simulator's end of a direct socket."""

    queue: EventQueue
    listener: Listener
    app: DirectSocket | None = None
    is_closed: bool = False

    def send(self, text: str) -> bool:
        if self.app and not self.is_closed:
            on_message = self.app.on_message
            self.queue.after(TRAVEL, lambda: on_message(text))
        return True

    def close(self) -> None:
        if self.app and not self.is_closed:
            self.queue.after(TRAVEL, self.app.on_close)
        self.is_closed = True

    def answer(self, text: str) -> None:
        """The application says something."""
        self.queue.after(TRAVEL, lambda: None if self.is_closed else self.listener.received(text))

    def hang_up(self) -> None:
        """The application closes its end."""
        self.queue.after(TRAVEL, lambda: self.drop(None))

    def drop(self, problem: Problem | None) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.listener.closed(problem)


@dataclass
class DirectSockets:
    """Streams on virtual time: `{"wss://bot.example": accept}`, where `accept(socket)` sets the socket's `on_message`.

    An `accept` that raises refuses the connection; a URL of no base URL cannot be connected to.
    """

    queue: EventQueue
    apps: Mapping[str, Callable[[DirectSocket], object]] = field(default_factory=dict)

    def connect(self, url: str, headers: Mapping[str, str], listener: Listener) -> Socket:
        ours = _Direct(self.queue, listener)
        self.queue.after(CONNECTING, lambda: self._open(ours, url, headers))
        return ours

    def _open(self, ours: _Direct, url: str, headers: Mapping[str, str]) -> None:
        if ours.is_closed:
            return
        parts = urlsplit(url)
        accept = self.apps.get(f"{parts.scheme}://{parts.netloc}")
        if accept is None:
            ours.drop(Problem(31902, f"nobody listens at {parts.scheme}://{parts.netloc}"))
            return
        app = DirectSocket(url, headers, ours.answer, ours.hang_up)
        try:
            accept(app)
        except Exception as error:
            ours.drop(Problem(31920, f"{url}: {error}"))
            return
        ours.app = app
        ours.listener.opened()
