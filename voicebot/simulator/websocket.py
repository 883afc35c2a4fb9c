"""Real WebSockets, by wsproto: one thread for all of them, in which a slow application holds up nobody but itself.

https://datatracker.ietf.org/doc/html/rfc6455, https://python-hyper.org/projects/wsproto

Rule: everything but `send`, `close` and `abort` of a connection runs in the thread of its loop; what the simulator
sends in one event of the queue is handed over to that thread together.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
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

# Seconds for the connection, for the handshake and for the goodbye, each; for all goodbyes when the program ends;
# messages that may wait for a slow application.
PATIENCE, LAST_PATIENCE, BACKLOG = 5.0, 1.0, 1500
# Bytes that the system keeps for an application that does not read; left to itself it keeps minutes of sound.
SEND_BUFFER = 65536


class WebSockets:
    """Connects to whatever a stream names, in the background."""

    def __init__(self, queue: EventQueue) -> None:
        self._queue = queue
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="simulator-streams", daemon=True)
        self._waiting: deque[_WebSocket] = deque()
        self._is_planned = False
        self._lives: set[asyncio.Task[None]] = set()

    def connect(self, url: str, headers: Mapping[str, str], listener: Listener) -> Socket:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread.start()
        one = _WebSocket(self._queue, url, listener, self._wake)
        self._loop.call_soon_threadsafe(self._begin, one.live(dict(headers)))
        return one

    def close(self) -> None:
        """Say goodbye wherever a connection stands, and end the thread."""
        if self._loop is None or not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._loop.create_task, self._end())
        self._thread.join()

    def _run(self) -> None:
        if self._loop:
            asyncio.set_event_loop(self._loop)
            self._loop.run_forever()
            self._loop.close()

    def _begin(self, life: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(life)
        self._lives.add(task)
        task.add_done_callback(self._lives.discard)

    async def _end(self) -> None:
        self._flush()
        if self._lives:
            await asyncio.wait(self._lives, timeout=LAST_PATIENCE)
        for life in tuple(self._lives):
            life.cancel()
        if self._lives:
            await asyncio.wait(self._lives)
        await asyncio.sleep(0)  # for the connections to hear that they are gone
        asyncio.get_running_loop().stop()

    def _wake(self, one: _WebSocket) -> None:
        """Let the thread send what `one` has; once for all that is sent in this event of the queue."""
        self._waiting.append(one)
        if not self._is_planned:
            self._is_planned = True
            self._queue.after(0, self._hand_over)

    def _hand_over(self) -> None:
        self._is_planned = False
        if self._loop:
            with suppress(RuntimeError):  # the loop is closed, and nothing more is sent
                self._loop.call_soon_threadsafe(self._flush)

    def _flush(self) -> None:
        while self._waiting:
            self._waiting.popleft().flush()


class _Refused(Exception):  # noqa: N818
    """The application answered the handshake with something else than 101."""


class _WebSocket(asyncio.Protocol):
    """One connection, from its handshake to its end."""

    def __init__(self, queue: EventQueue, url: str, listener: Listener, wake: Callable[[_WebSocket], None]) -> None:
        self._queue, self._listener, self._url, self._wake = queue, listener, url, wake
        self._outbox: deque[str] = deque()
        self._protocol = WSConnection(ConnectionType.CLIENT)
        self._transport: asyncio.Transport | None = None
        self._is_closed = self._is_broken = self._is_paused = self._has_said_goodbye = False
        self._parts: list[str] = []
        self._shaken: asyncio.Future[None] | None = None
        self._ending, self._gone = asyncio.Event(), asyncio.Event()

    def send(self, text: str) -> bool:
        if self._is_closed:
            return True
        if len(self._outbox) >= BACKLOG:
            return False
        self._outbox.append(text)
        self._wake(self)
        return True

    def close(self) -> None:
        self._is_closed = True
        self._wake(self)

    def abort(self) -> None:
        self._is_closed = self._is_broken = True
        self._outbox.clear()
        self._wake(self)

    def flush(self) -> None:
        """Send what waits, as far as the application keeps up; goodbye comes last."""
        if self._transport is None or self._shaken is None or not self._shaken.done():
            return
        if self._is_closed:
            self._ending.set()
        if self._is_broken:
            self._transport.abort()
            return
        with suppress(ProtocolError):
            while self._outbox and not self._is_paused:
                self._transport.write(self._protocol.send(TextMessage(data=self._outbox.popleft())))
            if self._is_closed and not self._outbox and not self._has_said_goodbye:
                self._has_said_goodbye = True
                self._transport.write(self._protocol.send(CloseConnection(code=1000)))

    async def live(self, headers: dict[str, str]) -> None:
        """Connect, shake hands, and stay until the connection is at its end."""
        try:
            await asyncio.wait_for(self._connect(), PATIENCE)
        except OSError as error:
            self._failed(31901 if isinstance(error, TimeoutError | socket.gaierror) else 31902, error)
            return
        try:
            await asyncio.wait_for(self._shake_hands(headers), PATIENCE)
            self._queue.after(0, self._listener.opened)
            self.flush()
            await self._stay()
        except (OSError, ProtocolError, _Refused) as error:
            self._failed(31901 if isinstance(error, TimeoutError) else 31920, error)
        finally:
            self._hang_up()

    def _hang_up(self) -> None:
        """End the connection, with what was sent still on its way, unless the application does not take it."""
        if self._transport and self._gone.is_set():
            self._transport.close()
        elif self._transport:
            self._transport.abort()

    async def _connect(self) -> None:
        parts = urlsplit(self._url)
        context = ssl.create_default_context() if parts.scheme == "wss" else None
        port = parts.port or (443 if context else 80)
        await asyncio.get_running_loop().create_connection(lambda: self, parts.hostname or "", port, ssl=context)

    async def _shake_hands(self, headers: dict[str, str]) -> None:
        parts = urlsplit(self._url)
        extra = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._shaken = asyncio.get_running_loop().create_future()
        self._write(Request(host=parts.netloc, target=parts.path or "/", extra_headers=extra))
        await self._shaken

    async def _stay(self) -> None:
        """Until the application is gone, or has had its time to answer our goodbye."""
        await self._ending.wait()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._gone.wait(), PATIENCE)
        if not self._is_closed:
            self._is_closed = True
            self._queue.after(0, lambda: self._listener.closed(None))

    def _failed(self, code: int, error: Exception) -> None:
        problem = Problem(code, f"{self._url}: {error}")
        self._queue.after(0, lambda: self._listener.closed(problem))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def connection_lost(self, _error: Exception | None) -> None:
        self._is_gone()
        self._refuse(ConnectionResetError("closed"))

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False
        self.flush()

    def data_received(self, data: bytes) -> None:
        try:
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                self._take(event)
        except ProtocolError as error:
            self._refuse(error)
            self._is_gone()

    def _is_gone(self) -> None:
        self._gone.set()
        self._ending.set()

    def _refuse(self, error: Exception) -> None:
        if self._shaken and not self._shaken.done():
            self._shaken.set_exception(error)

    def _take(self, event: Event) -> None:
        if isinstance(event, AcceptConnection) and self._shaken and not self._shaken.done():
            self._shaken.set_result(None)
        elif isinstance(event, RejectConnection):
            self._refuse(_Refused(f"answered {event.status_code}"))
        elif isinstance(event, Ping):
            self._write(event.response())
        elif isinstance(event, CloseConnection):
            if not self._has_said_goodbye:
                self._write(event.response())
            self._is_gone()
        elif isinstance(event, Message) and not isinstance(event, BytesMessage):
            self._parts.append(str(event.data))
            if event.message_finished:
                text, self._parts = "".join(self._parts), []
                self._queue.after(0, lambda: self._listener.received(text))

    def _write(self, event: Event) -> None:
        if self._transport:
            self._transport.write(self._protocol.send(event))
