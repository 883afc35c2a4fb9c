"""What the mock does beyond the contract: noise, steady and not; errors; its own kinds of model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from voicebot.speech import mock
from voicebot.speech.carrier import carry
from voicebot.speech.mock import script as scripts
from voicebot.speech.recognizer import Word

RATE = 16000


def _noise(seconds: float, loudness: float) -> np.ndarray:
    noise = np.random.default_rng(0).standard_normal(round(seconds * RATE)) * loudness
    return noise.astype(np.int16)


def _ends(script: mock.Script, sound: np.ndarray, *grammar: str) -> list[tuple[float, str]]:
    recognizer = mock.KaldiRecognizer(mock.scripted(script), RATE, *grammar)
    ends = []
    for begin in range(0, len(sound), 1600):
        if recognizer.AcceptWaveform(sound[begin : begin + 1600].astype("<i2").tobytes()):
            ends.append((begin / RATE + 0.1, json.loads(recognizer.Result())["text"]))
    return ends


def test_the_built_in_model_hears_carried_words_in_noise() -> None:
    model = mock.Model(str(mock.MODEL))
    recognizer = mock.KaldiRecognizer(model, RATE)
    recognizer.SetWords(True)
    sound = np.concatenate((carry(["don't", "Call", "我"], RATE), np.zeros(RATE, np.int16))) + _noise(10, 60)[:1]
    assert recognizer.AcceptWaveform(sound.astype("<i2").tobytes()) == 1
    assert json.loads(recognizer.Result())["text"] == "don't call 我"
    assert model.vosk_model_find_word("anything") > 0


def test_a_voice_that_goes_on_is_no_silence() -> None:
    """Words that are not known yet, or never will be, keep the utterance open."""
    script = mock.Script(hears="timed", timed=(Word("yes", 0.2, 0.5), Word("no", 2.0, 2.3)))
    voice = np.concatenate((_noise(2.3, 3000), np.zeros(RATE, np.int16)))
    assert [text for _, text in _ends(script, voice)] == ["yes no"]


def test_a_steady_noise_is_silence_in_the_end() -> None:
    script = mock.Script(hears="timed", timed=(Word("yes", 6.0, 6.3),))
    (moment, text), *_ = _ends(script, _noise(8, 600))
    assert text == "yes"
    assert moment < 7.2


def test_words_are_told_as_a_model_tells_them() -> None:
    script = mock.Script(hears="timed", timed=(Word("Yes,", 0.2, 0.5), Word("PLEASE!", 0.6, 0.9), Word("?", 1.0, 1.2)))
    assert [text for _, text in _ends(script, np.zeros(2 * RATE, np.int16))] == ["yes please ?"]


@pytest.mark.parametrize(
    ("vocabulary", "grammar", "heard"),
    [
        ((), (), "know zebra"),
        (("no", "yes"), (), "no"),
        (("no", "yes", "[unk]"), (), "[unk] [unk]"),
        ((), ('["no", "yes"]',), "no"),
        ((), ('["no", "[unk]"]',), "[unk] [unk]"),
        ((), ('["zebra crossing"]',), "zebra"),
    ],
)
def test_words_outside_become_the_nearest_or_unknown_or_nothing(
    vocabulary: tuple[str, ...], grammar: tuple[str, ...], heard: str
) -> None:
    timed = (Word("know", 0.2, 0.5), Word("zebra", 0.6, 0.9))
    script = mock.Script(hears="timed", timed=timed, vocabulary=vocabulary)
    assert [text for _, text in _ends(script, np.zeros(2 * RATE, np.int16), *grammar)] == [heard]


def test_errors_do_not_depend_on_how_sound_is_cut() -> None:
    timed = tuple(Word("call", place * 0.4, place * 0.4 + 0.3) for place in range(40))
    script = mock.Script(hears="timed", timed=timed, errors=mock.Errors(0.4, seed=3))
    texts = set()
    for size in (160, 1600, 16000):
        recognizer = mock.KaldiRecognizer(mock.scripted(script), RATE)
        for _ in range(18 * RATE // size):
            recognizer.AcceptWaveform(bytes(2 * size))
        texts.add(recognizer.FinalResult())
    assert len(texts) == 1
    assert json.loads(texts.pop())["text"] != " ".join(["call"] * 40)


def test_a_speaker_is_told_by_a_vector(tmp_path: Path) -> None:
    for name in ("mfcc.conf", "final.ext.raw", "mean.vec", "transform.mat"):
        (tmp_path / name).touch()
    model = mock.scripted(mock.Script(hears="timed", timed=(Word("yes", 0.1, 0.9),)))
    recognizer = mock.KaldiRecognizer(model, RATE, mock.SpkModel(str(tmp_path)))
    recognizer.AcceptWaveform(bytes(4 * RATE))
    told = json.loads(recognizer.Result())
    assert len(told["spk"]) == 128
    assert told["spk_frames"] == 78
    recognizer.SetSpkModel(mock.SpkModel(str(tmp_path)))
    recognizer.AcceptWaveform(bytes(2 * RATE))
    assert "spk" not in json.loads(recognizer.Result())


def test_a_grammar_of_another_recognizer_is_its_own() -> None:
    model = mock.scripted(mock.Script(hears="timed", timed=(Word("zebra", 0.1, 0.4),)))
    open_one, closed = mock.KaldiRecognizer(model, RATE), mock.KaldiRecognizer(model, RATE, '["yes"]')
    for recognizer in (open_one, closed):
        recognizer.AcceptWaveform(bytes(2 * RATE))
    assert [json.loads(one.FinalResult())["text"] for one in (open_one, closed)] == ["zebra", ""]


def test_models_are_looked_for_by_name_and_language_and_never_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "vosk-model-small-en-us-0.15"
    folder.mkdir()
    (folder / "mock.yaml").write_text("rate: 8000\n")
    monkeypatch.setattr(mock, "MODEL_DIRS", [None, tmp_path, tmp_path / "nothing"])
    assert mock.Model(lang="en-us")._handle.rate == 8000
    assert mock.Model(model_name=folder.name)._handle.rate == 8000
    for arguments, told in (({"lang": "xx"}, "lang xx does not exist"), ({"model_name": "n"}, "model name n does not")):
        with pytest.raises(SystemExit):
            mock.Model(**arguments)
        assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    ["hears: tea leaves", "colour: red", "timed: [[yes, now]]", "errors: {often: yes}", "- a", "{", "endpoint: 3"],
)
def test_a_script_that_cannot_be_read_is_no_model(tmp_path: Path, text: str) -> None:
    (tmp_path / "mock.yaml").write_text(text)
    with pytest.raises(scripts.ScriptError, match=r"mock\.yaml"):
        scripts.load(tmp_path)
    with pytest.raises(Exception, match="Failed to create a model"):
        mock.Model(str(tmp_path))


def test_a_script_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "mock.yaml").write_text(
        "hears: table\nrate: 8000\nupsample: true\ndynamic: false\nvocabulary: [hello, there]\n"
        "table: {abc: hello there}\ntimed: [[hello, 0, 1.5]]\nerrors: {rate: 0.2, seed: 5, kinds: [drop]}\n"
        "endpoint: {phrase_end: 0.4}\n"
    )
    assert scripts.load(tmp_path) == mock.Script(
        "table",
        8000,
        upsample=True,
        dynamic=False,
        vocabulary=("hello", "there"),
        table={"abc": ("hello", "there")},
        timed=(Word("hello", 0.0, 1.5),),
        errors=mock.Errors(0.2, 5, ("drop",)),
        endpoint=mock.EndRules(phrase_end=0.4),
    )


def test_upsampling_lets_a_lower_rate_in() -> None:
    model = mock.scripted(mock.Script(hears="timed", upsample=True, timed=(Word("yes", 0.1, 0.4),)))
    recognizer = mock.KaldiRecognizer(model, 8000)
    recognizer.AcceptWaveform(bytes(16000))
    assert json.loads(recognizer.FinalResult())["text"] == "yes"


def test_the_log_is_written_to_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    mock.SetLogLevel(0)
    model = mock.Model(str(mock.MODEL))
    assert capsys.readouterr().err.startswith("LOG (VoskAPI:ReadDataFiles()")
    mock.SetLogLevel(-1)
    mock.KaldiRecognizer(model, RATE, '["two words"]')
    assert capsys.readouterr().err == ""
    mock.KaldiRecognizer(mock.scripted(mock.Script(vocabulary=("yes",))), RATE, '["no"]')
    assert capsys.readouterr().err.endswith("Ignoring word missing in vocabulary: 'no'\n")


def test_a_rate_below_the_telephones_is_refused_when_sound_comes() -> None:
    recognizer = mock.KaldiRecognizer(mock.scripted(mock.Script()), 4000)
    with pytest.raises(Exception, match="Failed to process waveform"):
        recognizer.AcceptWaveform(bytes(8000))
    lenient = mock.KaldiRecognizer(mock.scripted(mock.Script(upsample=True)), 4000)
    assert lenient.AcceptWaveform(bytes(8000)) == 0
