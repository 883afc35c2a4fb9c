"""A grammar is a model of pairs of words, not a list of phrases; and what is not in it is left out, or unknown."""

from __future__ import annotations

import json

import pytest

from tests.speech.contract.subjects import Subject


def _heard(hearing: Subject, grammar: str, *words: str) -> str:
    case = hearing.says(0.3, *(part for word in words for part in (word, 0.12)), 0.3)
    recognizer = case.recognizer(grammar)
    recognizer.AcceptWaveform(case.sound)
    return str(json.loads(recognizer.FinalResult())["text"])


@pytest.mark.parametrize(
    ("grammar", "said", "heard"),
    [
        ('["yes", "no"]', "yes stop no", "yes no"),
        ('["yes", "no", "[unk]"]', "yes stop no", "yes [unk] no"),
        ('["yes no", "[unk]"]', "[unk] yes no", "[unk] yes no"),
        ('["do not call", "call me back"]', "do not call me back", "do not call me back"),
        ('["do not call", "call me back"]', "back me call", "back me call"),
        ('["yes"]', "yes yes yes", "yes yes yes"),
        ('["yes", "nobody knows this", "no"]', "yes no", "yes no"),
        ('["nobody knows this"]', "yes no", ""),
        ('["YES"]', "yes", ""),
        ('["  yes   no "]', "yes no", "yes no"),
        ('[""]', "yes", ""),
        ('["yes\\nno"]', "yes", ""),
        ('["\\u0079es"]', "yes", ""),  # escapes are not undone
        ('["好"]', "好", "好"),
        ('["yes"] and more', "yes", "yes"),
    ],
)
def test_what_a_grammar_hears(hearing: Subject, grammar: str, said: str, heard: str) -> None:
    assert _heard(hearing, grammar, *said.split()) == heard


def test_a_grammar_is_fully_sure_of_itself(hearing: Subject) -> None:
    case = hearing.says(0.3, "yes", 0.3)
    recognizer = case.recognizer('["yes", "[unk]"]')
    recognizer.SetWords(True)
    recognizer.AcceptWaveform(case.sound)
    assert [word["conf"] for word in json.loads(recognizer.FinalResult())["result"]] == [1.0]


def test_a_grammar_can_be_changed_between_utterances(hearing: Subject) -> None:
    case = hearing.says(0.3, "yes", 0.12, "no", 0.3, 0.3, "yes", 0.12, "no", 0.3, 0.3, "yes", 0.12, "no", 0.3)
    third = 1.32
    recognizer = case.recognizer('["yes"]')
    heard = []
    for number, grammar in enumerate(('["no"]', "[]", '["yes"]')):
        assert recognizer.SetGrammar(grammar) is None
        recognizer.AcceptWaveform(case.seconds(number * third, (number + 1) * third))
        heard.append(json.loads(recognizer.FinalResult())["text"])
    assert heard == ["no", "yes no", "yes"]


def test_a_model_with_a_graph_of_its_own_takes_no_grammar(static: Subject) -> None:
    assert _heard(static, '["no"]', "yes", "stop") == "yes stop"
    assert _heard(static, "[]", "yes") == "yes"
    case = static.says(0.3, "yes", 0.3)
    recognizer = case.recognizer()
    recognizer.SetGrammar('["no"]')
    recognizer.AcceptWaveform(case.sound)
    assert json.loads(recognizer.FinalResult())["text"] == "yes"


def test_words_are_found_by_number(hearing: Subject) -> None:
    find = hearing.says().model.vosk_model_find_word
    assert [find(word) for word in ("<eps>", "zero", "yes", "[unk]")] == [0, 1, 11, 28]
    assert [find(word) for word in ("", "nobody", "YES", "yes no")] == [-1, -1, -1, -1]
