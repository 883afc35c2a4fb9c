"""Bytes as tones and back.

A symbol is four bits: one of 16 tones, 125 Hz apart, for 8 ms. So every tone has whole cycles in a symbol: tones follow
each other without a click, and each is one bin of the symbol's Fourier transform. In front of the symbols goes a sweep,
whose correlation with itself is a needle: it tells to a sample or two where the symbols begin.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from voicebot.errors import VoicebotError
from voicebot.speech.audio import Samples

SYMBOLS = 125
"""Symbols a second, and the distance between tones in Hz."""
SWEEP = 4
"""The symbols' time that a sweep takes."""
RELEASE = 1
"""The symbols' time in which the end of a word fades."""
SLOWEST = 8000
"""The least sample rate, in Hz."""

_TONES = slice(5, 21)
"""The multiples of 125 Hz that are used: 625..2500 Hz, the middle of what a telephone lets through."""
_SWEEP_HZ = (500.0, 3000.0)
_AMPLITUDE = 0.1 * 32768 * 2**0.5
"""20 dB below full scale."""
_CELLS = 3
"""Sweeps' times that are searched at a time. With the sweep that follows they make 16 symbols: a short transform."""
_POINTS = 64
"""Points of the correlation to a symbol: the band below 4 kHz has no more."""
_QUIET = 64
"""A block whose samples are all nearer to zero than this (54 dB below full scale) is not searched."""
_LIKENESS = 0.4
"""The correlation from which on something may be a sweep: one with as much noise as sweep has 0.7."""

_Floats = npt.NDArray[np.float32]


def modulated(packet: bytes, length: int, rate: int) -> Samples:
    """The sound of a packet, `length` samples long: the sweep, the packet, and the packet again until the end."""
    nibbles = np.array([(byte >> 4, byte & 15) for byte in packet])
    place = np.arange(length)
    symbol = place * SYMBOLS // rate
    tone = np.resize(nibbles, symbol[-1] + 1 - SWEEP)[np.maximum(symbol - SWEEP, 0)]
    cycles = np.where(symbol < SWEEP, _sweep_cycles(place / rate), (_TONES.start + tone) * SYMBOLS * (place / rate))
    rise_and_fall = np.minimum(2 * place, (length - place) / RELEASE) * SYMBOLS / rate
    envelope = np.clip(rise_and_fall, 0, 1)
    return np.rint(_AMPLITUDE * envelope * np.sin(2 * np.pi * cycles)).astype(np.int16)


def _sweep_cycles(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    low, high = _SWEEP_HZ
    return low * seconds + (high - low) * SYMBOLS / SWEEP / 2 * seconds**2


class Demodulator:
    """Finds sweeps and reads symbols in sound of one rate. It holds tables only and may be shared."""

    def __init__(self, rate: int) -> None:
        if rate < SLOWEST:
            raise VoicebotError("carried words", f"cannot be heard at {rate} Hz.", f"Use {SLOWEST} Hz or more.")
        self._rate = rate
        self._symbol = rate // SYMBOLS
        self._sweep = SWEEP * self._symbol
        self.block = _CELLS * self._sweep
        """Samples that are searched at a time."""
        self.window = self.block + self._sweep
        """Samples that are needed to search a block."""
        sweep = np.sin(2 * np.pi * _sweep_cycles(np.arange(self._sweep) / rate)).astype(np.float32)
        self._sweep_power = float(sweep @ sweep)
        self._spectrum = np.conj(np.fft.rfft(sweep, self.window))[: (_CELLS + 1) * SWEEP * _POINTS // 2 + 1]

    def samples(self, symbols: int) -> int:
        """How many samples `symbols` take."""
        return symbols * self._rate // SYMBOLS

    def sweeps(self, window: Samples) -> list[int]:
        """Where in the block at the beginning of `window` sweeps may begin: at most one place in a sweep's time.

        A word on the seam of two such times may be found twice, a fraction of a symbol apart.
        """
        if max(int(window.max()), -int(window.min())) < _QUIET:
            return []
        sound = window.astype(np.float32)
        band = np.fft.rfft(sound)[: len(self._spectrum)] * self._spectrum
        likeness = np.fft.irfft(band, (_CELLS + 1) * SWEEP * _POINTS)[: _CELLS * SWEEP * _POINTS]
        best = likeness.reshape(_CELLS, -1).argmax(axis=1) + np.arange(_CELLS) * SWEEP * _POINTS
        peaks = zip((best * self._symbol // _POINTS).tolist(), likeness[best].tolist(), strict=True)
        return [place for place, peak in peaks if peak > self._bar(sound[place : place + self._sweep])]

    def _bar(self, sound: _Floats) -> float:
        """What the correlation of `sound` with the sweep must exceed."""
        scale = self._symbol / _POINTS  # an inverse transform divides by its number of points
        power = float(sound @ sound)
        return float(scale * _LIKENESS * (self._sweep_power * power) ** 0.5)

    def read(self, sound: Samples, first: int, count: int) -> tuple[bytes, float]:
        """`count` bytes from the symbol `first` after the beginning of `sound` on.

        With them goes the share of the power that is in the strongest tones: 1 for a clean sound, 0.1 for noise.
        """
        starts = np.arange(first, first + 2 * count) * self._rate // SYMBOLS
        symbols = sound[starts[:, np.newaxis] + np.arange(self._symbol)].astype(np.float32)
        power = np.square(np.abs(np.fft.rfft(symbols)[:, _TONES]))
        total = float(np.square(symbols).sum()) * self._symbol / 2
        nibbles = power.argmax(axis=1).astype(np.uint8)
        return (nibbles[::2] << 4 | nibbles[1::2]).tobytes(), float(power.max(axis=1).sum()) / max(total, 1.0)


@lru_cache(maxsize=8)
def demodulator(rate: int) -> Demodulator:
    """The demodulator for sound of `rate` Hz; VoicebotError below 8000 Hz."""
    return Demodulator(rate)
