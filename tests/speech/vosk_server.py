"""A small vosk-server on this machine that speaks the protocol of the published one, faults on demand included."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from simple_websocket import ConnectionClosed, Server  # type: ignore[import-untyped]
from wsproto.utilities import ProtocolError

from voicebot.speech import mock

Sabotage = Callable[[Any, int], bool]
"""Given the connection and how many messages came before: does what it likes, and says whether to go on as usual."""


@dataclass
class VoskServer:
    """Listens at `url` until it is closed; makes recognizers of `vosk` on `model`, one for each connection."""

    model: Any
    vosk: Any = mock
    sabotage: Sabotage = lambda _, __: True
    greets: bool = True
    configs: list[dict[str, Any]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def __enter__(self) -> VoskServer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[Any] = []
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.hang_up()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"ws://127.0.0.1:{self._listener.getsockname()[1]}"

    def hang_up(self) -> None:
        """End all connections without a word."""
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._open.clear()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(line)
            if self.greets:
                threading.Thread(target=self._greet, args=(line,), daemon=True).start()

    def _greet(self, line: socket.socket) -> None:
        with suppress(ConnectionClosed, OSError, ProtocolError):
            connection = Server.accept({"werkzeug.socket": line, **_headers(line)})
            try:
                self._converse(connection)
            except (ConnectionClosed, OSError):  # the caller hung up
                raise
            except Exception as error:  # as the server does on any text that it does not know
                self.crashes.append(repr(error))
                connection.close(1011)

    def _converse(self, connection: Any) -> None:
        recognizer = phrases = None
        config: dict[str, Any] = {"sample_rate": 8000, "words": True, "max_alternatives": 0}
        messages, stop = 0, False
        while not stop:
            message = connection.receive()
            if not self.sabotage(connection, messages):
                continue
            messages += 1
            if isinstance(message, str) and "config" in message:
                self.configs.append(json.loads(message)["config"])
                config |= self.configs[-1]
                phrases = config.get("phrase_list")
                continue
            if recognizer is None:
                grammar = [json.dumps(phrases, ensure_ascii=False)] if phrases else []
                recognizer = self.vosk.KaldiRecognizer(self.model, float(config["sample_rate"]), *grammar)
                recognizer.SetWords(bool(config["words"]))
                recognizer.SetMaxAlternatives(int(config["max_alternatives"]))
            answer, stop = _answer(recognizer, message)
            connection.send(answer)
        connection.close()


def _answer(recognizer: Any, message: bytes | str) -> tuple[str, bool]:
    if message == '{"eof" : 1}':
        return recognizer.FinalResult(), True
    return (recognizer.Result() if recognizer.AcceptWaveform(message) else recognizer.PartialResult()), False


def _headers(line: socket.socket) -> dict[str, str]:
    """The headers of a greeting, as a WSGI server would hand them over."""
    received = b""
    while b"\r\n\r\n" not in received:
        more = line.recv(4096)
        if not more:
            raise OSError("nobody there")
        received += more
    pairs = (header.split(": ", 1) for header in received.decode().split("\r\n")[1:] if ": " in header)
    return {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in pairs}
