"""The models of the module `vosk`, which here are scripts (`script.py`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from voicebot.speech.mock import log
from voicebot.speech.mock.script import FILE, Script, ScriptError, load

SPEAKER_FILES = ("mfcc.conf", "final.ext.raw", "mean.vec", "transform.mat")


class Model:
    """A model: a folder with a `mock.yaml`. Names and languages are looked for in MODEL_DIRS and never downloaded."""

    def __init__(self, model_path: str | None = None, model_name: str | None = None, lang: str | None = None) -> None:
        path = self.get_model_path(model_name, lang) if model_path is None else model_path
        path.encode("utf-8")  # anything but text fails here, as in the library
        try:
            self._handle = load(Path(path))
        except (OSError, ScriptError) as error:
            missing = f"Folder '{path}' does not contain model files. Make sure you specified the model path properly."
            log.write(log.ERROR, "Model():model.cc:122)", str(error) if isinstance(error, ScriptError) else missing)
            raise Exception("Failed to create a model") from None
        log.write(log.INFO, "ReadDataFiles():model.cc:213)", f"Script {path} hears by {self._handle.hears}")

    def vosk_model_find_word(self, word: str) -> int:
        """The number of a word, -1 for one that the model does not have."""
        word.encode("utf-8")
        return self._handle.number(word)

    def get_model_path(self, model_name: str | None, lang: str | None) -> str:
        """Where a model of this name or language is."""
        return str(self.get_model_by_lang(lang) if model_name is None else self.get_model_by_name(model_name))

    def get_model_by_name(self, model_name: str) -> Path:
        """The folder of this name in MODEL_DIRS; ends the program if there is none."""
        return _found(lambda folder: folder.name == model_name, f"model name {model_name} does not exist")

    def get_model_by_lang(self, lang: str | None) -> Path:
        """The first folder in MODEL_DIRS named for this language; ends the program if there is none."""
        names = (f"vosk-model-{lang}", f"vosk-model-small-{lang}")
        return _found(lambda folder: folder.name.startswith(names), f"lang {lang} does not exist")


def scripted(script: Script) -> Model:
    """A model that no folder holds."""
    model = Model.__new__(Model)
    model._handle = script
    return model


def _found(wanted: Callable[[Path], bool], problem: str) -> Path:
    from voicebot.speech import mock  # noqa: PLC0415  (whoever changes MODEL_DIRS changes it there)

    for directory in mock.MODEL_DIRS:
        if directory is not None and Path(directory).exists():
            for folder in sorted(Path(directory).iterdir()):
                if wanted(folder) and (folder / FILE).exists():
                    return folder
    print(problem)  # noqa: T201  (the library does)
    sys.exit(1)


class SpkModel:
    """A model that tells speakers apart, of which the mock knows that its files are there, and no more."""

    def __init__(self, model_path: str) -> None:
        model_path.encode("utf-8")
        if not all((Path(model_path) / name).exists() for name in SPEAKER_FILES):
            raise Exception("Failed to create a speaker model")
        self._handle = model_path
