"""Which engine an installation listens with, by its settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from voicebot.errors import VoicebotError
from voicebot.speech import mock, models, remote, vosk_engine
from voicebot.speech.mock.script import ScriptError, load
from voicebot.speech.recognizer import Engine

Kind = Literal["vosk", "server", "mock"]


@dataclass(frozen=True)
class EngineSettings:
    """What an installation says about its recognizer."""

    kind: Kind = "mock"
    """"vosk" (a model on this machine), "server" (a vosk-server, here or elsewhere) or "mock"."""
    model: str = ""
    """The folder of the model; for the mock, of a `mock.yaml`, by default the one that hears words in the sound."""
    url: str = ""
    """The server's address, ws:// or wss://."""
    errors: float = 0.0
    """How often the mock mishears a word, 0..1, and ..."""
    seed: int = 0
    """... the seed of its chance."""


def engine(settings: EngineSettings) -> Engine:
    """The engine, loaded. Raises ModelError, RecognizerError, or VoicebotError for settings that make none."""
    if settings.kind == "vosk":
        if not settings.model:
            raise VoicebotError("speech model", "no folder of a model is named.", models.REMEDY)
        return vosk_engine.load(Path(settings.model))
    if settings.kind == "server":
        return remote.RemoteEngine(settings.url)
    if settings.kind == "mock":
        return _mocked(settings)
    raise VoicebotError(
        "recognizer", f'there is no recognizer "{settings.kind}".', f"Choose one of {', '.join(get_args(Kind))}."
    )


def _mocked(settings: EngineSettings) -> Engine:
    folder = Path(settings.model or mock.MODEL)
    try:
        script = load(folder)
    except OSError as error:
        raise models.ModelError(str(folder), "the folder holds no mock.yaml.", models.REMEDY) from error
    except ScriptError as error:
        raise models.ModelError(str(folder), f"its mock.yaml cannot be used: {error}.") from error
    if settings.errors:
        script = replace(script, errors=mock.Errors(settings.errors, settings.seed))
    return mocked(script, name=folder.name if settings.model else "built-in")


def mocked(script: mock.Script, *, name: str = "script") -> vosk_engine.VoskEngine:
    """An engine on a mock model."""
    return vosk_engine.VoskEngine(
        mock, mock.scripted(script), source="mock", name=name, rate=script.rate, dynamic=script.dynamic
    )
