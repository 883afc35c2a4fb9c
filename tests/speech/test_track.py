from __future__ import annotations

import pytest

from tests.speech.voices import HumEngine, say, silence
from voicebot.speech.audio.g711 import decode_ulaw
from voicebot.speech.recognizer import READINGS, Hypothesis, Utterance, Word
from voicebot.speech.track import Track, Tracks, joined


def final(*texts: str, confidence: float | None = 0.8) -> Utterance:
    return Utterance(tuple(Hypothesis(text, confidence, (Word(text, 0, 1),)) for text in texts), "hum")


def test_one_final_stays_as_it_is_and_none_is_none() -> None:
    one = final("yes")
    assert joined([one]) is one
    assert joined([]) is None


def test_several_finals_are_joined_reading_by_reading() -> None:
    made = joined([final("three", "free"), final("four", "for", "fore")])
    assert made is not None
    assert [reading.text for reading in made.readings] == ["three four", "free for", "free fore"]
    assert [word.text for word in made.readings[0].words] == ["three", "four"]
    assert made.final


def test_the_whole_is_as_doubtful_as_its_most_doubtful_part() -> None:
    made = joined([final("three", confidence=0.9), final("four", confidence=0.2), final("five", confidence=None)])
    assert made is not None
    assert made.readings[0].confidence == 0.2


def test_so_many_readings_and_no_more() -> None:
    many = final(*(f"reading {number}" for number in range(20)))
    made = joined([many, many])
    assert made is not None
    assert len(made.readings) == READINGS


def test_words_are_told_by_the_lines_time() -> None:
    track = Track(HumEngine().open(), 1000)
    track.skip(500)
    assert track.feed(decode_ulaw(silence(200) + say("yes") + silence(40)).tobytes())
    assert track.words == "yes"
    heard = track.end_of_speech()
    assert heard is not None
    assert heard.readings[0].words[0].start == pytest.approx(1.7)
    assert track.words == ""


def test_the_second_opinion_adds_only_what_is_new() -> None:
    tracks = Tracks(HumEngine(), "en-US", 0)
    tracks.choose(("yes", "no"), 0)
    tracks.feed(decode_ulaw(say("yes") + silence(40)))
    heard = tracks.end_of_speech()
    assert heard is not None
    assert [reading.text for reading in heard.readings] == ["yes"]


def test_the_second_opinion_never_stands_alone() -> None:
    tracks = Tracks(HumEngine(), "en-US", 0)
    tracks.choose(("yes", "no"), 0)
    tracks._ask_second(lambda second: second.feed(decode_ulaw(say("yes") + silence(40)).tobytes()))
    assert tracks.end_of_speech() is None


def test_a_grammar_that_is_refused_is_done_without() -> None:
    engine = HumEngine()
    tracks = Tracks(engine, "en-US", 0)
    engine.refuses = True
    tracks.choose(("yes",), 0)
    assert tracks.feed(decode_ulaw(say("yes") + silence(40)))


def test_the_same_grammar_keeps_its_recognizer() -> None:
    engine = HumEngine()
    tracks = Tracks(engine, "en-US", 0)
    tracks.choose(("yes",), 0)
    tracks.choose(("yes",), 100)
    tracks.choose((), 200)
    assert [recognizer.is_closed for recognizer in engine.made] == [False, True]
