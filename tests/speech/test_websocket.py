from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Event, Message, Ping, RejectConnection, Request
from wsproto.utilities import ProtocolError

from voicebot.speech.websocket import Connection, Lost, address

Answer = Callable[[Event], list[Event]]


@contextmanager
def _server(answer: Answer) -> Iterator[str]:
    """The other end of one WebSocket, which says to every event what `answer` says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, answer), daemon=True).start()
        yield f"ws://127.0.0.1:{listener.getsockname()[1]}/a?b=c"


def _serve(listener: socket.socket, answer: Answer) -> None:
    with suppress(OSError, ProtocolError):
        line, _ = listener.accept()
        protocol = WSConnection(ConnectionType.SERVER)
        with line:
            while data := line.recv(65536):
                protocol.receive_data(data)
                for event in protocol.events():
                    for reply in answer(event):
                        line.sendall(protocol.send(reply))


def _accepts(*then: Event) -> Answer:
    def answer(event: Event) -> list[Event]:
        return [AcceptConnection(), *then] if isinstance(event, Request) else []

    return answer


def _connected(url: str, seconds: float = 2.0, largest: int = 100) -> Connection:
    return Connection(url, seconds=seconds, largest=largest)


@pytest.mark.parametrize(
    "url", ["", "http://a", "ws://", "ws://a:port", "ws://a:99999", "ws://a:0", "/a", "ws:a", "wss:///x"]
)
def test_what_is_no_address(url: str) -> None:
    assert address(url) is None


@pytest.mark.parametrize("url", ["ws://a", "wss://a.example/path?q=1", "ws://127.0.0.1:2700", "ws://[::1]:2700"])
def test_what_is_an_address(url: str) -> None:
    assert address(url) is not None


def test_messages_go_both_ways_whole() -> None:
    seen: list[Event] = []

    def answer(event: Event) -> list[Event]:
        seen.append(event)
        if isinstance(event, Request):
            return [AcceptConnection(), Message("good ", message_finished=False), Message("day")]
        return [Message(b"\x00\x01", message_finished=False), Message(b"\x02")] if isinstance(event, Message) else []

    with _server(answer) as url:
        connection = _connected(url)
        assert connection.receive(2) == "good day"
        connection.send("text")
        assert connection.receive(2) == b"\x00\x01\x02"
        assert connection.receive(0) is None
        connection.close()
    assert isinstance(seen[0], Request)
    assert seen[0].target == "/a?b=c"


def test_waiting_has_an_end() -> None:
    with _server(_accepts()) as url:
        connection = _connected(url)
        begin = time.monotonic()
        assert connection.receive(0.1) is None
        assert 0.09 <= time.monotonic() - begin < 1
        connection.close()


def test_a_ping_is_answered() -> None:
    answered = threading.Event()

    def answer(event: Event) -> list[Event]:
        if isinstance(event, Request):
            return [AcceptConnection(), Ping()]
        answered.set()
        return [Message("thanks")]

    with _server(answer) as url:
        connection = _connected(url)
        assert connection.receive(2) == "thanks"
        assert answered.is_set()
        connection.close()


def test_what_came_before_the_end_is_received_and_then_the_end() -> None:
    with _server(_accepts(Message("last"), CloseConnection(1011))) as url:
        connection = _connected(url)
        assert connection.receive(2) == "last"
        with pytest.raises(Lost):
            connection.receive(2)
        with pytest.raises(Lost):
            connection.send("more")
        connection.close()


@pytest.mark.parametrize(
    "parts", [[Message("x" * 101)], [Message("x" * 60, message_finished=False), Message("x" * 60)]]
)
def test_a_message_that_is_too_large_ends_it(parts: list[Event]) -> None:
    with _server(lambda event: [AcceptConnection()] if isinstance(event, Request) else parts) as url:
        connection = _connected(url)
        connection.send("go on")
        with pytest.raises(Lost, match="more than 100 bytes"):
            connection.receive(2)
        connection.close()


def test_a_refusal_is_told() -> None:
    with _server(lambda _: [RejectConnection(status_code=403)]) as url, pytest.raises(Lost, match="403"):
        _connected(url)


def test_no_greeting_is_awaited_for_ever() -> None:
    with _server(lambda _: []) as url, pytest.raises(Lost, match=r"within 0\.1 s"):
        _connected(url, seconds=0.1)


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_whoever_speaks_something_else_is_told(said: bytes) -> None:
    def speak(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.recv(4096)
            line.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=speak, args=(listener,), daemon=True).start()
        with pytest.raises(OSError, match=r"no WebSocket|without a greeting|reset"):
            _connected(f"ws://127.0.0.1:{listener.getsockname()[1]}")
