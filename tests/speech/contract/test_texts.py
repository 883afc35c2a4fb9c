"""The JSON and NLSML of results, to the letter; figures are compared as figures."""

from __future__ import annotations

import io
import json
import re

import pytest

from tests.speech.contract.subjects import Case, Subject

FIGURE = r"-?\d+\.\d{6}(?!\d)"

WORDS = """{
  "result" : [{
      "conf" : #,
      "end" : #,
      "start" : #,
      "word" : "yes"
    }, {
      "conf" : #,
      "end" : #,
      "start" : #,
      "word" : "four"
    }],
  "text" : "yes four"
}"""

PARTIAL_WORDS = WORDS.replace('"result"', '"partial_result"').replace('"text"', '"partial"')
PARTIAL_WORDS = re.sub(r'^(\{\n)(.*),\n(  "partial" : "yes four")\n\}$', r"\1\3,\n\2\n}", PARTIAL_WORDS, flags=re.S)

ALTERNATIVE = """{
  "alternatives" : [{
      "confidence" : #,
      "result" : [{
          "end" : #,
          "start" : #,
          "word" : "yes"
        }, {
          "end" : #,
          "start" : #,
          "word" : "four"
        }],
      "text" : "yes four"
    }"""


def _heard(case: Case, *settings: tuple[str, object]) -> str:
    recognizer = case.recognizer()
    for name, value in settings:
        getattr(recognizer, name)(value)
    assert recognizer.AcceptWaveform(case.sound) == 1
    return str(recognizer.Result())


def _shape(text: str) -> str:
    return re.sub(FIGURE, "#", text)


@pytest.fixture
def case(hearing: Subject) -> Case:
    return hearing.says(0.5, "yes", 0.12, "four", 1.0)


def test_words_have_confidence_end_start_and_name(case: Case) -> None:
    text = _heard(case, ("SetWords", True))
    assert _shape(text) == WORDS
    for word, start, end in zip(json.loads(text)["result"], (0.5, 0.92), (0.8, 1.22), strict=True):
        assert word["start"] == pytest.approx(start, abs=0.03)
        assert word["end"] == pytest.approx(end, abs=0.03)
        assert word["conf"] == 1.0


def test_without_words_there_is_the_text(case: Case) -> None:
    assert _heard(case) == '{\n  "text" : "yes four"\n}'
    assert _heard(case, ("SetNLSML", True)) == '{\n  "text" : "yes four"\n}'


def test_text_beyond_ascii_is_written_as_it_is(hearing: Subject) -> None:
    assert _heard(hearing.says(0.5, "好", 1.0)) == '{\n  "text" : "好"\n}'


def test_partial_words_stand_behind_the_partial(case: Case) -> None:
    recognizer = case.recognizer()
    recognizer.SetPartialWords(True)
    recognizer.AcceptWaveform(case.sound)
    assert _shape(recognizer.PartialResult()) == PARTIAL_WORDS
    assert recognizer.Result() == '{\n  "text" : "yes four"\n}'


def test_alternatives_have_likelihoods_and_words_without_confidence(case: Case) -> None:
    text = _heard(case, ("SetMaxAlternatives", 3), ("SetWords", True))
    assert _shape(text).startswith(ALTERNATIVE)
    readings = json.loads(text)["alternatives"]
    likelihoods = [reading["confidence"] for reading in readings]
    assert 1 < len(readings) <= 3
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert likelihoods[0] > 100  # not a probability
    assert all(reading["text"] == " ".join(word["word"] for word in reading["result"]) for reading in readings)


def test_alternatives_of_silence_are_one_without_words(hearing: Subject) -> None:
    case = hearing.says(1.0)
    recognizer = case.recognizer()
    recognizer.SetMaxAlternatives(3)
    recognizer.SetWords(True)
    recognizer.AcceptWaveform(case.sound)
    assert recognizer.PartialResult() == '{\n  "partial" : ""\n}'
    assert (
        _shape(recognizer.Result()) == '{\n  "alternatives" : [{\n      "confidence" : #,\n      "text" : ""\n    }]\n}'
    )


def test_a_negative_number_of_alternatives_is_null(case: Case) -> None:
    assert _heard(case, ("SetMaxAlternatives", -1)) == "null"


def test_nlsml_has_an_interpretation_for_each_alternative(case: Case) -> None:
    text = _heard(case, ("SetMaxAlternatives", 2), ("SetNLSML", True))
    lines = text.split("\n")
    assert lines[:2] == ['<?xml version="1.0"?>', '<result grammar="default">']
    assert re.fullmatch(r'<interpretation grammar="default" confidence="[\d.e+]+">', lines[2])
    assert lines[3:6] == [
        '<input mode="speech">yes four</input>',
        "<instance>yes four</instance>",
        "</interpretation>",
    ]
    assert text.count("<interpretation ") == 2
    assert text.endswith("</interpretation>\n</result>\n")


def test_subtitles_need_words(case: Case) -> None:
    recognizer = case.recognizer()
    assert recognizer.SrtResult(io.BytesIO(case.sound)) == ""
    recognizer = case.recognizer()
    recognizer.SetWords(True)
    lines = recognizer.SrtResult(io.BytesIO(case.sound), 1).split("\n")
    assert [lines[0], lines[2], lines[4], lines[6]] == ["1", "yes", "2", "four"]
    assert re.fullmatch(r"00:00:00,5\d\d --> 00:00:00,8\d\d", lines[1])
