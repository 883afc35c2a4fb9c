from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicebot.speech.timeline import BYTES_PER_MS, LEAP, LONGEST_FRAME, LOST_AT_MOST, QUIET, Timeline

FRAME = b"\x01" * 160


def test_frames_in_order_pass_through() -> None:
    line = Timeline()
    assert [line.take(FRAME, at) for at in (0, 20, 40)] == [FRAME] * 3
    assert (line.now, line.left_out, line.made_up) == (60, 0, 0)


def test_clocks_begin_anywhere() -> None:
    line = Timeline()
    assert line.take(FRAME, 123_456) == FRAME
    assert line.take(FRAME, 123_476) == FRAME
    assert line.now == 40


def test_doubled_and_late_frames_are_left_out() -> None:
    line = Timeline()
    assert [bool(line.take(FRAME, at)) for at in (0, 0, 20, 40, 20, 60)] == [True, False, True, True, False, True]
    assert (line.now, line.left_out) == (80, 2)


def test_lost_frames_become_silence() -> None:
    line = Timeline()
    line.take(FRAME, 0)
    assert line.take(FRAME, 60) == QUIET * 320 + FRAME
    assert (line.now, line.made_up) == (80, 40)


def test_a_clock_that_is_a_little_off_is_believed_only_so_far() -> None:
    line = Timeline()
    assert [line.take(FRAME, at) for at in (0, 19, 41, 60, 79)] == [FRAME] * 5


def test_a_long_gap_is_made_up_for_only_so_far() -> None:
    line = Timeline()
    line.take(FRAME, 0)
    assert len(line.take(FRAME, 3_600_000)) == LOST_AT_MOST * BYTES_PER_MS + len(FRAME)
    assert line.take(FRAME, 3_600_020) == FRAME


def test_a_clock_that_is_set_back_runs_on() -> None:
    line = Timeline()
    for at in range(0, 10_000, 20):
        line.take(FRAME, at)
    assert line.take(FRAME, 0) == FRAME
    assert line.take(FRAME, 20) == FRAME
    assert line.now == 10_040


def test_a_frame_is_taken_only_so_far() -> None:
    assert len(Timeline().take(b"\x01" * 1_000_000, 0)) == LONGEST_FRAME * BYTES_PER_MS


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12) | st.integers(0, 2 * LEAP), st.integers(0, 400)), max_size=40))
def test_whatever_the_frames_claim_time_is_the_sound(frames: list[tuple[int, int]]) -> None:
    line = Timeline()
    taken = 0
    for at, length in frames:
        sound = line.take(b"\x01" * (length * BYTES_PER_MS), at)
        assert len(sound) <= (LOST_AT_MOST + min(length, LONGEST_FRAME)) * BYTES_PER_MS
        taken += len(sound)
    assert line.now * BYTES_PER_MS == taken
