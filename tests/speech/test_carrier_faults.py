"""Noise, losses and foreign sounds: words may be lost, and are never made up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.speech.audio import Samples, g711
from voicebot.speech.audio.resample import resampled
from voicebot.speech.carrier import Listener, carry, packet, seconds

SENTENCE = ["call", "me", "back", "on", "Thursday", "at", "seven", "please", "星期", "四", "好", "不好"]
SOUND = carry(SENTENCE)
GAP = 0.08
Wave = npt.NDArray[np.float64]


def _texts(sound: Samples, rate: int = 8000) -> list[str]:
    listener = Listener(rate)
    return [word.text for word in listener.feed(sound) + listener.finish()]


def _clipped(sound: Wave) -> Samples:
    whole: Samples = np.clip(sound, -32768, 32767).astype(np.int16)
    return whole


def _noise(length: int, seed: int) -> Wave:
    return np.random.default_rng(seed).normal(size=length)


def _noisy(sound: Samples, snr: float, seed: int) -> Samples:
    loudness = np.sqrt((sound.astype(float) ** 2).mean())
    return _clipped(sound + _noise(len(sound), seed) * loudness / 10 ** (snr / 20))


def _spans() -> list[tuple[int, int]]:
    """The first sample of each word of the sentence, and the one after its last."""
    ends = [round(8000 * seconds(SENTENCE[: count + 1])) for count in range(len(SENTENCE))]
    return [(end - round(8000 * seconds([word])), end) for word, end in zip(SENTENCE, ends, strict=True)]


def _is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


@given(snr=st.sampled_from([20, 10, 5]), seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_mild_noise_loses_nothing(snr: float, seed: int) -> None:
    line = g711.decode_ulaw(g711.encode_ulaw(_noisy(SOUND, snr, seed)))
    assert _texts(line) == SENTENCE
    assert _texts(resampled(line, 8000, 16000), 16000) == SENTENCE


@given(snr=st.floats(-10, 0), seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_strong_noise_loses_words_and_makes_none_up(snr: float, seed: int) -> None:
    assert _is_subsequence(_texts(_noisy(SOUND, snr, seed)), SENTENCE)


def test_noise_lowers_the_confidence() -> None:
    means = []
    for snr in (40, 10, 0):
        listener = Listener(8000)
        heard = listener.feed(_noisy(SOUND, snr, 1)) + listener.finish()
        means.append(sum(word.confidence or 0 for word in heard) / len(heard))
    assert 1 >= means[0] > 0.99 > means[1] > 0.8 > means[2] > 0.4


@given(frame=st.integers(0, len(SOUND) // 160 - 1), how=st.sampled_from(["silent", "missing", "twice", "noise"]))
@settings(max_examples=100, deadline=None)
def test_a_lost_frame_loses_at_most_the_words_that_it_touches(frame: int, how: str) -> None:
    frames = SOUND.reshape(-1, 160).copy()
    begin, end = frame * 160, frame * 160 + 160
    match how:
        case "silent":
            frames[frame] = 0
        case "missing":
            frames = np.delete(frames, frame, axis=0)
        case "twice":
            frames = np.insert(frames, frame, frames[frame], axis=0)
        case "noise":
            frames[frame] = _clipped(_noise(160, frame) * 10000)
    heard = _texts(frames.ravel())
    untouched = [word for word, (first, last) in zip(SENTENCE, _spans(), strict=True) if last <= begin or first >= end]
    assert _is_subsequence(untouched, heard)
    assert _is_subsequence(heard, SENTENCE)


@given(lost=st.sets(st.integers(0, len(SOUND) // 160 - 1), max_size=60))
@settings(max_examples=50, deadline=None)
def test_many_lost_frames_make_no_words_up(lost: set[int]) -> None:
    frames = SOUND.reshape(-1, 160).copy()
    frames[list(lost)] = 0
    assert _is_subsequence(_texts(frames.ravel()), SENTENCE)


def test_a_damaged_word_holds_up_nothing() -> None:
    """Even when its damage is in its length, which now claims four seconds."""
    sound = np.concatenate(
        (carry(["a" * 255])[:1000], np.zeros(600, np.int16), carry(["yes"]), np.zeros(2000, np.int16))
    )
    listener = Listener(8000)
    assert [word.text for word in listener.feed(sound)] == ["yes"]


def _voice(seconds: float) -> Wave:
    """Vowels that glide: a buzz with three formants that wander, four syllables a second."""
    time = np.arange(int(8000 * seconds)) / 8000
    pitch = 2 * np.pi * np.cumsum(130 + 30 * np.sin(2 * np.pi * 0.7 * time)) / 8000
    sound = np.zeros(len(time))
    for middle, swing, speed in [(500, 250, 1.3), (1500, 600, 0.9), (2600, 300, 1.7)]:
        formant = middle + swing * np.sin(2 * np.pi * speed * time)
        for harmonic in range(1, 30):
            sound += np.sin(harmonic * pitch) / (1 + ((harmonic * 130 - formant) / 100) ** 2)
    syllables: Wave = sound * np.abs(np.sin(2 * np.pi * 2 * time))
    return syllables


def _melody(seconds: float) -> Wave:
    """The carrier's own tones, in any order and of any length."""
    rng = np.random.default_rng(3)
    notes = [
        np.sin(2 * np.pi * 125 * k * np.arange(64 * n) / 8000) for k, n in rng.integers((4, 1), (24, 20), (500, 2))
    ]
    return np.concatenate(notes, dtype=np.float64)[: int(8000 * seconds)]


