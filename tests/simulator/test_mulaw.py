"""The line's sound (ITU-T G.711)."""

from __future__ import annotations

import io
import wave

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voicebot.simulator import mulaw


# ITU-T G.711, table 2a/2b: the ends of the scale, its middle, and one value of every segment, scaled to 16 bits.
def test_known_values() -> None:
    codes = bytes([0x80, 0x8F, 0x9F, 0xAF, 0xBF, 0xCF, 0xDF, 0xEF, 0xFF, 0x00])
    assert list(mulaw.decode(codes)) == [32124, 16764, 8316, 4092, 1980, 924, 396, 132, 0, -32124]
    assert mulaw.encode([32767, -32768, 0]) == b"\x80\x00\xff"
    assert mulaw.SILENCE == b"\xff"


@given(st.binary(max_size=400))
def test_every_code_comes_back(sound: bytes) -> None:
    assert mulaw.encode(mulaw.decode(sound)) == sound.replace(b"\x7f", b"\xff")


@given(st.lists(st.integers(-32768, 32767), min_size=1))
def test_the_nearest_step_is_taken(samples: list[int]) -> None:
    back = mulaw.decode(mulaw.encode(samples)).astype(int)
    for given_, got in zip(samples, back, strict=True):
        # Half a step: four, and twice as much in every segment; the segments begin at 132, doubled, less 132.
        assert abs(int(got) - given_) <= (abs(given_) + 132) / 32


def test_too_loud_is_clipped() -> None:
    assert mulaw.encode([1e9, -1e9]) == mulaw.encode([32767, -32768])


def test_file_is_what_was_heard() -> None:
    sound = bytes(range(256))
    with wave.open(io.BytesIO(mulaw.wav(sound))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        samples = np.frombuffer(file.readframes(256), "<i2")
    assert list(samples) == list(mulaw.decode(sound))
