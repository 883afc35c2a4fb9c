"""The one thread that reads all streams: whatever has come on any of them, so many times a second and no more.

Sound comes in 50 messages a second. Flask-Sock reads each socket in one thread and hands every message over to
another; and even with one thread for each, a hundred streams kept a whole core busy with waking threads that then
waited for each other.
"""

from __future__ import annotations

import logging
import selectors
import threading
import time
from queue import Empty, SimpleQueue
from typing import Protocol

from voicebot.phone.websocket import ServerSocket

log = logging.getLogger("voicebot.ears")

PACE = 0.02
"""Seconds between two rounds, in which sound gathers."""

LOOK = 0.1
"""Seconds after which the streams are looked after, and new ones taken in, when nothing comes."""


class Session(Protocol):
    """Whoever takes the messages of one stream. It is asked by the reader's thread, and must not make it wait."""

    @property
    def is_over(self) -> bool:
        """Whether it wants no more."""
        ...

    def received(self, message: str | bytes, /) -> object:
        """Take a message."""
        ...


class Reader:
    """Reads streams in a thread that begins with the first of them and ends with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._coming: SimpleQueue[_Stream] = SimpleQueue()
        self._reads = selectors.DefaultSelector()

    def attend(self, wire: ServerSocket, session: Session) -> None:
        """Read the connection until one of its ends has had enough; whoever calls this waits as long."""
        stream = _Stream(wire, session)
        self._coming.put(stream)
        self._begin()
        stream.is_over.wait()

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="streams", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        looked = 0.0
        while True:
            self._take_in()
            for key, _ in self._reads.select(LOOK):
                key.data.read()
                self._let_go_of(key.data)
            if time.monotonic() - looked >= LOOK:
                looked = time.monotonic()
                self._look_after_all()
            time.sleep(PACE)

    def _take_in(self) -> None:
        """Take in the new streams; where there are no others, wait for one."""
        while True:
            try:
                stream = self._coming.get(block=not self._reads.get_map())
            except Empty:
                return
            try:
                self._reads.register(stream.wire, selectors.EVENT_READ, stream)
            except (ValueError, OSError):  # it is closed already
                stream.is_over.set()

    def _look_after_all(self) -> None:
        for key in list(self._reads.get_map().values()):
            key.data.wire.look_after()
            self._let_go_of(key.data)

    def _let_go_of(self, stream: _Stream) -> None:
        """Read a stream no more, if there is nothing more to be read."""
        if stream.has_ended:
            self._reads.unregister(stream.wire)
            stream.is_over.set()


class _Stream:
    """A connection that is read, and whether that is over."""

    def __init__(self, wire: ServerSocket, session: Session) -> None:
        self.wire, self.session, self.is_over = wire, session, threading.Event()
        self._is_broken = False

    @property
    def has_ended(self) -> bool:
        """Whether there is nothing more to read."""
        return self._is_broken or self.session.is_over or not self.wire.is_open

    def read(self) -> None:
        """Hand over what has come."""
        try:
            for message in self.wire.receive():
                self.session.received(message)
        except Exception:  # whatever breaks in one stream, the others are read
            log.exception("a stream broke its reader")
            self._is_broken = True
