"""Gather, rule by rule (https://www.twilio.com/docs/voice/twiml/gather)."""

from __future__ import annotations

import pytest

from tests.simulator.rig import BASE, Rig, person, since_answer

AFTER = "<Say>After.</Say>"


def gather(attributes: str, prompt: str = "<Say>Please choose.</Say>") -> str:
    return f'<Gather action="/key" {attributes}>{prompt}</Gather>{AFTER}'


def presses(keys: str, delay: float = 1.0, more: str = "") -> str:
    return person(f"reactions: [{{hears: choose, press: '{keys}', delay: {delay} {more}}}]")


def says(words: str, more: str = "") -> str:
    return person(f"confidence: 0.9, reactions: [{{hears: choose, say: '{words}' {more}}}]")


# numDigits, finishOnKey, timeout: when keys are submitted, and what Digits then holds.
@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [
        ('numDigits="1"', "1", "1"),
        ('numDigits="2"', "123", "12"),
        ("", "12#3", "12"),
        ("", "12", "12"),
        ('finishOnKey="*"', "1#2*", "1#2"),
        ('finishOnKey=""', "1#*", "1#*"),
        ('finishOnKey="" numDigits="1"', "*", "*"),
        ('numDigits="4" timeout="2"', "12", "12"),
    ],
)
def test_keys_are_submitted(attributes: str, keys: str, digits: str) -> None:
    rig = Rig(presses(keys), voice=gather(attributes), key="<Hangup/>")
    rig.run()
    assert [form["Digits"] for form in rig.app.forms("/key")] == [digits]


# Finish key first: as if nothing had been pressed, the next verb is carried out.
def test_finish_key_before_any_digit_falls_through() -> None:
    rig = Rig(presses("#"), voice=gather(""))
    call = rig.run()
    assert rig.app.forms("/key") == []
    assert "After." in call.entries("said")


# No input: on to the next verb; with actionOnEmptyResult the action is asked nevertheless.
def test_no_input_falls_through_unless_empty_results_are_wanted() -> None:
    rig = Rig(voice=gather('timeout="3"'))
    assert rig.run().entries("said") == ["Please choose.", "After."]
    rig = Rig(voice=gather('timeout="3" actionOnEmptyResult="true"'))
    rig.run()
    assert [form["Digits"] for form in rig.app.forms("/key")] == [""]


# timeout: counted from the end of the nested prompts, a nested Pause included.
def test_timeout_begins_when_the_prompts_are_over() -> None:
    rig = Rig(voice=gather('timeout="3"', '<Say>Please choose.</Say><Pause length="4"/>'))
    call = rig.run()
    asked, after = since_answer(call, "said")
    assert after - asked == pytest.approx(0.93 + 4 + 3, abs=0.02)


# timeout: also the time allowed between two keys.
def test_timeout_is_the_time_between_keys() -> None:
    callees = person("script: [{press: '1', delay: 0.5}, {press: '2', delay: 3}]")
    rig = Rig(callees, voice=gather('timeout="2"'), key="<Say>More.</Say><Pause length='9'/>")
    rig.run()
    assert [form["Digits"] for form in rig.app.forms("/key")] == ["1"]


# Nested verbs: the first key stops the prompt.
def test_key_cuts_the_prompt() -> None:
    rig = Rig(presses("1", more=", interrupt: 0.5"), voice=gather('numDigits="1"'), key="<Hangup/>")
    call = rig.run()
    assert call.entries("cut") == ["Please choose."]
    assert since_answer(call, "pressed")[0] - since_answer(call, "said")[0] == pytest.approx(0.5, abs=0.01)


# Keys are kept by Gather alone: pressed during a Say outside it they are lost.
def test_key_outside_gather_is_lost() -> None:
    rig = Rig(presses("1", more=", interrupt: 0.5"), voice="<Say>Please choose.</Say>" + gather('timeout="2"', ""))
    call = rig.run()
    assert call.entries("lost") == ["1"]
    assert rig.app.forms("/key") == []


# input="dtmf speech": words come as SpeechResult with Confidence, after a silence of speechTimeout.
def test_words_are_submitted_after_speech_timeout() -> None:
    rig = Rig(says("yes please"), voice=gather('input="dtmf speech" speechTimeout="2"'), key="<Hangup/>")
    call = rig.run()
    (form,) = rig.app.forms("/key")
    assert (form["SpeechResult"], form["Confidence"]) == ("yes please", "0.9")
    assert "Digits" not in form
    recognized = since_answer(call, "recognized")[0]
    assert since_answer(call, "asked")[1] == pytest.approx(recognized + 2, abs=0.02)


# input: what is not listened for is not heard.
def test_words_are_not_heard_by_a_gather_for_keys() -> None:
    rig = Rig(says("yes"), voice=gather('timeout="2"'))
    rig.run()
    assert rig.app.forms("/key") == []


# The first kind of input detected is the only one that counts; speech first disables finishOnKey.
def test_keys_after_speech_do_not_count() -> None:
    callees = person("script: [{say: 'a rather long answer'}, {press: '1#', delay: 0.1}]")
    rig = Rig(callees, voice=gather('input="dtmf speech" speechTimeout="3"'), key="<Hangup/>")
    call = rig.run()
    (form,) = rig.app.forms("/key")
    assert form["SpeechResult"] == "a rather long answer"
    assert "Digits" not in form
    assert call.entries("lost") == []


# bargeIn="false": words do not cut the prompt, and are not heard while it lasts; keys still cut it.
def test_without_barge_in_only_keys_cut_the_prompt() -> None:
    voice = gather('input="dtmf speech" bargeIn="false" timeout="2" speechTimeout="1"')
    call = Rig(says("yes", ", interrupt: 0.1"), voice=voice).run()
    assert (call.entries("cut"), call.entries("asked")) == ([], [f"POST {BASE}/voice"])
    call = Rig(presses("1#", more=", interrupt: 0.1"), voice=voice, key="<Hangup/>").run()
    assert call.entries("cut") == ["Please choose."]


# Speech that nothing could be made of is no input.
def test_unintelligible_speech_falls_through() -> None:
    callees = person("mishears: 1, reactions: [{hears: choose, say: 'mumble'}]")
    rig = Rig(callees, voice=gather('input="speech" speechTimeout="1"'))
    assert rig.run().entries("said") == ["Please choose.", "After."]


# partialResultCallback: told while the caller talks; its TwiML is ignored.
def test_partial_results_are_told() -> None:
    voice = gather('input="speech" speechTimeout="1" partialResultCallback="/partial"')
    rig = Rig(says("yes please"), voice=voice, key="<Hangup/>", partial="<Hangup/>")
    rig.run()
    assert [form["UnstableSpeechResult"] for form in rig.app.forms("/partial")] == ["yes please"]
    assert len(rig.app.forms("/key")) == 1


# action: without one the present document's URL is asked again, query and all.
def test_action_defaults_to_the_present_document() -> None:
    answers = iter(['<Gather numDigits="1"><Say>Please choose.</Say></Gather>', "<Hangup/>"])
    rig = Rig(presses("1"), voice=lambda: next(answers))
    rig.run(url=f"{BASE}/voice?a=b")
    assert [(form["a"], form.get("Digits")) for form in rig.app.forms("/voice")] == [("b", None), ("b", "1")]


# method="GET": the parameters stand in the query.
def test_action_by_get() -> None:
    rig = Rig(presses("1"), voice=gather('numDigits="1" method="GET"'), key="<Hangup/>")
    rig.run()
    url, form, _ = rig.app.requests[-1]
    assert "Digits=1" in url
    assert form == {}
