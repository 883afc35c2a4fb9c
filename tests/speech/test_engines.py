from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.speech import tiny_model
from tests.speech.vosk_server import VoskServer
from voicebot.errors import VoicebotError
from voicebot.speech import mock, probe
from voicebot.speech.carrier import carry
from voicebot.speech.engines import EngineSettings, engine
from voicebot.speech.models import ModelError
from voicebot.speech.recognizer import RecognizerError


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.write(tmp_path_factory.mktemp("engines") / "tiny")


def _heard(settings: EngineSettings) -> str:
    made = engine(settings)
    sound = np.concatenate([carry(["do", "not", "call", "me"], made.rate), np.zeros(made.rate, np.int16)])
    utterance = made.open().feed(sound.tobytes())
    return utterance.readings[0].text if utterance else ""


def test_the_mock_hears_what_the_sound_carries() -> None:
    assert _heard(EngineSettings()) == "do not call me"


def test_the_mock_errs_as_often_as_it_is_told() -> None:
    assert {_heard(EngineSettings(errors=1.0, seed=seed)) for seed in range(3)} != {"do not call me"}
    assert _heard(EngineSettings(errors=0.5, seed=7)) == _heard(EngineSettings(errors=0.5, seed=7))


def test_a_mock_model_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "mock.yaml").write_text("rate: 8000\ndynamic: false\nhears: timed\ntimed: [[yes, 0.2, 0.5]]\n")
    made = engine(EngineSettings(model=str(tmp_path)))
    assert (made.source, made.name, made.rate, made.dynamic) == ("mock", tmp_path.name, 8000, False)
    (tmp_path / "mock.yaml").write_text("hears: tea leaves\n")
    with pytest.raises(ModelError, match="hears is one of"):
        engine(EngineSettings(model=str(tmp_path)))
    with pytest.raises(ModelError, match="no mock"):
        engine(EngineSettings(model=str(tmp_path / "nothing")))


def test_settings_that_make_no_engine_are_told() -> None:
    with pytest.raises(VoicebotError, match="vosk, server, mock"):
        engine(EngineSettings("parrot"))  # type: ignore[arg-type]
    with pytest.raises(VoicebotError, match="no folder of a model"):
        engine(EngineSettings("vosk"))
    with pytest.raises(VoicebotError, match="no address"):
        engine(EngineSettings("server"))


def test_every_kind_can_be_probed(tiny: Path) -> None:
    with VoskServer(mock.scripted(mock.Script(hears="timed"))) as server:
        proofs = [
            probe.probe(settings)
            for settings in (
                EngineSettings(),
                EngineSettings("vosk", str(tiny)),
                EngineSettings("server", url=server.url),
            )
        ]
    assert [proof.source for proof in proofs] == ["mock", "vosk", "vosk-server"]
    assert [proof.rate for proof in proofs] == [16000, 8000, 16000]
    assert all(proof.hearing > 0 for proof in proofs)
    assert proofs[1].memory is not None
    assert proofs[1].memory > 1_000_000


def test_what_cannot_be_probed_is_told(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        probe.probe(EngineSettings("vosk", str(tmp_path / "nothing")))
    model = shutil.copytree(tiny, tmp_path / "copy")
    (model / "am/final.mdl").write_bytes((model / "am/final.mdl").read_bytes()[:3000])
    with pytest.raises(RecognizerError, match="Failed to read token"):
        probe.probe(EngineSettings("vosk", str(model)))
    with pytest.raises(RecognizerError, match="cannot be reached"):
        probe.probe(EngineSettings("server", url="ws://127.0.0.1:1"))


def test_a_model_that_ends_the_process_ends_another(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho ASSERTION_FAILED >&2\nkill -ABRT $$\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(RecognizerError, match=r"ended the process \(-6\): ASSERTION_FAILED"):
        probe.probe(EngineSettings("vosk", str(tiny)))
