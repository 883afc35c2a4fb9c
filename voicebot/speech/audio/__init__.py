"""Sound as numbers: telephone codecs, sample rates, WAV files and voice activity. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Mono sound, one number a sample, full scale at +-32768."""
