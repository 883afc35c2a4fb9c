"""Words come through the sound that carries them, whatever the telephone line does to it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.errors import VoicebotError
from voicebot.speech.audio import Samples, g711
from voicebot.speech.audio.resample import resampled
from voicebot.speech.carrier import Listener, carry, seconds
from voicebot.speech.recognizer import Word

SENTENCE = ["yes", "I", "would", "like", "an", "appointment", "on", "Wednesday", "不", "用", "了", "谢谢"]

words = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), max_size=6)
cuts = st.lists(st.integers(0, 40000), max_size=30)


def _heard(sound: Samples, rate: int = 8000, at: list[int] | None = None) -> list[Word]:
    listener = Listener(rate)
    found = [word for piece in np.split(sound, sorted(at or [])) for word in listener.feed(piece)]
    return found + listener.finish()


def _texts(heard: list[Word]) -> list[str]:
    return [word.text for word in heard]


def _over_the_line(sound: Samples) -> Samples:
    return g711.decode_ulaw(g711.encode_ulaw(sound))


def _with_silence(sound: Samples, before: int = 0, after: int = 0) -> Samples:
    return np.concatenate((np.zeros(before, np.int16), sound, np.zeros(after, np.int16)))


@given(said=words, at=cuts, before=st.integers(0, 5000), pace=st.sampled_from([0.5, 1, 1, 2, 9]))
@settings(max_examples=100, deadline=None)
def test_any_words_survive_mu_law_upsampling_and_cuts(said: list[str], at: list[int], before: int, pace: float) -> None:
    sound = _over_the_line(_with_silence(carry(said, pace=pace), before))
    assert _texts(_heard(resampled(sound, 8000, 16000), 16000, at)) == said
    assert _texts(_heard(sound, 8000, at)) == said


@given(said=words, at=cuts, seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_cuts_do_not_matter(said: list[str], at: list[int], seed: int) -> None:
    sound = _with_silence(carry(said), seed * 10, 500)
    sound = sound + np.random.default_rng(seed).normal(0, 1500, len(sound)).astype(np.int16)
    assert _heard(sound, 8000, at) == _heard(sound)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
def test_every_rate_is_spoken_and_heard(rate: int) -> None:
    assert _texts(_heard(carry(SENTENCE, rate), rate)) == SENTENCE
    assert _texts(_heard(resampled(carry(SENTENCE), 8000, rate), rate)) == SENTENCE
    assert len(carry(SENTENCE, rate)) == pytest.approx(seconds(SENTENCE) * rate, abs=len(SENTENCE))


@pytest.mark.parametrize("gain", [0.03, 0.1, 1, 5, 20])
def test_soft_and_overdriven_words_are_heard(gain: float) -> None:
    sound = np.clip(gain * carry(SENTENCE).astype(float), -32768, 32767).astype(np.int16)
    assert _texts(_heard(_over_the_line(sound))) == SENTENCE


def test_words_are_told_when_they_are_over_with_their_times() -> None:
    sound = _with_silence(carry(SENTENCE), 3210, 2000)
    listener, told = Listener(8000), []
    for end in range(160, len(sound) + 1, 160):
        for word in listener.feed(sound[end - 160 : end]):
            assert word.end <= end / 8000 < word.end + 0.15
            told.append(word)
    starts = [3210 / 8000 + seconds(SENTENCE[:count]) + (0.08 if count else 0) for count in range(len(SENTENCE))]
    assert _texts(told) == SENTENCE
    assert [word.start for word in told] == pytest.approx(starts, abs=0.002)
    assert [word.end - word.start for word in told] == pytest.approx([seconds([word]) for word in SENTENCE], abs=1e-9)


def test_times_count_from_the_beginning_of_the_stream() -> None:
    listener = Listener(8000)
    for _ in range(600 * 50):
        assert not listener.feed(np.zeros(160, np.int16))
    (word,) = listener.feed(_with_silence(carry(["late"]), 0, 2000))
    assert word.start == pytest.approx(600, abs=0.002)


def test_the_last_word_needs_no_silence_after_it() -> None:
    listener = Listener(8000)
    said = listener.feed(carry(["one", "two"]))
    assert _texts(said + listener.finish()) == ["one", "two"]
    assert listener.finish() == []
    assert _texts(listener.feed(_with_silence(carry(["three"]), 800, 2000))) == ["three"]


def test_a_word_that_goes_on_after_the_end_is_heard_whole() -> None:
    sound = _with_silence(carry(["appointment"]), 0, 2000)
    listener = Listener(8000)
    assert listener.feed(sound[:1500]) == []
    assert listener.finish() == []
    assert _texts(listener.feed(sound[1500:])) == ["appointment"]


@pytest.mark.parametrize("begins", [300, 1000, 2000])
def test_sound_that_begins_in_mid_word_loses_only_that_word(begins: int) -> None:
    assert _texts(_heard(carry(["appointment", "tomorrow", "please"])[begins:])) == ["tomorrow", "please"]


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        (["maybe"], 0.28, 0.4),
        (["I"], 0.1, 0.2),
        (["appointment"], 0.6, 0.8),
        (["谢谢"], 0.35, 0.5),
        (["一"], 0.15, 0.25),
    ],
)
def test_words_last_as_long_as_spoken_ones(said: list[str], low: float, high: float) -> None:
    assert low <= len(carry(said)) / 8000 <= high
    assert seconds(said) == len(carry(said)) / 8000


@given(said=words, pace=st.floats(0.3, 5))
@settings(deadline=None)
def test_seconds_tells_the_length(said: list[str], pace: float) -> None:
    assert seconds(said, pace=pace) == pytest.approx(len(carry(said, pace=pace)) / 8000)


def test_pace_makes_words_shorter_and_longer() -> None:
    usual = seconds(["appointment"])
    assert seconds(["appointment"], pace=0.5) == pytest.approx(2 * usual, abs=0.02)
    assert seconds(["appointment"], pace=1.5) == pytest.approx(usual / 1.5, abs=0.02)
    assert 0.2 < seconds(["appointment"], pace=99) < 0.4


def test_words_are_as_loud_as_speech_and_begin_and_end_softly() -> None:
    sound = carry(SENTENCE).astype(float)
    assert 20 * np.log10(np.sqrt((sound**2).mean()) / 32768) == pytest.approx(-21, abs=1.5)
    assert np.abs(sound).max() < 5000
    assert np.abs(sound[[0, -1]]).max() < 200


def test_pauses_are_short() -> None:
    quiet = np.abs(carry(SENTENCE).astype(int)) < 50
    spans = np.diff(np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(int))))[::2]
    assert 600 < spans.max() < 1200


def test_no_words_make_no_sound() -> None:
    assert len(carry([])) == 0
    assert seconds([]) == 0


@pytest.mark.parametrize("word", ["", "a" * 256, "谢" * 86])
def test_a_word_that_cannot_be_carried_is_told(word: str) -> None:
    for say in (carry, seconds):
        with pytest.raises(VoicebotError, match="can be carried"):
            say([word])


@pytest.mark.parametrize("word", ["a" * 255, "谢" * 85])
def test_the_longest_word_is_carried(word: str) -> None:
    assert _texts(_heard(carry([word]))) == [word]


def test_rates_too_low_for_the_tones_are_told() -> None:
    with pytest.raises(VoicebotError, match="4000 Hz"):
        carry(["yes"], 4000)
    with pytest.raises(VoicebotError, match="4000 Hz"):
        Listener(4000)
