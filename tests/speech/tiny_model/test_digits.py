"""Human speech through the real library, where there is some: FSDD_PATH names a folder of spoken digits.

A folder of `{digit}_{speaker}_{take}.wav` (8 kHz, 16 bit, mono) as the Free Spoken Digit Dataset has them.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from tests.speech.tiny_model import digits
from tests.speech.tiny_model.mfcc import RATE
from voicebot.speech import vosk_engine
from voicebot.speech.audio.g711 import decode_ulaw, encode_ulaw
from voicebot.speech.recognizer import Engine

FOLDER = os.environ.get("FSDD_PATH", "")
TEST_TAKES = range(5, 10)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER, reason="no FSDD_PATH"),
]


@pytest.fixture(scope="module")
def takes() -> list[digits.Take]:
    return digits.takes(Path(FOLDER))


@pytest.fixture(scope="module")
def engine(takes: list[digits.Take], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    network = digits.train([take for take in takes if take.number not in TEST_TAKES])
    return vosk_engine.load(digits.write(tmp_path_factory.mktemp("digits"), network))


def _heard(engine: Engine, sounds: list[digits.Samples], grammar: tuple[str, ...] = ()) -> list[str]:
    """What is heard of sounds one after the other, over a telephone line, a little silence around each."""
    pause = np.zeros(RATE * 3 // 10, dtype=np.float32)
    sound = np.concatenate([pause, *(piece for one in sounds for piece in (one, pause))]).astype(np.int16)
    recognizer = engine.open(grammar)
    recognizer.feed(decode_ulaw(encode_ulaw(sound)).tobytes())
    utterance = recognizer.end_of_speech()
    return utterance.readings[0].text.split() if utterance else []


def test_digits_of_known_speakers_are_recognized(engine: Engine, takes: list[digits.Take]) -> None:
    tests = [take for take in takes if take.number in TEST_TAKES]
    right = sum(_heard(engine, [take.samples]) == [digits.DIGITS[take.digit]] for take in tests)
    assert right >= 0.9 * len(tests)


def test_digits_in_a_row_are_recognized(engine: Engine, takes: list[digits.Take]) -> None:
    tests = [take for take in takes if take.number in TEST_TAKES]
    rows = [tests[begin::50] for begin in range(50)]
    said = [[digits.DIGITS[take.digit] for take in row] for row in rows]
    heard = [_heard(engine, [take.samples for take in row]) for row in rows]
    right = sum(one == other for one, other in zip(said, heard, strict=True))
    assert right >= 0.7 * len(rows)
