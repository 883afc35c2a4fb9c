"""From one sample rate to another, as the sound comes in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr  # type: ignore[import-untyped]

from voicebot.speech.audio import Samples


class Upsampler:
    """Turns a stream of samples at `source` Hz into one at `target` Hz.

    The result does not depend on how the stream is cut. Twice the rate (a telephone's sound for most models) comes out
    at once but for 4 ms, because somebody may be waiting for the words; any other rate comes from soxr in high quality,
    in blocks for which about 0.1 s of sound is held back. Equal rates pass through untouched.
    """

    def __init__(self, source: int, target: int) -> None:
        self._doubler = _Doubler() if target == 2 * source else None
        # Floats, because soxr adds noise to what it rounds to integers, and the noise depends on the cuts.
        is_soxr = target not in (source, 2 * source)
        self._stream = soxr.ResampleStream(source, target, 1, np.float32, "HQ") if is_soxr else None

    def feed(self, samples: Samples) -> Samples:
        """The next stretch of sound at the target rate; empty while samples are held back."""
        return self._through(samples, last=False)

    def finish(self) -> Samples:
        """What was held back. The stream is over: nothing may be fed after this."""
        return self._through(np.empty(0, np.int16), last=True)

    def _through(self, samples: Samples, *, last: bool) -> Samples:
        if self._doubler:
            return self._doubler.feed(np.zeros(_REACH, np.int16) if last else samples)
        if self._stream is None:
            return samples
        return _rounded(self._stream.resample_chunk(samples.astype(np.float32), last))


_REACH = 32
"""Samples on either side that have a say in one between two."""


class _Doubler:
    """Puts a sample between any two: what a band-limited sound has there, by a sinc under Kaiser's window.

    Up to 3.7 kHz of a sound at 8 kHz it is flat; its images, from 4.3 kHz on, are 80 dB down. Source of the figures:
    A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, 3rd edition, equations 7.75 and 7.76.
    """

    def __init__(self) -> None:
        self._kept = np.zeros(_REACH - 1, np.int16)
        self._held = np.zeros(0, np.int16)

    def feed(self, samples: Samples) -> Samples:
        """Twice as many samples as could be worked on; _REACH of them are held back."""
        sound = np.concatenate((self._kept, self._held, samples))
        count = max(0, len(sound) - 2 * _REACH + 1)
        doubled: Samples = np.empty(2 * count, np.int16)
        if count:
            doubled[::2] = sound[_REACH - 1 : _REACH - 1 + count]
            doubled[1::2] = _rounded(np.convolve(sound.astype(np.float64), _BETWEEN, "valid"))
        self._kept, self._held = sound[count : count + _REACH - 1], sound[count + _REACH - 1 :]
        return doubled


_SHAPE = 0.1102 * (80 - 8.7)
"""Kaiser's beta for 80 dB."""


def _between() -> npt.NDArray[np.float64]:
    """What each of the samples around the middle between two has to say there."""
    place = np.arange(2 * _REACH) - _REACH + 0.5
    weight = np.sinc(place) * np.i0(_SHAPE * np.sqrt(1 - (place / _REACH) ** 2))
    scaled: npt.NDArray[np.float64] = weight / weight.sum()
    return scaled


def _rounded(sound: npt.NDArray[np.floating]) -> Samples:
    rounded: Samples = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return rounded


_BETWEEN = _between()


def resampled(samples: Samples, source: int, target: int) -> Samples:
    """The whole of a sound at another rate."""
    stream = Upsampler(source, target)
    return np.concatenate((stream.feed(samples), stream.finish()))
