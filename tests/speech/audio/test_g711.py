"""The codecs against the decision and output values that ITU-T G.711 tabulates."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pytest

from voicebot.speech.audio import Samples, g711

Ints = npt.NDArray[np.int64]
Decode = Callable[[bytes], Samples]
Encode = Callable[[Samples], bytes]

ALAW = [(32, 2), (16, 4), (16, 8), (16, 16), (16, 32), (16, 64), (16, 128)]
"""Table 1a, columns 1 and 2: how many intervals, and of which size, where full scale is 4096."""
ULAW = [(1, 1), (15, 2), (16, 4), (16, 8), (16, 16), (16, 32), (16, 64), (16, 128), (16, 256)]
"""Table 2a, the same, where full scale is 8159."""

EVERY = np.arange(-32768, 32768).astype(np.int16)
ALL_CODES = bytes(range(256))


def _decisions(segments: list[tuple[int, int]], scale: int) -> Ints:
    """Column 5: where the intervals begin and end."""
    sizes = [size for count, size in segments for _ in range(count)]
    return scale * np.array(list(accumulate(sizes, initial=0)))


def _outputs(decisions: Ints) -> Ints:
    """Column 8: the middle of each interval."""
    return (decisions[:-1] + decisions[1:]) // 2


ALAW_DECISIONS, ULAW_DECISIONS = _decisions(ALAW, 8), _decisions(ULAW, 4)
ALAW_OUTPUTS = _outputs(ALAW_DECISIONS)
ULAW_OUTPUTS = np.array([0, *_outputs(ULAW_DECISIONS)[1:]])

LAWS = [
    pytest.param(g711.encode_ulaw, g711.decode_ulaw, ULAW_DECISIONS, ULAW_OUTPUTS, id="mu-law"),
    pytest.param(g711.encode_alaw, g711.decode_alaw, ALAW_DECISIONS, ALAW_OUTPUTS, id="A-law"),
]


def test_the_tables_are_whole() -> None:
    assert (len(ALAW_OUTPUTS), len(ULAW_OUTPUTS)) == (128, 128)
    assert (ALAW_DECISIONS[-1], ULAW_DECISIONS[-1]) == (4096 * 8, 8159 * 4)


def test_ulaw_codes_have_the_values_of_the_table() -> None:
    positive = g711.decode_ulaw(bytes(0xFF - n for n in range(128)))
    negative = g711.decode_ulaw(bytes(0x7F - n for n in range(128)))
    assert positive.tolist() == ULAW_OUTPUTS.tolist()
    assert negative.tolist() == (-ULAW_OUTPUTS).tolist()


def test_alaw_codes_have_the_values_of_the_table() -> None:
    positive = g711.decode_alaw(bytes((n | 0x80) ^ 0x55 for n in range(128)))
    negative = g711.decode_alaw(bytes(n ^ 0x55 for n in range(128)))
    assert positive.tolist() == ALAW_OUTPUTS.tolist()
    assert negative.tolist() == (-ALAW_OUTPUTS).tolist()


@pytest.mark.parametrize(("encode", "decode", "decisions", "outputs"), LAWS)
def test_every_sample_falls_into_its_interval(encode: Encode, decode: Decode, decisions: Ints, outputs: Ints) -> None:
    inside = ~np.isin(np.abs(EVERY.astype(int)), decisions)
    samples = EVERY[inside]
    interval = np.minimum(np.searchsorted(decisions, np.abs(samples.astype(int)), side="right") - 1, 127)
    assert np.array_equal(decode(encode(samples)), np.sign(samples) * outputs[interval])


@pytest.mark.parametrize(("encode", "decode", "decisions", "outputs"), LAWS)
def test_no_sample_is_off_by_more_than_its_interval_reaches(
    encode: Encode, decode: Decode, decisions: Ints, outputs: Ints
) -> None:
    magnitude = np.abs(EVERY.astype(int))
    interval = np.minimum(np.searchsorted(decisions, magnitude, side="right") - 1, 127)
    reach = np.maximum(outputs - decisions[:-1], decisions[1:] - outputs)[interval]
    bound = reach + np.maximum(magnitude - decisions[-1], 0)
    assert np.all(np.abs(decode(encode(EVERY)).astype(int) - EVERY) <= bound)


def test_every_alaw_code_comes_back() -> None:
    assert g711.encode_alaw(g711.decode_alaw(ALL_CODES)) == ALL_CODES


def test_every_ulaw_code_but_the_negative_zero_comes_back() -> None:
    back = g711.encode_ulaw(g711.decode_ulaw(ALL_CODES))
    assert [(code, again) for code, again in zip(ALL_CODES, back, strict=True) if code != again] == [(0x7F, 0xFF)]


@pytest.mark.parametrize(("encode", "decode", "decisions", "outputs"), LAWS)
def test_louder_never_becomes_softer(encode: Encode, decode: Decode, decisions: Ints, outputs: Ints) -> None:
    assert np.all(np.diff(decode(encode(EVERY)).astype(int)) >= 0)


def test_every_second_sample_of_a_stereo_sound_can_be_coded() -> None:
    both = np.column_stack((EVERY, EVERY[::-1]))
    assert g711.encode_ulaw(both[:, 0]) == g711.encode_ulaw(EVERY)


def test_no_sound_has_no_bytes() -> None:
    assert g711.encode_ulaw(g711.decode_ulaw(b"")) == g711.encode_alaw(g711.decode_alaw(b"")) == b""
