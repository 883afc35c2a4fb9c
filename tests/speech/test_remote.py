from __future__ import annotations

import importlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.speech import tiny_model
from tests.speech.tiny_model.words import silence, speak
from tests.speech.vosk_server import VoskServer
from voicebot.errors import VoicebotError
from voicebot.speech import mock, remote
from voicebot.speech.recognizer import RecognizerError, Utterance, Word
from voicebot.speech.remote import RemoteEngine, RemoteRecognizer

RATE = 16000
SAID = (Word("do", 0.3, 0.6), Word("not", 0.7, 0.9), Word("call", 1.0, 1.3), Word("yes", 3.0, 3.3))
SECOND = bytes(2 * RATE)


@pytest.fixture
def server() -> Iterator[VoskServer]:
    script = mock.Script(hears="timed", timed=SAID)
    with VoskServer(mock.scripted(script)) as running:
        yield running


@pytest.fixture
def recognizer(server: VoskServer) -> Iterator[RemoteRecognizer]:
    opened = RemoteEngine(server.url, rate=RATE).open()
    yield opened
    opened.close()


def _fed(recognizer: RemoteRecognizer, seconds: float) -> list[Utterance]:
    """What is told over so many seconds of sound, each answer awaited."""
    told: list[Utterance | None] = []
    for _ in range(round(seconds / 0.1)):
        told.append(recognizer.feed(bytes(round(2 * RATE * 0.1))))
        told += _awaited(recognizer)
    return [utterance for utterance in told if utterance]


def _awaited(recognizer: RemoteRecognizer) -> Iterator[Utterance | None]:
    deadline = time.monotonic() + 5
    while recognizer._waiting and time.monotonic() < deadline:
        time.sleep(0.001)
        yield recognizer.feed(b"")


def _poured(recognizer: RemoteRecognizer, seconds: float) -> None:
    """As much sound at once, whatever the server says to it, and a little time after each stretch."""
    for _ in range(round(seconds / 0.1)):
        recognizer.feed(bytes(round(2 * RATE * 0.1)))
        time.sleep(0.002)


def _texts(told: list[Utterance]) -> list[str]:
    return [("" if utterance.final else "~") + utterance.readings[0].text for utterance in told]


def test_partials_grow_and_finals_come(recognizer: RemoteRecognizer) -> None:
    told = _fed(recognizer, 4.5)
    assert _texts(told) == ["~do", "~do not", "~do not call", "do not call", "~yes", "yes"]
    final = next(utterance for utterance in told if utterance.final)
    assert final.source == "vosk-server"
    words = [(word.text, round(word.start, 2), round(word.end, 2)) for word in final.readings[0].words]
    assert words == [("do", 0.3, 0.6), ("not", 0.72, 0.9), ("call", 1.02, 1.32)]


def test_the_server_is_told_what_is_wanted(server: VoskServer) -> None:
    engine = RemoteEngine(server.url, rate=RATE, dynamic=True, alternatives=2)
    recognizer = engine.open(("Yes", "not  now", "<eps>"))
    recognizer.feed(bytes(1600))
    assert recognizer.end_of_speech() is None
    assert server.configs == [
        {"sample_rate": RATE, "words": 1, "max_alternatives": 2, "phrase_list": ["yes", "not now", "[unk]"]}
    ]


def test_the_end_of_speech_ends_the_connection_and_times_go_on(
    recognizer: RemoteRecognizer, server: VoskServer
) -> None:
    _fed(recognizer, 1.4)
    first = recognizer.end_of_speech()
    assert first is not None
    assert first.readings[0].text == "do not call"
    assert recognizer.end_of_speech() is None
    _fed(recognizer, 1.0)
    second = recognizer.end_of_speech()
    assert second is not None  # the script begins anew with the server's new recognizer
    assert [round(word.start, 2) for word in second.readings[0].words] == [1.7, 2.12]
    assert len(server.configs) == 2


def test_reset_forgets(recognizer: RemoteRecognizer) -> None:
    _fed(recognizer, 1.4)
    recognizer.reset()
    assert recognizer.end_of_speech() is None
    recognizer.reset()
    assert _texts(_fed(recognizer, 2.4))[-1] == "do not call"


