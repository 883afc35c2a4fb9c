"""The line's sound: µ-law, eight thousand samples a second (ITU-T G.711), to and from linear samples.

https://www.itu.int/rec/T-REC-G.711
"""

from __future__ import annotations

import io
import wave

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

RATE = 8000
SILENCE = b"\xff"
BIAS, LOUDEST = 0x84, 32635


def _decode_table() -> Samples:
    """The 256 linear values, scaled to 16 bits."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    size = (((code & 0x0F) << 3) + BIAS << ((code >> 4) & 7)) - BIAS
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _encode_table() -> npt.NDArray[np.uint8]:
    """The code of every 16-bit value, in the order of its bits read without a sign (-1 is the last)."""
    value = np.arange(65536, dtype=np.int32).astype(np.uint16).view(np.int16).astype(np.int32)
    size = np.minimum(np.abs(value), LOUDEST) + BIAS
    segment = np.floor(np.log2(size)).astype(np.int32) - 7
    code = (segment << 4) | ((size >> (segment + 3)) & 0x0F) | np.where(value < 0, 0x80, 0)
    codes: npt.NDArray[np.uint8] = (~code & 0xFF).astype(np.uint8)
    return codes


_LINEAR, _CODES = _decode_table(), _encode_table()


def decode(sound: bytes) -> Samples:
    """µ-law as linear samples."""
    return _LINEAR[np.frombuffer(sound, np.uint8)]


def encode(samples: npt.ArrayLike) -> bytes:
    """Linear samples, of whatever number type, as µ-law; what is too loud is clipped."""
    whole = np.clip(np.asarray(samples), -32768, 32767).astype(np.int16)
    return bytes(_CODES[whole.view(np.uint16)])


def wav(sound: bytes) -> bytes:
    """µ-law as a WAV file: 16 bit, 8000 Hz, one channel."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(decode(sound).astype("<i2").tobytes())
    return file.getvalue()
