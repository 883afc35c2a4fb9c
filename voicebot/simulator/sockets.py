"""How a media stream reaches the application; here straight into a function of this process, see also `websocket`.

Rule: whatever comes from the application is handed over as an event of the queue, never from another thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from voicebot.simulator.event_queue import EventQueue
from voicebot.simulator.problems import Problem

# Seconds of virtual time until a connection stands, and until a message has arrived; as measured on live streams.
CONNECTING, TRAVEL = 0.2, 0.02
_TRAVEL = timedelta(seconds=TRAVEL)


class Listener(Protocol):
    """What a stream wants to know of its socket."""

    def opened(self) -> None: ...
    def received(self, text: str) -> None: ...
    def closed(self, problem: Problem | None) -> None: ...


class Socket(Protocol):
    """The simulator's end. Sending on a closed socket does nothing; False: the application does not keep up.

    `close` says goodbye after what was sent before; `abort` breaks the connection off.
    """

    def send(self, text: str) -> bool: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


class Sockets(Protocol):
    """Opens WebSockets. What becomes of one is told to its listener. `close` ends whatever is open."""

    def connect(self, url: str, headers: Mapping[str, str], listener: Listener) -> Socket: ...
    def close(self) -> None: ...


@dataclass
class DirectSocket:
    """The application's end of a stream in the same process: it sets `on_message` and `on_close`, and may answer."""

    url: str
    headers: Mapping[str, str]
    send: Callable[[str], None]
    close: Callable[[], None]
    on_message: Callable[[str], object] = lambda _text: None
    on_close: Callable[[], object] = lambda: None


class _Post:
    """What is under way to the applications. All of it takes the same time, so one event is planned, not one each."""

    def __init__(self, queue: EventQueue) -> None:
        self._queue = queue
        self._bag: deque[tuple[datetime, Callable[[str], object], str]] = deque()
        self._is_planned = False

    def send(self, to: Callable[[str], object], text: str) -> None:
        due = self._queue.now() + _TRAVEL
        self._bag.append((due, to, text))
        if not self._is_planned:
            self._is_planned = True
            self._queue.at(due, self._deliver)

    def _deliver(self) -> None:
        bag, now = self._bag, self._queue.now()
        try:
            while bag and bag[0][0] <= now:
                _, to, text = bag.popleft()
                to(text)
        finally:
            self._is_planned = bool(bag)
            if bag:
                self._queue.at(bag[0][0], self._deliver)


@dataclass
class _Direct:
    """The simulator's end of a direct socket."""

    queue: EventQueue
    post: _Post
    listener: Listener
    app: DirectSocket | None = None
    is_closed: bool = False

    def send(self, text: str) -> bool:
        if self.app and not self.is_closed:
            self.post.send(self.app.on_message, text)
        return True

    def close(self) -> None:
        if self.app and not self.is_closed:
            on_close = self.app.on_close
            self.post.send(lambda _: on_close(), "")
        self.is_closed = True

    abort = close

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

    def __post_init__(self) -> None:
        self._post = _Post(self.queue)

    def connect(self, url: str, headers: Mapping[str, str], listener: Listener) -> Socket:
        ours = _Direct(self.queue, self._post, listener)
        self.queue.after(CONNECTING, lambda: self._open(ours, url, headers))
        return ours

    def close(self) -> None:
        """Nothing is held here."""

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
