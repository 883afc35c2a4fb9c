from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.flows.events import Detected, Heard, Pressed, Recorded, Silence
from voicebot.phone import params
from voicebot.phone.params import RequestFault

AT = "2026-03-02T15:00:00.000Z"
SID = "CA" + "0" * 32


def test_keys_words_and_neither() -> None:
    assert params.answer({"Digits": "1*"}, AT) == Pressed(at=AT, digits="1*")
    assert params.answer({}, AT) == Silence(at=AT)
    assert params.answer({"Digits": "", "SpeechResult": " "}, AT) == Silence(at=AT)
    heard = params.answer({"SpeechResult": "Yes.", "Confidence": "0.87"}, AT)
    assert isinstance(heard, Heard)
    assert (heard.readings[0].text, heard.readings[0].confidence, heard.source) == ("Yes.", 0.87, "twilio")


@pytest.mark.parametrize("confidence", [None, "", "high", "nan", "-1", "7"])
def test_a_confidence_that_says_nothing_is_none(confidence: str | None) -> None:
    form = {"SpeechResult": "yes"} | ({} if confidence is None else {"Confidence": confidence})
    heard = params.answer(form, AT)
    assert isinstance(heard, Heard)
    assert heard.readings[0].confidence is None


@given(st.text(max_size=300), st.text(max_size=4000))
def test_whatever_a_caller_does_is_an_event(digits: str, words: str) -> None:
    assert params.answer({"Digits": digits, "SpeechResult": words}, AT).at == AT


@given(st.text(alphabet="0123456789#", max_size=200), st.integers(0, 200))
def test_the_opt_out_key_is_never_cut_off(digits: str, place: int) -> None:
    assert "*" in params.keys(digits[:place] + "*" + digits[place:])


def test_a_recording_tells_its_length_and_the_key_that_ended_it() -> None:
    form = {"RecordingUrl": "https://api.example/RE1", "RecordingDuration": "7", "Digits": "#"}
    assert params.recorded(form, AT) == Recorded(at=AT, url="https://api.example/RE1", seconds=7, key="#")
    assert params.recorded(form | {"Digits": "hangup"}, AT).key == ""


STATUSES = [
    ({"CallStatus": "ringing"}, "ringing", None),
    ({"CallStatus": "in-progress"}, "in_progress", None),
    ({"CallStatus": "completed", "CallDuration": "31"}, "completed", "completed"),
    ({"CallStatus": "no-answer"}, "no_answer", "no_answer"),
    ({"CallStatus": "failed", "SipResponseCode": "404"}, "failed", "invalid_number"),
    ({"CallStatus": "failed", "SipResponseCode": "503"}, "failed", "failed"),
    ({"CallStatus": "canceled"}, "canceled", "canceled"),
]


@pytest.mark.parametrize(("form", "status", "end"), STATUSES)
def test_the_providers_word_for_a_line(form: dict[str, str], status: str, end: str | None) -> None:
    news = params.status({"CallSid": SID, "SequenceNumber": "2", **form})
    assert (news.status, news.end, news.sequence) == (status, end, 2)


def test_news_is_told_apart_by_call_and_sequence() -> None:
    first = params.status({"CallSid": SID, "CallStatus": "ringing", "SequenceNumber": "1"})
    second = params.status({"CallSid": SID, "CallStatus": "ringing", "SequenceNumber": "2"})
    unnumbered = params.status({"CallSid": SID, "CallStatus": "ringing"})
    assert len({first.key, second.key, unnumbered.key}) == 3


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("human", "human"), ("machine_end_beep", "machine_beep"), ("machine_start", "machine_start"), ("new", "unknown")],
)
def test_verdicts(word: str, verdict: str) -> None:
    assert params.detected({"AnsweredBy": word}, AT) == Detected.model_validate({"at": AT, "answered_by": verdict})


def test_news_of_a_room() -> None:
    form = {"StatusCallbackEvent": "participant-join", "ConferenceSid": "CF1", "CallSid": SID, "SequenceNumber": "2"}
    news = params.room(form)
    assert (news.event, news.sid, news.key) == ("participant-join", SID, "room:CF1:2")
    assert params.room({"StatusCallbackEvent": "conference-end", "ConferenceSid": "CF1"}).sid == ""


FAULTS = [
    (params.status, {"CallStatus": "ringing"}, "CallSid: the field is missing."),
    (params.status, {"CallSid": SID, "CallStatus": "sleeping"}, 'CallStatus: "sleeping" is no status of a call.'),
    (params.status, {"CallSid": "x" * 2000, "CallStatus": "ringing"}, "CallSid: the field is longer than 1000"),
    (params.status, {"CallSid": "a b", "CallStatus": "ringing"}, "CallSid: this is no id of a call."),
    (params.status, {"CallSid": SID, "CallStatus": "ringing", "SequenceNumber": "-1"}, "SequenceNumber: '-1' is not"),
    (params.recording, {"RecordingStatus": "completed", "RecordingDuration": "x"}, "RecordingDuration: 'x' is not"),
    (params.room, {"ConferenceSid": "CF1"}, "StatusCallbackEvent: the field is missing."),
]


@pytest.mark.parametrize(("read", "form", "message"), FAULTS)
def test_what_the_provider_would_not_send_is_refused(read: object, form: dict[str, str], message: str) -> None:
    assert callable(read)
    with pytest.raises(RequestFault) as fault:
        read(form)
    assert str(fault.value).startswith(message)
