"""A voice that speaks: the program espeak-ng, where it is installed (https://github.com/espeak-ng/espeak-ng)."""

from __future__ import annotations

import logging
import shutil
import struct
import subprocess
from functools import lru_cache

import numpy as np
import soxr  # type: ignore[import-untyped]

from voicebot.simulator import mulaw
from voicebot.simulator.voices.seam import Voice
from voicebot.simulator.voices.tone import ToneVoice

PROGRAM = "espeak-ng"
# Seconds for one utterance; characters of it that are spoken; utterances that are kept.
PATIENCE, LONGEST, KEPT = 10.0, 1000, 512
# Its name of a language, where that is not the tag in small letters (`espeak-ng --voices` lists them).
NAMES = {"zh": "cmn", "zh-cn": "cmn", "zh-tw": "cmn", "zh-hk": "yue", "en": "en-us"}
# The persons there are: variant of the voice, pitch from 0 to 99, words a minute.
PERSONS = (("m1", 40, 160), ("f1", 55, 165), ("m3", 50, 175), ("f2", 45, 155), ("m7", 35, 150), ("f4", 60, 180))


class EspeakVoice:
    """Lets espeak-ng speak; where it fails, a hum takes its place, and the log says so once.

    `program` is its path. What was spoken is kept, so that a phrase costs its time once for each of the persons.
    """

    def __init__(self, program: str = PROGRAM) -> None:
        self._program = program
        self._hum = ToneVoice()
        self._has_failed = False
        self._spoken = lru_cache(KEPT)(self._speak)

    def sound(self, words: str, language: str, seed: int) -> bytes:
        """The words, spoken by one of PERSONS."""
        try:
            return self._spoken(words[:LONGEST], language, seed % len(PERSONS))
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            if not self._has_failed:
                logging.getLogger(__name__).warning("%s did not speak, and a hum takes its place: %s", PROGRAM, error)
            self._has_failed = True
            return self._hum.sound(words, language, seed)

    def _speak(self, words: str, language: str, who: int) -> bytes:
        variant, pitch, pace = PERSONS[who]
        tag = language.lower()
        name = NAMES.get(tag, tag)
        command = [self._program, "-v", f"{name}+{variant}", "-p", str(pitch), "-s", str(pace), "-b", "1"]
        done = subprocess.run(  # noqa: S603  (the words go in by stdin, and the rest is ours)
            [*command, "--stdin", "--stdout"], input=words.encode(), capture_output=True, timeout=PATIENCE, check=True
        )
        return _line_sound(done.stdout)


def best_voice() -> Voice:
    """espeak-ng where it is installed, else a hum."""
    program = shutil.which(PROGRAM)
    return EspeakVoice(program) if program else ToneVoice()


def _line_sound(file: bytes) -> bytes:
    """A WAV of 16 bits and one channel as the line carries it. Written to a pipe, its head does not know its length."""
    start = file.find(b"data")
    if not file.startswith(b"RIFF") or start < 0 or file.find(b"fmt ") < 0:
        raise ValueError("what it wrote is no WAV")
    _, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", file, file.find(b"fmt ") + 8)
    if (channels, bits) != (1, 16):
        raise ValueError(f"what it wrote has {channels} channels of {bits} bits")
    body = file[start + 8 :]
    samples = np.frombuffer(body[: len(body) // 2 * 2], "<i2")
    if not len(samples):
        raise ValueError("what it wrote is empty")
    return mulaw.encode(soxr.resample(samples, rate, mulaw.RATE))
