"""The class `KaldiRecognizer` of the module `vosk` 0.3.45, working on a script instead of a model.

Names, arguments, texts, states, errors and moments are the library's. What ends its process here raises `Killed`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np

from voicebot.speech.mock import arguments, log, srt, texts
from voicebot.speech.mock.alternatives import readings
from voicebot.speech.mock.bigram import Bigram, NotAnArrayError, NotStringsError, phrases
from voicebot.speech.mock.decoder import STEP, Decoder
from voicebot.speech.mock.mishearing import misheard, near
from voicebot.speech.mock.model import SpkModel
from voicebot.speech.mock.script import EPSILON, Script
from voicebot.speech.recognizer import UNKNOWN, Word

SPEAKER_WIDTH = 128
SPEAKER_FRAMES = 50
"""Features of speech without which there is no vector of the speaker."""

PUNCTUATION = ",.;:!?\"'()…，。；：！？、"


class Killed(BaseException):
    """The library would have ended this process, or never returned. No handler of ordinary errors may hide that."""


class KaldiRecognizer:
    """`KaldiRecognizer(model, rate)`, `(model, rate, speaker_model)` or `(model, rate, grammar)`."""

    def __init__(self, *args: Any) -> None:
        if len(args) not in {2, 3} or (len(args) == 3 and not isinstance(args[2], (SpkModel, str))):
            raise TypeError("Unknown arguments")
        self._script: Script = args[0]._handle
        self._rate = arguments.real(args[1])
        self._words = self._partial_words = self._nlsml = False
        self._max_alternatives = 0
        self._running = self._finalized = False
        self._fresh = True  # no sound since it was made, or since its grammar was
        self._speaker = len(args) == 3 and isinstance(args[2], SpkModel)
        self._expected = ""  # its grammar's text, and ...
        self._bigram: Bigram | None = None
        if len(args) == 3 and isinstance(args[2], str):
            try:
                self._expect(args[2])
            except NotStringsError:
                raise Exception("Failed to create a recognizer") from None
        rate = int(self._rate) if self._rate >= 1 else 1
        self._decoder = Decoder(rate, self._script.source(rate), self._script.endpoint, self._hear)

    # --- settings ---------------------------------------------------------------------------------------------------

    def SetMaxAlternatives(self, max_alternatives: int) -> None:  # noqa: N802
        """How many readings a result has; with 0 it has one, and the confidence of its words."""
        self._max_alternatives = arguments.integer(max_alternatives)

    def SetWords(self, enable_words: object) -> None:  # noqa: N802
        """Whether results tell words with their times."""
        self._words = bool(enable_words)

    def SetPartialWords(self, enable_partial_words: object) -> None:  # noqa: N802
        """Whether partial results tell words with their times; they then come 1.8 s late."""
        self._partial_words = bool(enable_partial_words)

    def SetNLSML(self, enable_nlsml: object) -> None:  # noqa: N802
        """Whether results are NLSML; only with alternatives."""
        self._nlsml = bool(enable_nlsml)

    def SetSpkModel(self, spk_model: SpkModel) -> None:  # noqa: N802
        """Results tell the speaker from now on."""
        _ = spk_model._handle
        if self._running:
            raise Killed("a speaker model for a running recognizer")
        self._speaker = True

    def SetGrammar(self, grammar: str) -> None:  # noqa: N802
        """Another grammar; "[]" is none. Sound that has not been decoded is gone."""
        grammar.encode("utf-8")
        if self._running:
            raise Killed("a grammar for a running recognizer")
        if not self._script.dynamic:
            log.write(log.WARNING, "SetGrm():recognizer.cc:240)", "Runtime graphs are not supported by this model")
            return
        if grammar == "[]":
            self._expected, self._bigram = "", None
        else:
            try:
                self._expect(grammar)
            except NotStringsError as error:
                raise Killed(f"a grammar with elements that are no text: {grammar}") from error
        self._decoder.rebuild()
        self._finalized, self._fresh = False, True

    def _expect(self, grammar: str) -> None:
        if not self._script.dynamic:
            log.write(log.WARNING, "KaldiRecognizer():recognizer.cc:70)", "Runtime graphs are not supported")
            return
        try:
            given = phrases(grammar)
        except NotAnArrayError as error:
            raise Killed(f"a grammar that is no array of phrases: {grammar}") from error
        if any(EPSILON in phrase.split(" ") for phrase in given):
            raise Killed(f"{EPSILON} in a grammar")
        self._expected, self._bigram = grammar, Bigram(given, self._script.knows, _warn)

    # --- sound ------------------------------------------------------------------------------------------------------

    def AcceptWaveform(self, data: bytes) -> int:  # noqa: N802
        """Take sound, PCM16; 1 when the utterance is at its end, else 0."""
        samples = np.frombuffer(arguments.sound(data)[: len(data) // 2 * 2], dtype="<i2").astype(np.int16)
        if not (self._running or self._fresh):
            begin = self._decoder.rebuild if self._finalized else self._decoder.begin
            begin()
        self._running, self._fresh, self._finalized = True, False, False
        if not len(samples):
            return int(self._decoder.at_end(self._cost()))
        if not self._rate * STEP >= 1 or self._rate % 1:
            raise Killed(f"sound of {self._rate} samples per second")
        if self._rate < self._script.rate and not self._script.upsample:
            text = f"Sampling frequency mismatch, expected {self._script.rate}, got {self._rate:g}"
            log.write(log.ERROR, "MaybeCreateResampler():online-feature.cc:99)", text)
            raise Exception("Failed to process waveform")
        self._decoder.accept(samples)
        return int(self._decoder.at_end(self._cost()))

    def _cost(self) -> float:
        words = self._decoder.words(shortest=1) if self._bigram else []
        return self._bigram.ending(words[-1].text) if self._bigram and words else 0.0

    def _hear(self, word: Word) -> list[Word]:
        """What a word that was said becomes on its way: errors, then what the grammar or the vocabulary allows."""
        said = replace(word, text=word.text.lower().strip(PUNCTUATION) or word.text)
        become = misheard(said, self._script.errors, self._expected, self._script.vocabulary)
        fitted = (replace(one, text=self._fit(one.text)) for one in become)
        return [one for one in fitted if one.text]

    def _fit(self, text: str) -> str:
        allowed = self._bigram.words if self._bigram else frozenset(self._script.vocabulary)
        if (not allowed and not self._bigram) or text in allowed:
            return text
        if UNKNOWN in allowed:
            return UNKNOWN
        return next(iter(near(text, tuple(sorted(allowed)))), "") if allowed else ""

    # --- results ----------------------------------------------------------------------------------------------------

    def Result(self) -> str:  # noqa: N802
        """The utterance so far, which ends with it."""
        if not self._running:
            return self._nothing()
        self._running = False
        return self._told()

    def PartialResult(self) -> str:  # noqa: N802
        """The words so far."""
        if not self._running:
            return self._nothing()
        words = self._decoder.words(shortest=1, worked_out=self._partial_words)
        return texts.partial(words, with_words=self._partial_words)

    def FinalResult(self) -> str:  # noqa: N802
        """The utterance to the last sample, which ends with it."""
        if not self._running:
            return self._nothing()
        self._decoder.flush()
        self._running, self._finalized = False, True
        return self._told()

    def Reset(self) -> None:  # noqa: N802
        """The utterance ends and is forgotten."""
        self._running = self._fresh = self._finalized = False

    def _told(self) -> str:
        if not self._decoder.frames:
            return self._nothing()
        words = self._decoder.words()
        voice, frames = self._voice(words)
        if not self._max_alternatives:
            return texts.result(words, voice, frames, with_words=self._words)
        found = readings(words, self._max_alternatives, self._decoder.frames, self._script.vocabulary)
        if self._nlsml:
            return texts.nlsml(found)
        return texts.alternatives(found, voice, frames, with_words=self._words)

    def _voice(self, words: Sequence[Word]) -> tuple[list[float], int]:
        """A vector of the speaker, the same for every speaker of a script, and the features it was made from."""
        features = round(sum(word.end - word.start for word in words) * 100)
        if not self._speaker or features < SPEAKER_FRAMES:
            return [], 0
        vector = np.random.default_rng(self._script.errors.seed).standard_normal(SPEAKER_WIDTH)
        return (vector / np.sqrt((vector * vector).mean())).tolist(), features

    def _nothing(self) -> str:
        if not self._max_alternatives:
            return texts.NO_TEXT
        return texts.NO_INPUT if self._nlsml else texts.NO_ALTERNATIVES

    def SrtResult(self, stream: BinaryIO, words_per_line: int = 7) -> str:  # noqa: N802
        """Everything a stream says, as subtitles; SetWords must be on, or there are none."""
        results = []
        while data := stream.read(4000):
            if self.AcceptWaveform(data):
                results.append(self.Result())
        results.append(self.FinalResult())
        return srt.subtitles(results, words_per_line)


def _warn(word: str) -> None:
    text = f"Ignoring word missing in vocabulary: '{word}'"
    log.write(log.WARNING, "UpdateGrammarFst():recognizer.cc:308)", text)
