"""A drop-in for the module `vosk` 0.3.45 that hears what a script says: `import voicebot.speech.mock as vosk`.

Everything runs and is tested with no model on the machine. `MODEL` is the folder of a model that hears the words which
the project's own sounds carry; `scripted` makes one of a `Script`.

It differs from the library in what no test can stand: where that ends the process or never returns, `Killed` is raised;
it downloads nothing; it writes fewer lines to the log; and results that need ears - which of two words it was, where in
a sound a word begins - are the script's. A word that a grammar lacks becomes `[unk]` if the grammar has that, else the
word of the grammar that sounds most like it, else nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from voicebot.speech.mock import log
from voicebot.speech.mock.batch import BatchModel, BatchRecognizer
from voicebot.speech.mock.decoder import EndRules
from voicebot.speech.mock.kaldi_recognizer import KaldiRecognizer, Killed
from voicebot.speech.mock.mishearing import Errors
from voicebot.speech.mock.model import Model, SpkModel, scripted
from voicebot.speech.mock.script import Script
from voicebot.speech.mock.sources import fingerprint

__all__ = [
    "MODEL",
    "MODEL_DIRS",
    "MODEL_LIST_URL",
    "MODEL_PRE_URL",
    "BatchModel",
    "BatchRecognizer",
    "EndRules",
    "Errors",
    "GpuInit",
    "GpuThreadInit",
    "KaldiRecognizer",
    "Killed",
    "Model",
    "Script",
    "SetLogLevel",
    "SpkModel",
    "fingerprint",
    "list_languages",
    "list_models",
    "open_dll",
    "scripted",
]

MODEL = Path(__file__).parent / "built_in"
"""The model that hears what the sound carries; `Model(str(MODEL))`."""

MODEL_PRE_URL = ""
MODEL_LIST_URL = ""
"""Nothing is downloaded."""

MODEL_DIRS = [
    os.getenv("VOSK_MODEL_PATH"),
    Path("/usr/share/vosk"),
    Path.home() / "AppData/Local/vosk",
    Path.home() / ".cache/vosk",
]


def SetLogLevel(level: int) -> None:  # noqa: N802
    """0: all; -1: warnings and errors."""
    log.set_level(level)


def GpuInit() -> None:  # noqa: N802
    """Nothing to prepare."""


def GpuThreadInit() -> None:  # noqa: N802
    """Nothing to prepare."""


def open_dll() -> None:
    """There is no library to open."""


def list_models() -> None:
    """The library lists what can be downloaded; here that is nothing."""


def list_languages() -> None:
    """The library lists what can be downloaded; here that is nothing."""
