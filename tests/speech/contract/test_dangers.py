"""Calls that end the process, tried in a process of their own; none of them may be reached.

The mock raises `Killed` instead; `voicebot.speech.grammar` refuses such grammars before any library sees them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.speech.contract.subjects import Subject
from voicebot.speech.mock import Killed

GRAMMARS = ("[]", "yes", '{"a": 1}', '"yes"', '["yes"', "", "null", '["<eps>"]')
"""Grammars that kill at once, or with the first sound."""

CHANGES = ("yes", "{}", "[1]", '["<eps>"]')
"""Grammars that kill a recognizer to which they are given later."""

PREPARED = """
import sys, vosk
vosk.SetLogLevel(-1)
model = vosk.Model(sys.argv[1])
sound = bytes(16000)
"""


def _dies(tiny: Path, code: str, argument: str = "") -> bool:
    command = [sys.executable, "-c", PREPARED + code, str(tiny), argument]
    ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return ended.returncode < 0


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_a_grammar_that_is_no_array_of_phrases_kills(tiny: Path, subjects: dict[str, Subject], grammar: str) -> None:
    assert _dies(tiny, "vosk.KaldiRecognizer(model, 8000, sys.argv[2]).AcceptWaveform(sound)", grammar)
    with pytest.raises(Killed):
        subjects["mock"].says().recognizer(grammar)


@pytest.mark.parametrize("grammar", CHANGES)
def test_a_change_to_such_a_grammar_kills(tiny: Path, subjects: dict[str, Subject], grammar: str) -> None:
    code = "r = vosk.KaldiRecognizer(model, 8000); r.SetGrammar(sys.argv[2]); r.AcceptWaveform(sound)"
    assert _dies(tiny, code, grammar)
    with pytest.raises(Killed):
        subjects["mock"].says().recognizer().SetGrammar(grammar)


def test_a_change_of_grammar_while_it_runs_kills(tiny: Path, subjects: dict[str, Subject]) -> None:
    code = "r = vosk.KaldiRecognizer(model, 8000); r.AcceptWaveform(sound); r.SetGrammar('[\"yes\"]')"
    assert _dies(tiny, code)
    recognizer = subjects["mock"].says().recognizer()
    recognizer.AcceptWaveform(bytes(16000))
    with pytest.raises(Killed):
        recognizer.SetGrammar('["yes"]')


@pytest.mark.parametrize("rate", ["-8000", "nan", "8000.5"])
def test_an_impossible_rate_kills(tiny: Path, subjects: dict[str, Subject], rate: str) -> None:
    code = "r = vosk.KaldiRecognizer(model, float(sys.argv[2])); r.AcceptWaveform(sound); r.AcceptWaveform(sound)"
    assert _dies(tiny, code, rate)
    mock = subjects["mock"]
    with pytest.raises(Killed):
        mock.vosk.KaldiRecognizer(mock.says().model, float(rate)).AcceptWaveform(bytes(16000))


def test_a_model_whose_silence_has_no_phone_kills(tiny: Path, tmp_path: Path) -> None:
    """Which is why `voicebot.speech.models` looks for it."""
    for file in (one for one in tiny.rglob("*") if one.is_file()):
        copy = tmp_path / file.relative_to(tiny)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    options = (tiny / "conf/model.conf").read_text().splitlines(keepends=True)
    (tmp_path / "conf/model.conf").write_text("".join(line for line in options if "silence-phones" not in line))
    assert _dies(tmp_path, "vosk.KaldiRecognizer(model, 8000).AcceptWaveform(sound)")
