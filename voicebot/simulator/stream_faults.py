"""What befalls the sound of one stream on its way: frames that get lost or come late, and noise.

Nothing overtakes anything, for a WebSocket keeps its order: what is late holds up what comes after it, and then all of
it comes at once, with the timestamps that it always had. What is lost leaves a hole in chunks and sequence numbers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from voicebot.simulator import mulaw
from voicebot.simulator.faults import Trouble
from voicebot.simulator.speech import FRAME_BYTES, Speech

# Gaps: how many frames they hold up (233 ms were measured on live streams where one document follows another), and how
# likely a gap begins with a frame. Jitter: how likely a frame waits for the next.
GAP_FRAMES, GAP_RATE = (3, 11), 1 / 250
JITTER_RATE = 0.3
KINDS = ("frames_lost", "gaps", "jitter", "noise")


class StreamFaults:
    """The faults of the stream that has the identifier `sid`."""

    def __init__(self, trouble: Trouble, sid: str) -> None:
        self._trouble, self._sid = trouble, sid
        struck = {kind for kind in KINDS if trouble.befalls(kind, sid)}
        self.strikes = bool(struck)
        self._loss = trouble.within(trouble.faults.loss, "loss", sid) if "frames_lost" in struck else 0.0
        self._gaps, self._jitter = "gaps" in struck, "jitter" in struck
        self._snr = trouble.within(trouble.faults.snr, "snr", sid) if "noise" in struck else None
        self._waits_for = 0

    def loses(self, chunk: int) -> bool:
        """Whether the frame never arrives."""
        return self._counted("lost_frames", self._trouble.fraction("frame", self._sid, chunk) < self._loss)

    def holds_up(self, chunk: int) -> bool:
        """Whether the frame, and what waits already, has to wait for the next one."""
        if self._gaps and chunk >= self._waits_for and self._trouble.fraction("gap", self._sid, chunk) < GAP_RATE:
            least, most = GAP_FRAMES
            length = least + int(self._trouble.fraction("gap length", self._sid, chunk) * (most - least + 1))
            self._waits_for = chunk + length
        late = self._jitter and self._trouble.fraction("jitter", self._sid, chunk) < JITTER_RATE
        return self._counted("late_frames", late or chunk < self._waits_for)

    def _counted(self, what: str, happens: bool) -> bool:
        self._trouble.struck[what] += happens
        return happens

    def blur(self, sound: bytes | None, chunk: int, speech: Speech) -> bytes | None:
        """The frame with noise in it, so many decibels below the voice of the person; None is silence."""
        if self._snr is None:
            return sound
        level = speech.loudness() / 10 ** (self._snr / 20)
        place = int(self._trouble.fraction("noise", self._sid, chunk) * (len(_noise()) - FRAME_BYTES))
        clean = 0 if sound is None else mulaw.decode(sound).astype(np.int32)
        return mulaw.encode(clean + level * _noise()[place : place + FRAME_BYTES])


@lru_cache(1)
def _noise() -> npt.NDArray[np.float64]:
    """Two seconds of white noise of the loudness 1; what varies is where it is taken from."""
    return np.random.default_rng(1).standard_normal(2 * mulaw.RATE)
