"""Cepstra as Kaldi makes them of 8,000 samples a second: a network is trained on what it will be given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.speech.tiny_model.words import HIGH_FREQUENCY, LOW_FREQUENCY, MEL_BINS

RATE = 8000
WINDOW, SHIFT, SPECTRUM = 200, 80, 256
"""Samples that a frame looks at, from one frame to the next, and of its Fourier transform."""

PREEMPHASIS = 0.97
FLOOR = float(np.finfo(np.float32).eps)

Frames = NDArray[np.float32]


def cepstra(samples: NDArray[np.floating]) -> Frames:
    """One row of MEL_BINS cepstra, without lifter, for every 10 ms; samples are of the size of 16-bit sound."""
    count = 1 + (len(samples) - WINDOW) // SHIFT
    frames = np.stack([samples[SHIFT * place : SHIFT * place + WINDOW] for place in range(count)]).astype(np.float64)
    frames -= frames.mean(axis=1, keepdims=True)
    before = np.hstack([frames[:, :1], frames[:, :-1]])
    shaped = (frames - PREEMPHASIS * before) * _povey()
    power = np.abs(np.fft.rfft(shaped, SPECTRUM)[:, : SPECTRUM // 2]) ** 2
    bins = np.log(np.maximum(power @ _mel().T, FLOOR))
    return np.asarray(bins @ cosines().T, dtype=np.float32)


def cosines() -> NDArray[np.float64]:
    """The orthonormal cosine transform from mel bins to cepstra, (cepstra, bins)."""
    order, middle = np.arange(MEL_BINS)[:, None], np.arange(MEL_BINS)[None, :] + 0.5
    transform: NDArray[np.float64] = np.sqrt(2.0 / MEL_BINS) * np.cos(np.pi / MEL_BINS * middle * order)
    transform[0] = np.sqrt(1.0 / MEL_BINS)
    return transform


def _povey() -> NDArray[np.float64]:
    angle = 2 * np.pi * np.arange(WINDOW) / (WINDOW - 1)
    return np.asarray((0.5 - 0.5 * np.cos(angle)) ** 0.85)


def _mel() -> NDArray[np.float64]:
    """The triangular filters, (bins, frequencies of the spectrum)."""
    low, high = (1127.0 * np.log1p(hertz / 700.0) for hertz in (LOW_FREQUENCY, HIGH_FREQUENCY))
    step = (high - low) / (MEL_BINS + 1)
    mel = 1127.0 * np.log1p(np.arange(SPECTRUM // 2) * RATE / SPECTRUM / 700.0)
    left = low + step * np.arange(MEL_BINS)[:, None]
    rising, falling = (mel - left) / step, (left + 2 * step - mel) / step
    return np.asarray(np.maximum(0.0, np.minimum(rising, falling)))