def test_an_odd_byte_waits_for_its_other_half(recognizer: RemoteRecognizer) -> None:
    sound = bytes(2 * RATE * 5 // 2)
    told: list[Utterance | None] = []
    for begin in range(0, len(sound), 3201):
        told += [recognizer.feed(sound[begin : begin + 3201]), *_awaited(recognizer)]
    assert any(utterance and utterance.final for utterance in told)


def test_alternatives_are_readings(server: VoskServer) -> None:
    recognizer = RemoteEngine(server.url, rate=RATE, alternatives=3).open()
    recognizer.feed(SECOND)
    final = recognizer.end_of_speech()
    assert final is not None
    assert len(final.readings) == 3
    assert final.readings[0].confidence is None
    recognizer.close()


def test_the_library_itself_may_stand_behind_the_server(tmp_path: Path) -> None:
    vosk = importlib.import_module("vosk")
    vosk.SetLogLevel(-1)
    model = vosk.Model(str(tiny_model.write(tmp_path)))
    sound = np.concatenate([silence(0.5, 8000), speak(["do", "not", "call", "stop"], 8000), silence(1.0, 8000)])
    with VoskServer(model, vosk) as server:
        recognizer = RemoteEngine(server.url, rate=8000, dynamic=True).open(("do not call",))
        told = [recognizer.feed(sound.tobytes()), *_awaited(recognizer), recognizer.end_of_speech()]
        finals = [utterance.readings[0] for utterance in told if utterance and utterance.final]
        recognizer.close()
    assert [reading.text for reading in finals] == ["do not call"]
    assert [word.text for word in finals[0].words] == ["do", "not", "call", "[unk]"]
    assert finals[0].confidence == 1.0


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["", "http://localhost:2700", "localhost:2700", "ws://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(VoicebotError, match=r"ws://host:2700"):
        RemoteEngine(url)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RecognizerError, match="cannot be reached"):
        RemoteEngine(f"ws://127.0.0.1:{port}").open()


def test_a_machine_that_does_not_greet_is_given_up(server: VoskServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.greets = False
    monkeypatch.setattr(remote, "CONNECT_SECONDS", 0.1)
    begin = time.monotonic()
    with pytest.raises(RecognizerError, match=r"no greeting within 0\.1 s"):
        RemoteEngine(server.url).open()
    assert time.monotonic() - begin < 1


def test_a_server_that_is_no_websocket_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as web:
        threading.Thread(target=_answers_in_html, args=(web,), daemon=True).start()
        with pytest.raises(RecognizerError, match="cannot be reached"):
            RemoteEngine(f"ws://127.0.0.1:{web.getsockname()[1]}").open()


def _answers_in_html(web: socket.socket) -> None:
    line, _ = web.accept()
    line.recv(4096)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    line.close()


def test_a_lost_connection_is_told_once_and_for_all(recognizer: RemoteRecognizer, server: VoskServer) -> None:
    _fed(recognizer, 0.5)
    server.hang_up()
    with pytest.raises(RecognizerError, match="is lost"):
        _poured(recognizer, 5.0)
    with pytest.raises(RecognizerError, match="closed"):
        recognizer.feed(SECOND)
    with pytest.raises(RecognizerError, match="closed"):
        recognizer.end_of_speech()
    with pytest.raises(RecognizerError, match="closed"):
        recognizer.reset()
    recognizer.close()


def test_a_server_that_stops_answering_is_given_up(server: VoskServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "ANSWER_SECONDS", 0.1)
    server.sabotage = lambda _, before: before < 3
    recognizer = RemoteEngine(server.url, rate=RATE).open()
    with pytest.raises(RecognizerError, match="does not keep up"):
        _poured(recognizer, 10.0)
    recognizer = RemoteEngine(server.url, rate=RATE).open()
    _poured(recognizer, 1.0)
    with pytest.raises(RecognizerError, match="does not keep up"):
        recognizer.end_of_speech()


@pytest.mark.parametrize("answer", ["good day", '{"hello": 1}', "[]", b"bytes", "x" * (remote.LARGEST + 1)])
def test_an_answer_that_is_no_result_is_told(server: VoskServer, answer: Any) -> None:
    server.sabotage = lambda connection, before: before < 1 or connection.send(answer)
    recognizer = RemoteEngine(server.url, rate=RATE).open()
    with pytest.raises(RecognizerError):
        _poured(recognizer, 5.0)
    recognizer.close()


def test_closing_twice_is_no_fault_and_the_server_has_none_either(
    recognizer: RemoteRecognizer, server: VoskServer
) -> None:
    _fed(recognizer, 0.5)
    recognizer.close()
    recognizer.close()
    time.sleep(0.05)
    assert server.crashes == []


def test_a_grammar_for_a_server_without_is_refused(server: VoskServer) -> None:
    with pytest.raises(RecognizerError, match="takes no grammar"):
        RemoteEngine(server.url).open(("yes",))


def test_a_loud_minute_in_one_stretch_is_taken(recognizer: RemoteRecognizer) -> None:
    sound = (np.random.default_rng(0).standard_normal(60 * RATE) * 1000).astype("<i2").tobytes()
    told = [recognizer.feed(sound), *_awaited(recognizer)]
    assert [utterance.readings[0].text for utterance in told if utterance and utterance.final] == ["do not call yes"]
