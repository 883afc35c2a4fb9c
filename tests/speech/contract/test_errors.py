"""What is refused, in which words."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.speech.contract.subjects import Subject

# The library's objects that could not be made complain once more when they are thrown away.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NO_ARGUMENTS: list[Callable[[Any], tuple[object, ...]]] = [
    lambda _: (),
    lambda model: (model,),
    lambda model: (model, 8000, ["yes"]),
    lambda model: (model, 8000, None),
    lambda model: (model, 8000, b'["yes"]'),
    lambda model: (model, 8000, '["yes"]', 3),
]


@pytest.mark.parametrize("arguments", NO_ARGUMENTS)
def test_a_recognizer_takes_two_arguments_or_three(
    subject: Subject, arguments: Callable[[Any], tuple[object, ...]]
) -> None:
    with pytest.raises(TypeError, match=r"^Unknown arguments$"):
        subject.vosk.KaldiRecognizer(*arguments(subject.says().model))


def test_a_rate_is_a_number_and_a_model_is_one(subject: Subject) -> None:
    with pytest.raises(TypeError, match=r"^must be real number, not str$"):
        subject.vosk.KaldiRecognizer(subject.says().model, "8000")
    with pytest.raises(AttributeError, match=r"^'NoneType' object has no attribute '_handle'$"):
        subject.vosk.KaldiRecognizer(None, 8000)


@pytest.mark.parametrize(
    ("sound", "problem"),
    [
        ("sound", "initializer for ctype 'char *' must be a bytes or list or tuple, not str"),
        (bytearray(400), "initializer for ctype 'char *' must be a cdata pointer, not bytearray"),
        (memoryview(b"ab"), "initializer for ctype 'char *' must be a cdata pointer, not memoryview"),
        (np.zeros(9, dtype=np.int16), "initializer for ctype 'char *' must be a cdata pointer, not numpy.ndarray"),
        (None, "object of type 'NoneType' has no len()"),
        (5, "object of type 'int' has no len()"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_sound_is_bytes(subject: Subject, sound: object, problem: str) -> None:
    recognizer = subject.says().recognizer()
    with pytest.raises(TypeError) as caught:
        recognizer.AcceptWaveform(sound)
    assert str(caught.value) == problem


def test_numbers_and_texts_are_what_they_should_be(subject: Subject) -> None:
    recognizer = subject.says().recognizer()
    with pytest.raises(TypeError, match=r"^an integer is required$"):
        recognizer.SetMaxAlternatives("3")
    with pytest.raises(AttributeError, match=r"^'list' object has no attribute 'encode'$"):
        recognizer.SetGrammar(["yes"])
    with pytest.raises(AttributeError, match=r"^'int' object has no attribute 'encode'$"):
        subject.says().model.vosk_model_find_word(5)
    with pytest.raises(TypeError, match=r"^an integer is required$"):
        subject.vosk.SetLogLevel("all")


def test_sound_of_too_low_a_rate_is_not_processed(hearing: Subject) -> None:
    """It is no error to make such a recognizer, and what it says afterwards is nothing."""
    case = hearing.says(1.0, rate=4000)
    recognizer = case.recognizer()
    with pytest.raises(Exception, match=r"^Failed to process waveform$") as caught:
        recognizer.AcceptWaveform(case.sound)
    assert type(caught.value) is Exception
    assert json.loads(recognizer.PartialResult()) == {"partial": ""}
    assert [recognizer.Result(), recognizer.FinalResult()] == ['{"text": ""}'] * 2
    assert recognizer.Reset() is None


@pytest.mark.parametrize("grammar", ["[1]", '["yes", 1]', "[null]", '[["yes"]]'])
def test_a_grammar_of_anything_but_texts_makes_no_recognizer(hearing: Subject, grammar: str) -> None:
    with pytest.raises(Exception, match=r"^Failed to create a recognizer$") as caught:
        hearing.says().recognizer(grammar)
    assert type(caught.value) is Exception


def test_a_folder_without_a_model_makes_none(subject: Subject, tmp_path: Path) -> None:
    for path in (str(tmp_path), str(tmp_path / "nothing"), ""):
        with pytest.raises(Exception, match=r"^Failed to create a model$") as caught:
            subject.vosk.Model(path)
        assert type(caught.value) is Exception
    with pytest.raises(AttributeError, match=r"object has no attribute 'encode'$"):
        subject.vosk.Model(tmp_path)


def test_what_needs_other_hardware_or_files_is_not_made(subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"^Failed to create a speaker model$"):
        subject.vosk.SpkModel(str(tmp_path))
    with pytest.raises(Exception, match=r"^Failed to create a model$"):
        subject.vosk.BatchModel(str(tmp_path))


def test_many_recognizers_share_a_model(hearing: Subject) -> None:
    case = hearing.says(0.5, "yes", 0.12, "four", 0.12, "不", 1.0)

    def listen(_: int) -> str:
        recognizer = case.recognizer()
        for piece in case.pieces(0.1):
            if recognizer.AcceptWaveform(piece):
                return str(recognizer.Result())
        return ""

    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(listen, range(40))) == {'{\n  "text" : "yes four 不"\n}'}


def test_the_face_of_the_module(subject: Subject) -> None:
    names = (
        *("Model", "SpkModel", "KaldiRecognizer", "BatchModel", "BatchRecognizer"),
        *("SetLogLevel", "GpuInit", "GpuThreadInit", "list_models", "list_languages", "open_dll"),
        *("MODEL_DIRS", "MODEL_LIST_URL", "MODEL_PRE_URL"),
    )
    assert [name for name in names if not hasattr(subject.vosk, name)] == []
    assert not hasattr(subject.vosk, "EndpointerMode")
    methods = {name for name in dir(subject.vosk.KaldiRecognizer) if name[0].isupper()}
    assert methods == {
        *("AcceptWaveform", "Result", "PartialResult", "FinalResult", "Reset", "SrtResult"),
        *("SetMaxAlternatives", "SetWords", "SetPartialWords", "SetNLSML", "SetSpkModel", "SetGrammar"),
    }
