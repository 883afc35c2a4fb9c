from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.speech.carrier import carry
from voicebot.speech.mock.sources import Carried, Samples, Source, Tabled, Timed, fingerprint
from voicebot.speech.recognizer import Word

RATE = 8000


def _sound(seed: int, seconds: float) -> Samples:
    noise = np.random.default_rng(seed).integers(500, 9000, round(seconds * RATE))
    return noise.astype(np.int16)


def _silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.int16)


HELLO, BYE = _sound(1, 0.8), _sound(2, 0.5)
TABLE = {fingerprint(HELLO): ("hello", "there"), fingerprint(BYE): ("bye",)}


def _cut(sound: Samples, sizes: list[int]) -> list[Samples]:
    pieces, begin = [], 0
    for size in sizes:
        pieces.append(sound[begin : begin + size])
        begin += size
    return [*pieces, sound[begin:]]


def _known(source: Source, pieces: list[Samples]) -> list[tuple[str, float, float]]:
    words = [word for piece in pieces for word in source.feed(piece)] + source.flush()
    return [(word.text, round(word.start, 3), round(word.end, 3)) for word in words]


@given(st.lists(st.integers(1, 9000), max_size=6))
def test_a_table_knows_sounds_however_they_are_cut(sizes: list[int]) -> None:
    sound = np.concatenate((_silence(0.5), HELLO, _silence(0.6), _sound(3, 0.4), _silence(0.4), BYE, _silence(0.1)))
    assert _known(Tabled(RATE, TABLE), _cut(sound, sizes)) == [
        ("hello", 0.5, 0.9),
        ("there", 0.9, 1.3),
        ("bye", 2.7, 3.2),
    ]


def test_a_sound_of_a_table_is_known_after_a_pause_or_at_the_end() -> None:
    source = Tabled(RATE, TABLE)
    assert source.feed(np.concatenate((HELLO, _silence(0.3)))) == []
    assert [word.text for word in source.feed(_silence(0.01))] == ["hello", "there"]
    assert source.feed(BYE) == []
    assert [word.text for word in source.flush()] == ["bye"]
    assert source.flush() == []


def test_a_sound_without_end_is_given_up() -> None:
    source = Tabled(RATE, TABLE)
    minute = _sound(4, 1.0)
    assert [word for _ in range(61) for word in source.feed(minute)] == []
    assert [word.text for word in source.feed(np.concatenate((_silence(1), BYE, _silence(1))))] == ["bye"]


def test_a_fingerprint_is_of_what_is_loud() -> None:
    assert fingerprint(np.concatenate((_silence(1), HELLO, _silence(2)))) == fingerprint(HELLO)
    assert fingerprint(HELLO) != fingerprint(BYE)
    assert fingerprint(_silence(1)) == fingerprint(_silence(0))


def test_timed_words_come_when_they_begin() -> None:
    source = Timed(RATE, [Word("two", 0.5, 0.9), Word("one", 0.1, 0.3)])
    assert [[word.text for word in source.feed(_silence(0.2))] for _ in range(4)] == [["one"], [], ["two"], []]
    assert source.flush() == []


@pytest.mark.parametrize("rate", [8000, 16000])
def test_carried_words_come_with_the_sound_and_at_its_end(rate: int) -> None:
    sound = carry(["do", "not", "call"], rate)
    source = Carried(rate)
    heard = source.feed(sound)
    heard += source.flush()
    assert [word.text for word in heard] == ["do", "not", "call"]
    assert source.flush() == []
    assert [word.text for word in source.feed(np.concatenate((carry(["yes"], rate), np.zeros(rate, np.int16))))] == [
        "yes"
    ]
