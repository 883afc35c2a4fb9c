from __future__ import annotations

from pathlib import Path

import pytest

from tests.speech import tiny_model
from tests.speech.vosk_server import VoskServer
from voicebot.errors import VoicebotError
from voicebot.nlu.languages import LANGUAGES
from voicebot.services.engines import open_engines, wanted_engines
from voicebot.settings import Settings
from voicebot.speech import mock


def test_without_a_model_nobody_listens() -> None:
    assert open_engines(wanted_engines(Settings())) == {}


def test_the_mock_listens_in_every_language() -> None:
    engines = open_engines(wanted_engines(Settings(recognizer="mock")))
    assert set(engines) == set(LANGUAGES)
    assert len({id(engine) for engine in engines.values()}) == 1


def test_each_language_has_a_model_of_its_own(tmp_path: Path) -> None:
    model = tiny_model.write(tmp_path / "tiny")
    engines = open_engines(wanted_engines(Settings(speech_models=(("en-US", model),))))
    assert {tag: (engine.source, engine.name) for tag, engine in engines.items()} == {"en-US": ("vosk", "tiny")}


def test_a_server_listens() -> None:
    with VoskServer(mock.scripted(mock.Script(hears="timed"))) as server:
        settings = Settings(recognizer="server", recognizer_urls=(("en-US", server.url), ("zh-CN", server.url)))
        engines = open_engines(wanted_engines(settings))
        assert {tag: engine.source for tag, engine in engines.items()} == {
            "en-US": "vosk-server",
            "zh-CN": "vosk-server",
        }
        engines["zh-CN"].open().close()


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        (Settings(speech_models=(("en", Path("/models/en")),)), "speech_models"),
        (Settings(recognizer="server", recognizer_urls=(("en-us", "ws://127.0.0.1:2700"),)), "recognizer_urls"),
    ],
)
def test_a_language_that_no_call_has_is_refused(settings: Settings, where: str) -> None:
    with pytest.raises(VoicebotError, match=f"{where}: no call is in the language"):
        wanted_engines(settings)
