"""Recognizers of `vosk`, or of its mock, on a model that every caller shares."""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from voicebot.speech import grammar, models, results
from voicebot.speech.recognizer import RecognizerError, Utterance

STRETCH = 0.2
"""Seconds of sound that are handed to the library at once: the step in which it works, and looks for an end."""

QUIET = -1
"""The level of the library's log at which it tells of faults only."""


COMPLAINT = re.compile(r"(?:ERROR|ASSERTION_FAILED) \(VoskAPI:.*?\.(?:cc|h):\d+\) (.+)")
"""A line of the library's log that tells of an error, and the error."""


class Library(Protocol):
    """The module `vosk`, or one with its face."""

    @property
    def KaldiRecognizer(self) -> Any:  # noqa: N802
        """Makes a recognizer of a model, a rate, and perhaps a grammar."""
        ...


class VoskEngine:
    """An engine on one model. `alternatives` above 0 gives so many readings, whose words then have no confidence."""

    def __init__(
        self, library: Library, model: Any, *, source: str, name: str, rate: int, dynamic: bool, alternatives: int = 0
    ) -> None:
        self.source, self.name, self.rate, self.dynamic = source, name, rate, dynamic
        self._library, self._model, self._alternatives = library, model, alternatives

    def open(self, grammar: tuple[str, ...] = ()) -> VoskRecognizer:
        """A recognizer for one caller (see `recognizer.Engine`)."""
        arguments = [self._grammar(grammar)] if grammar else []
        try:
            kaldi = self._library.KaldiRecognizer(self._model, self.rate, *arguments)
        except Exception as error:
            raise RecognizerError(self.name, f"no recognizer could be made: {error}.", models.REMEDY) from error
        kaldi.SetWords(True)
        kaldi.SetMaxAlternatives(self._alternatives)
        return VoskRecognizer(kaldi, self.source, self.rate)

    def _grammar(self, phrases: tuple[str, ...]) -> str:
        if not self.dynamic:
            raise RecognizerError(self.name, "the model takes no grammar.", "Listen for any words instead.")
        return grammar.text(grammar.usable(phrases, self._knows))

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) > 0)  # 0 is the word that is none


class VoskRecognizer:
    """One caller's recognizer (see `recognizer.Recognizer`)."""

    def __init__(self, kaldi: Any, source: str, rate: int) -> None:
        self.source, self.rate = source, rate
        self._kaldi = kaldi
        self._half = b""  # the first byte of a sample whose second is still to come
        self._said = ""  # the words that were last told in a partial utterance

    def feed(self, pcm: bytes) -> Utterance | None:
        """Take sound. What ends within it is told as one utterance."""
        sound = self._half + pcm
        self._half = sound[len(sound) // 2 * 2 :]
        stretch = 2 * int(self.rate * STRETCH)
        ended = [
            self._ask("Result")
            for begin in range(0, len(sound) - len(self._half), stretch)
            if self._accept(sound[begin : begin + stretch])
        ]
        said = "" if ended else results.partial(self._ask("PartialResult"), self.source)
        changed, self._said = said != self._said, said
        if ended:
            return results.final(ended, self.source)
        return results.said(said, self.source) if said and changed else None

    def end_of_speech(self) -> Utterance | None:
        """The caller is silent: what was said since the last final utterance."""
        self._said = ""
        return results.final([self._ask("FinalResult")], self.source)

    def reset(self) -> None:
        """Forget what was said since the last final utterance."""
        self._said = ""
        self._ask("Reset")

    def close(self) -> None:
        """Give the recognizer back."""
        self._kaldi = None

    def _accept(self, sound: bytes) -> bool:
        return bool(self._ask("AcceptWaveform", sound))

    def _ask(self, method: str, *arguments: object) -> Any:
        if self._kaldi is None:
            raise RecognizerError(self.source, "the recognizer is closed.")
        try:
            return getattr(self._kaldi, method)(*arguments)
        except Exception as error:
            self.close()
            raise RecognizerError(self.source, f"the recognizer failed: {error}.") from error


def load(path: Path, *, alternatives: int = 0) -> VoskEngine:
    """The engine of `vosk` on the model in a folder, which takes from a second to a minute and as much memory.

    Raises ModelError when the folder holds no model, RecognizerError when the library cannot load it.
    """
    model = models.examine(path)
    library = _library()
    library.SetLogLevel(QUIET)
    with _log() as complaint:
        try:
            engine = VoskEngine(
                library,
                library.Model(str(model.path)),
                source="vosk",
                name=model.name,
                rate=model.rate,
                dynamic=model.dynamic,
                alternatives=alternatives,
            )
            engine.open().close()  # a broken graph shows no sooner
        except Exception as error:
            problem = f"vosk cannot use the model: {complaint() or error}."
            raise RecognizerError(str(path), problem, models.REMEDY) from error
    return engine


def _library() -> Any:
    try:
        return importlib.import_module("vosk")  # 26 MB that only those who listen with it pay for
    except (ImportError, OSError, TypeError) as error:  # not installed, or not built for this machine
        raise RecognizerError("vosk", f"the library cannot be used: {error}.", "Install vosk 0.3.45.") from error


@contextmanager
def _log() -> Iterator[Callable[[], str]]:
    """While it lasts, standard error is read for the library's complaints, whose reasons are nowhere else.

    Gives a function that tells the last complaint, without where in the library it was. What others write meanwhile
    is passed on when all went well; a library that complains adds pages of its options.
    """
    kept = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)

        def lines() -> list[str]:
            file.seek(0)
            return file.read().decode("utf-8", "replace").splitlines(keepends=True)

        def complaint() -> str:
            found = [match[1] for line in lines() if (match := COMPLAINT.match(line))]
            return found[-1].rstrip(". ") if found else ""

        try:
            yield complaint
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        sys.stderr.writelines(line for line in lines() if "(VoskAPI:" not in line)
