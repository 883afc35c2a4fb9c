"""The recognizer's seam."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.simulator.recognizer import recognize
from voicebot.simulator.speaking import seconds_to_say


def test_faultless_recognition_returns_the_words() -> None:
    assert recognize("yes please", 0.9, seed=1) == ("yes please", 0.9)


def test_every_word_misheard() -> None:
    assert recognize("no thank you", 0.9, seed=1, error_rate=1.0) == ("know", 0.36)
    assert recognize("不要", 0.9, seed=1, error_rate=1.0)[0] == "部药"


@settings(deadline=None)
@given(st.text(), st.floats(0, 1), st.integers(), st.floats(0, 1))
def test_recognition_repeats_and_keeps_its_bounds(words: str, confidence: float, seed: int, rate: float) -> None:
    heard, sure = recognize(words, confidence, seed, rate)
    assert (heard, sure) == recognize(words, confidence, seed, rate)
    assert 0 <= sure <= 1


def test_mishearing_comes_at_its_rate() -> None:
    words = " ".join(f"word{number}" for number in range(4000))
    assert 0.26 < 1 - len(recognize(words, 1.0, 5, 0.3)[0].split()) / 4000 < 0.34


def test_speaking_takes_its_time() -> None:
    assert seconds_to_say("a" * 150) == 10
    assert seconds_to_say("请问您是王先生吗啊") == 2
    assert (seconds_to_say("Hi"), seconds_to_say("  ")) == (0.3, 0.0)
