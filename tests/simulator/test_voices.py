"""What people sound like, without any world around them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from voicebot.simulator import EspeakVoice, ToneVoice, best_voice, mulaw
from voicebot.simulator.speaking import seconds_to_say
from voicebot.simulator.voices import MUTE, Speaker
from voicebot.simulator.voices.espeak import KEPT, LONGEST, PERSONS, PROGRAM
from voicebot.simulator.voices.seam import language_of

# A program that takes espeak-ng's options and text, keeps a note of them, and hums for 10 ms a character.
FAKE = """#!{python}
import json, struct, sys
words = sys.stdin.buffer.read().decode()
with open({notes!r}, "a") as notes:
    notes.write(json.dumps([sys.argv[1:], words]) + chr(10))
if words == "refuse":
    sys.exit("no such voice")
if words == "babble":
    sys.stdout.buffer.write(b"RIFF but no wave")
    sys.exit()
body = b"".join(struct.pack("<h", 8000 if place % 50 < 25 else -8000) for place in range(len(words) * 220))
head = b"RIFF" + struct.pack("<I", 0x7FFFF024) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 22050, 44100, 2, 16)
sys.stdout.buffer.write(head + b"data" + struct.pack("<I", 0x7FFFF000) + body)
"""


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    program = tmp_path / PROGRAM
    program.write_text(FAKE.format(python=sys.executable, notes=str(tmp_path / "notes")))
    program.chmod(0o755)
    return program


def notes(fake: Path) -> list[str]:
    """What the program was asked for."""
    return (fake.parent / "notes").read_text().splitlines()


def test_hum_is_as_long_as_its_words_and_swells_with_them() -> None:
    words = "who is this please"
    sound = ToneVoice().sound(words, "en-US", 1)
    assert len(sound) == pytest.approx(seconds_to_say(words) * 8000, abs=1)
    samples = mulaw.decode(sound).astype(float)
    loudness = [float(np.sqrt(np.mean(piece**2))) for piece in np.array_split(samples, len(samples) // 160)]
    assert max(loudness) > 4 * min(loudness)
    assert 1500 < np.sqrt(np.mean(samples**2)) < 5000
    assert np.abs(samples).max() < 32000


def test_persons_hum_differently_and_each_the_same_again() -> None:
    hums = [ToneVoice().sound("yes", "en-US", seed) for seed in (1, 2, 1)]
    assert hums[0] == hums[2] != hums[1]


def test_espeak_speaks_on_the_line(fake: Path) -> None:
    sound = EspeakVoice(str(fake)).sound("hello there", "en-US", 0)
    assert len(sound) == pytest.approx(0.11 * 8000, rel=0.02)
    spectrum = np.abs(np.fft.rfft(mulaw.decode(sound).astype(float)))
    assert abs(int(spectrum.argmax()) * 8000 / len(sound) - 441) < 10


# What the words are is told by stdin, so that no word is taken for an option.
def test_espeak_is_asked_for_a_person_and_a_language(fake: Path) -> None:
    voice = EspeakVoice(str(fake))
    voice.sound("--help", "zh-CN", 1)
    voice.sound("x" * 5000, "de-DE", len(PERSONS))
    first, second = notes(fake)
    assert '"-v", "cmn+f1"' in first
    assert first.endswith('"--help"]')
    assert '"-v", "de-de+m1"' in second
    assert "x" * LONGEST in second
    assert "x" * (LONGEST + 1) not in second


def test_espeak_is_asked_once_for_each_person(fake: Path) -> None:
    voice = EspeakVoice(str(fake))
    sounds = [voice.sound("yes", "en-US", seed) for seed in (0, len(PERSONS), 0, 1)]
    assert len(set(sounds)) == 1
    assert len(notes(fake)) == 2
    assert voice._spoken.cache_info().maxsize == KEPT


@pytest.mark.parametrize("words", ["refuse", "babble", ""])
def test_espeak_that_fails_hums_and_says_so_once(fake: Path, words: str, caplog: pytest.LogCaptureFixture) -> None:
    voice = EspeakVoice(str(fake))
    for _ in range(2):
        assert voice.sound(words, "en-US", 1) == ToneVoice().sound(words, "en-US", 1)
    assert len(caplog.records) == 1


def test_espeak_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    assert EspeakVoice("/nowhere/espeak-ng").sound("yes", "en-US", 3) == ToneVoice().sound("yes", "en-US", 3)
    assert "did not speak" in caplog.text


def test_best_voice_is_what_is_installed(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(fake.parent))
    assert isinstance(best_voice(), EspeakVoice)
    monkeypatch.setenv("PATH", "/nowhere")
    assert isinstance(best_voice(), ToneVoice)


@pytest.mark.skipif(not shutil.which(PROGRAM), reason="espeak-ng is not installed")
@pytest.mark.parametrize(("words", "language"), [("yes please, tomorrow at ten", "en-US"), ("好的，谢谢您", "zh-CN")])
def test_installed_espeak(words: str, language: str, caplog: pytest.LogCaptureFixture) -> None:
    sound = EspeakVoice().sound(words, language, 1)
    assert caplog.records == []
    assert 0.5 * 8000 < len(sound) < 5 * 8000
    assert np.abs(mulaw.decode(sound).astype(int)).max() > 3000


@pytest.mark.parametrize(
    ("words", "language"), [("hello", "en-US"), ("你好 Ann", "zh-CN"), ("¿qué?", "en-US"), ("", "en-US")]
)
def test_language_is_guessed_by_the_script(words: str, language: str) -> None:
    assert language_of(words) == language


def test_speaker_without_a_voice_takes_the_time_of_the_words() -> None:
    assert MUTE.say("a" * 150) == (b"", 10.0)
    assert Speaker(ToneVoice()).say("  ") == (b"", 0.0)
