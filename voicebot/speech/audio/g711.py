"""G.711: the two laws by which telephone lines squeeze a sample into a byte, as tables.

Source: ITU-T G.711 (11/88), tables 1 and 2. A negative sample is mirrored by complementing its bits, as in the ITU-T
software tool library (G.191), so that the whole range of int16 has a code. Samples here are 16 bits wide; the
standard's are 13 (A-law) and 14 (mu-law), left-justified.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicebot.speech.audio import Samples

Codes = npt.NDArray[np.uint8]

_BIAS = 132
"""Added to a mu-law magnitude, it makes every segment begin at a power of two."""
_CLIP = 32635
"""The greatest mu-law magnitude: with the bias it still fits into 15 bits."""


def decode_ulaw(codes: bytes) -> Samples:
    """The samples of mu-law bytes, -32124..32124."""
    return _FROM_ULAW[np.frombuffer(codes, np.uint8)]


def encode_ulaw(samples: Samples) -> bytes:
    """The mu-law bytes of samples; magnitudes above 32635 are clipped."""
    return _TO_ULAW[samples.view(np.uint16)].tobytes()


def decode_alaw(codes: bytes) -> Samples:
    """The samples of A-law bytes, -32256..32256; A-law has no zero, its silence is +8 or -8."""
    return _FROM_ALAW[np.frombuffer(codes, np.uint8)]


def encode_alaw(samples: Samples) -> bytes:
    """The A-law bytes of samples."""
    return _TO_ALAW[samples.view(np.uint16)].tobytes()


def _from_ulaw() -> Samples:
    code = ~np.arange(256, dtype=np.uint8)
    segment, step = (code.astype(np.int32) >> 4) & 7, code.astype(np.int32) & 15
    magnitude = ((8 * step + _BIAS) << segment) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _from_alaw() -> Samples:
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    segment, step = (code.astype(np.int32) >> 4) & 7, code.astype(np.int32) & 15
    magnitude = np.where(segment == 0, 16 * step + 8, (16 * step + 264) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _all_samples() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """The magnitude and sign of every int16, in the order of its bits read as uint16."""
    every = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    return np.where(every < 0, ~every, every), every < 0


def _to_ulaw() -> Codes:
    magnitude, negative = _all_samples()
    biased = np.minimum(magnitude, _CLIP) + _BIAS
    segment = np.frexp(biased)[1] - 8
    code = (segment << 4) | ((biased >> (segment + 3)) & 15) | np.where(negative, 0x80, 0)
    mirrored: Codes = (~code).astype(np.uint8)
    return mirrored


def _to_alaw() -> Codes:
    magnitude, negative = _all_samples()
    segment = np.maximum(np.frexp(magnitude)[1] - 8, 0)
    code = (segment << 4) | ((magnitude >> np.maximum(segment + 3, 4)) & 15) | np.where(negative, 0, 0x80)
    toggled: Codes = (code ^ 0x55).astype(np.uint8)
    return toggled


_FROM_ULAW, _TO_ULAW = _from_ulaw(), _to_ulaw()
_FROM_ALAW, _TO_ALAW = _from_alaw(), _to_alaw()
