"""From one sample rate to another, as the sound comes in."""

from __future__ import annotations

import numpy as np
import soxr  # type: ignore[import-untyped]

from voicebot.speech.audio import Samples


class Upsampler:
    """Turns a stream of samples at `source` Hz into one at `target` Hz (soxr, high quality).

    The result does not depend on how the stream is cut. It comes in blocks: what was fed may be held back for about
    0.1 s of sound before it comes out. Equal rates pass through untouched.
    """

    def __init__(self, source: int, target: int) -> None:
        # Floats, because soxr adds noise to what it rounds to integers, and the noise depends on the cuts.
        self._stream = None if source == target else soxr.ResampleStream(source, target, 1, np.float32, "HQ")

    def feed(self, samples: Samples) -> Samples:
        """The next stretch of sound at the target rate; empty while samples are held back."""
        return self._through(samples, last=False)

    def finish(self) -> Samples:
        """What was held back. The stream is over: nothing may be fed after this."""
        return self._through(np.empty(0, np.int16), last=True)

    def _through(self, samples: Samples, *, last: bool) -> Samples:
        if self._stream is None:
            return samples
        sound = self._stream.resample_chunk(samples.astype(np.float32), last)
        rounded: Samples = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
        return rounded


def resampled(samples: Samples, source: int, target: int) -> Samples:
    """The whole of a sound at another rate."""
    stream = Upsampler(source, target)
    return np.concatenate((stream.feed(samples), stream.finish()))
