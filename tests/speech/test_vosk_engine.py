"""The engine on the library with the tiny model, and on the mock with the same words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.speech import tiny_model
from tests.speech.tiny_model.words import CHORDS, silence, speak
from voicebot.speech import mock, vosk_engine
from voicebot.speech.engines import mocked
from voicebot.speech.recognizer import Engine, RecognizerError, Utterance, Word

RATE = 8000
SAID = ("do", "not", "call")
SOUND = np.concatenate([silence(0.5, RATE), speak(SAID, RATE), silence(1.0, RATE)]).tobytes()
TIMED = tuple(Word(text, 0.5 + 0.42 * place, 0.8 + 0.42 * place) for place, text in enumerate(SAID))
TWICE = tuple(Word(word.text, word.start + 2.64, word.end + 2.64) for word in TIMED)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model.write(tmp_path_factory.mktemp("engine") / "tiny")


@pytest.fixture(scope="module")
def engines(tiny: Path) -> dict[str, Engine]:
    script = mock.Script(hears="timed", rate=RATE, vocabulary=tuple(CHORDS), timed=TIMED + TWICE)
    return {"vosk": vosk_engine.load(tiny), "mock": mocked(script)}


@pytest.fixture(params=["vosk", "mock"])
def engine(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Engine:
    return engines[request.param]


def _told(engine: Engine, sound: bytes, size: int, grammar: tuple[str, ...] = ()) -> Iterator[Utterance]:
    recognizer = engine.open(grammar)
    for begin in range(0, len(sound), size):
        if utterance := recognizer.feed(sound[begin : begin + size]):
            yield utterance
    if utterance := recognizer.end_of_speech():
        yield utterance
    recognizer.close()


def _text(utterance: Utterance | None) -> str:
    return "" if utterance is None else utterance.readings[0].text


def test_the_engine_tells_what_it_is(engine: Engine) -> None:
    assert (engine.rate, engine.dynamic) == (RATE, True)
    assert engine.name in {"tiny", "script"}
    assert engine.open().source == engine.source


@pytest.mark.parametrize("size", [320, 1601, 3200])
def test_partials_change_and_a_final_comes(engine: Engine, size: int) -> None:
    *partials, final = _told(engine, SOUND, size)
    assert [_text(utterance) for utterance in partials] == ["do", "do not", "do not call"]
    assert not any(utterance.final for utterance in partials)
    assert final.final
    assert final.source == engine.source
    reading = final.readings[0]
    assert (reading.text, reading.confidence) == ("do not call", 1.0)
    for word, said in zip(reading.words, TIMED, strict=True):
        assert (word.text, word.confidence) == (said.text, 1.0)
        assert abs(word.start - said.start) <= 0.03
        assert abs(word.end - said.end) <= 0.03


def test_ten_minutes_of_silence_say_nothing(engine: Engine) -> None:
    recognizer = engine.open()
    told = [recognizer.feed(SOUND + SOUND)]
    minute = bytes(2 * RATE * 60)
    told += [recognizer.feed(minute) for _ in range(10)]
    assert [_text(utterance) for utterance in told if utterance] == ["do not call do not call"]
    assert recognizer.end_of_speech() is None


def test_two_utterances_in_one_stretch_are_told_as_one(engine: Engine) -> None:
    utterance = engine.open().feed(SOUND + SOUND)
    assert _text(utterance) == "do not call do not call"
    assert utterance is not None
    assert [word.start < 2.6 for word in utterance.readings[0].words] == [True] * 3 + [False] * 3


def test_the_end_of_speech_takes_what_is_there(engine: Engine) -> None:
    recognizer = engine.open()
    recognizer.feed(SOUND[: round(2 * RATE * 1.25)])
    assert _text(recognizer.end_of_speech()) == "do not"
    assert recognizer.end_of_speech() is None


def test_reset_forgets(engine: Engine) -> None:
    recognizer = engine.open()
    recognizer.feed(SOUND[: round(2 * RATE * 1.25)])
    recognizer.reset()
    assert recognizer.end_of_speech() is None


def test_a_grammar_is_made_of_known_phrases(engine: Engine) -> None:
    finals = [one for one in _told(engine, SOUND, 1600, ("Do  not", "nobody calls", "<eps>")) if one.final]
    assert [_text(final) for final in finals] == ["do not"]
    assert [word.text for word in finals[0].readings[0].words] == ["do", "not", "[unk]"]


def test_a_grammar_without_a_known_phrase_is_refused(engine: Engine) -> None:
    with pytest.raises(RecognizerError, match="no phrase that the model can hear"):
        engine.open(("nobody",))


def test_a_closed_recognizer_is_closed(engine: Engine) -> None:
    recognizer = engine.open()
    recognizer.close()
    recognizer.close()
    with pytest.raises(RecognizerError, match="closed"):
        recognizer.feed(SOUND)


def test_alternatives_are_readings_without_confidence(tiny: Path) -> None:
    recognizer = vosk_engine.load(tiny, alternatives=3).open()
    utterance = recognizer.feed(SOUND)
    assert utterance is not None
    assert [reading.confidence for reading in utterance.readings] == [None] * 3
    assert _text(utterance) == "do not call"
    assert [word.text for word in utterance.readings[0].words] == list(SAID)


def test_a_model_with_a_graph_of_its_own_takes_no_grammar(tmp_path: Path) -> None:
    engine = vosk_engine.load(tiny_model.write(tmp_path, dynamic=False))
    assert not engine.dynamic
    with pytest.raises(RecognizerError, match="takes no grammar"):
        engine.open(("yes",))
    assert [_text(one) for one in _told(engine, SOUND, 1600) if one.final] == ["do not call"]


@pytest.mark.parametrize(
    ("part", "keep", "problem"),
    [
        ("am/final.mdl", 3000, "Failed to read token"),
        ("graph/HCLr.fst", 500, "Can't create decoding graph"),
        ("graph/phones/word_boundary.int", 3, "Invalid line in word-boundary file"),
    ],
)
def test_a_corrupt_model_is_told_with_the_librarys_reason(
    tiny: Path, tmp_path: Path, part: str, keep: int, problem: str
) -> None:
    model = shutil.copytree(tiny, tmp_path / "copy")
    (model / part).write_bytes((model / part).read_bytes()[:keep])
    with pytest.raises(RecognizerError, match=problem):
        vosk_engine.load(model)


def test_a_recognizer_that_fails_is_told_and_closed() -> None:
    low = vosk_engine.VoskEngine(
        mock, mock.scripted(mock.Script(hears="timed")), source="mock", name="low", rate=8000, dynamic=True
    )
    recognizer = low.open()
    with pytest.raises(RecognizerError, match="Failed to process waveform"):
        recognizer.feed(bytes(3200))
    with pytest.raises(RecognizerError, match="closed"):
        recognizer.feed(bytes(3200))
