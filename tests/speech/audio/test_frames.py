"""Sound cut up is the same sound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.speech.audio.frames import Batches, frames


@given(length=st.integers(0, 2000), rate=st.sampled_from([8000, 16000]))
def test_frames_are_the_sound_and_then_silence(length: int, rate: int) -> None:
    sound = np.arange(1, length + 1).astype(np.int16)
    cut = list(frames(sound, rate))
    together = np.concatenate([np.empty(0, np.int16), *cut])
    assert {len(frame) for frame in cut} <= {rate // 50}
    assert np.array_equal(together[:length], sound)
    assert len(together) - length < rate // 50
    assert not together[length:].any()


@given(sizes=st.lists(st.integers(0, 700), max_size=20), size=st.integers(1, 500))
def test_batches_are_whole_and_in_order(sizes: list[int], size: int) -> None:
    sound = np.arange(sum(sizes)).astype(np.int16)
    batches = Batches(size)
    out = [batch for piece in np.split(sound, np.cumsum(sizes)) for batch in batches.feed(piece)]
    rest = batches.finish()
    assert all(len(batch) == size for batch in out)
    assert len(rest) < size
    assert np.array_equal(np.concatenate([*out, rest]), sound)


@pytest.mark.parametrize("fed", [0, 5, 10, 12])
def test_batches_begin_anew_after_the_end(fed: int) -> None:
    batches = Batches(10)
    batches.feed(np.ones(fed, np.int16))
    batches.finish()
    assert [batch.tolist() for batch in batches.feed(np.arange(10).astype(np.int16))] == [list(range(10))]
