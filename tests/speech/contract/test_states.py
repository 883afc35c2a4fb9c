"""Which text stands for nothing depends on the state: made, running, at an end, finished."""

from __future__ import annotations

from tests.speech.contract.subjects import Subject

NOTHING = '{"text": ""}'
NO_PARTIAL = '{\n  "partial" : ""\n}'
SILENCE = '{\n  "text" : ""\n}'
NO_ALTERNATIVES = '{"alternatives" : [{"text": "", "confidence" : 1.0}] }'
NO_INPUT = """<?xml version="1.0"?>
<result grammar="default">
<interpretation confidence="1.0">
<instance/>
<input><noinput/></input>
</interpretation>
</result>
"""


def test_before_any_sound_all_results_are_nothing(subject: Subject) -> None:
    recognizer = subject.says().recognizer()
    assert [recognizer.PartialResult(), recognizer.Result(), recognizer.FinalResult()] == [NOTHING] * 3


def test_without_a_whole_stretch_of_sound_there_is_no_partial_and_no_result(subject: Subject) -> None:
    recognizer = subject.says().recognizer()
    assert recognizer.AcceptWaveform(b"") == 0
    assert recognizer.PartialResult() == NO_PARTIAL
    assert recognizer.Result() == NOTHING
    assert recognizer.PartialResult() == NOTHING


def test_silence_that_was_decoded_is_an_empty_text_and_no_words(subject: Subject) -> None:
    case = subject.says(1.0)
    recognizer = case.recognizer()
    recognizer.SetWords(True)
    assert recognizer.AcceptWaveform(case.sound) == 0
    assert recognizer.PartialResult() == NO_PARTIAL
    assert recognizer.Result() == SILENCE
    assert recognizer.Result() == NOTHING


def test_a_final_result_ends_the_utterance_and_sound_begins_another(subject: Subject) -> None:
    case = subject.says(1.0)
    recognizer = case.recognizer()
    for _ in range(2):
        recognizer.AcceptWaveform(case.sound)
        assert recognizer.FinalResult() == SILENCE
        assert [recognizer.FinalResult(), recognizer.Result(), recognizer.PartialResult()] == [NOTHING] * 3


def test_a_final_result_takes_the_sound_that_no_partial_result_had(subject: Subject) -> None:
    case = subject.says(0.1)
    recognizer = case.recognizer()
    recognizer.AcceptWaveform(case.sound)
    assert recognizer.FinalResult() == SILENCE


def test_reset_gives_nothing_and_forgets(subject: Subject) -> None:
    case = subject.says(1.0)
    recognizer = case.recognizer()
    assert recognizer.Reset() is None
    recognizer.AcceptWaveform(case.sound)
    assert recognizer.Reset() is None
    assert [recognizer.PartialResult(), recognizer.Result(), recognizer.FinalResult()] == [NOTHING] * 3
    recognizer.AcceptWaveform(case.sound)
    assert recognizer.FinalResult() == SILENCE


def test_nothing_has_the_form_that_was_asked_for(subject: Subject) -> None:
    recognizer = subject.says().recognizer()
    recognizer.SetNLSML(True)
    assert recognizer.Result() == NOTHING
    recognizer.SetMaxAlternatives(3)
    assert recognizer.Result() == NO_INPUT
    recognizer.SetNLSML(False)
    assert [recognizer.Result(), recognizer.PartialResult()] == [NO_ALTERNATIVES] * 2


def test_odd_bytes_and_single_samples_are_taken(subject: Subject) -> None:
    recognizer = subject.says().recognizer()
    assert [recognizer.AcceptWaveform(sound) for sound in (b"abc", b"a", b"ab", [b"a", b"b"])] == [0, 0, 0, 0]
    assert recognizer.PartialResult() == NO_PARTIAL


def test_the_log_level_is_set_in_silence(subject: Subject) -> None:
    assert subject.vosk.SetLogLevel(-1) is None
    assert subject.vosk.GpuInit() is None
    assert subject.vosk.GpuThreadInit() is None