def _sirens(seconds: float) -> Wave:
    time = np.arange(int(8000 * seconds)) / 8000 % 0.5
    sweeps: Wave = np.sin(2 * np.pi * (500 * time + 2500 * time**2))
    return sweeps


def _keys(seconds: float) -> Wave:
    time = np.arange(int(8000 * seconds)) / 8000
    low = np.array([697, 770, 852, 941])[(time * 5).astype(int) % 4]
    high = np.array([1209, 1336, 1477])[(time * 5).astype(int) % 3]
    pairs: Wave = (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time)) * (time * 5 % 1 < 0.5)
    return pairs


FOREIGN = {
    "noise": _noise(80000, 5),
    "brown noise": np.cumsum(_noise(80000, 6) - np.mean(_noise(80000, 6))),
    "voice": _voice(10),
    "melody": _melody(10),
    "sirens": _sirens(10),
    "keys": _keys(10),
    "chord": sum((np.sin(np.arange(80000) * step) for step in (0.3, 0.37, 0.45, 0.9)), np.zeros(80000)),
    "clicks": (_noise(80000, 7) > 3.5) * 1.0,
    "full scale": np.sign(_noise(80000, 8)),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_sounds_are_no_words(kind: str) -> None:
    sound = _clipped(FOREIGN[kind] / np.abs(FOREIGN[kind]).max() * 30000)
    assert _texts(sound) == []
    assert _texts(resampled(sound, 8000, 16000), 16000) == []


@pytest.mark.parametrize("kind", ["voice", "brown noise", "keys", "chord"])
def test_words_are_heard_above_softer_foreign_sounds(kind: str) -> None:
    foreign = FOREIGN[kind][: len(SOUND)]
    loudness = 0.3 * np.sqrt((SOUND.astype(float) ** 2).mean() / (foreign**2).mean())
    assert _texts(_clipped(SOUND + foreign * loudness)) == SENTENCE


@given(content=st.binary(max_size=6000))
@settings(max_examples=50, deadline=None)
def test_any_bytes_from_the_line_are_no_words(content: bytes) -> None:
    assert _texts(g711.decode_ulaw(content)) == []


@given(text=st.binary(min_size=1, max_size=40), place=st.integers(0, 43), damage=st.integers(1, 255))
def test_a_packet_with_a_damaged_byte_is_refused(text: bytes, place: int, damage: int) -> None:
    whole = bytearray(packet.packed(text, 9))
    whole[place % len(whole)] ^= damage
    assert packet.opened(bytes(whole)) is None


def test_bytes_that_are_no_text_are_refused() -> None:
    assert packet.opened(packet.packed("é".encode(), 9)) == "é"
    assert packet.opened(packet.packed("é".encode("latin-1"), 9)) is None


def test_two_who_talk_at_once_may_be_lost_but_are_not_mixed_up() -> None:
    other = carry(["no", "not", "now", "never"])
    both = _clipped(SOUND.astype(float))
    both[800 : 800 + len(other)] += other
    heard = _texts(both)
    assert _is_subsequence([word for word in heard if word in SENTENCE], SENTENCE)
    assert set(heard) <= {*SENTENCE, "no", "not", "now", "never"}


def test_sound_is_kept_no_longer_than_needed() -> None:
    listener = Listener(8000)
    for second in range(60):
        listener.feed(_clipped(_noise(8000, second) * 3000))
        assert sum(len(chunk) for chunk in listener._chunks) < 5.5 * 8000
