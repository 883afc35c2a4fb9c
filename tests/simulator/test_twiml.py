"""Strictness: a table of faulty documents, with the code that Twilio's debugger shows for each."""

from __future__ import annotations

import pytest

from tests.simulator.rig import Rig
from voicebot.simulator.twiml import MAX_BYTES, parse

SAY = "<Say>Hi.</Say>"
ERRORS = [
    ("<Response><Say>Hi.</Response>", 12100),
    ("", 12100),
    ("\n<?xml version='1.0'?><Response/>", 12100),
    ("<response/>", 12102),
    ("<Response><say>Hi.</say></Response>", 12200),
    ("<Response><Speak>Hi.</Speak></Response>", 12200),
    ("<Response><Pay/></Response>", 99001),
    ("<Response><Start><Recording/></Start></Response>", 99001),
    ("<Response><Connect><ConversationRelay url='wss://x'/></Connect></Response>", 99001),
    ("<Response><Enqueue workflowSid='WW0'>support</Enqueue></Response>", 99001),
    ("<Response><Enqueue></Enqueue></Response>", 14204),
    (f"<Response><Enqueue>{'q' * 65}</Enqueue></Response>", 14205),
    ("<Response><Enqueue waitUrl='a b'>support</Enqueue></Response>", 14202),
    ("<Response><Enqueue waitUrlMethod='PUT'>support</Enqueue></Response>", 14206),
    ("<Response><Dial><Queue></Queue></Dial></Response>", 14212),
    (f"<Response><Dial><Queue>{'q' * 65}</Queue></Dial></Response>", 14213),
    ("<Response><Dial><Queue>a</Queue><Queue>b</Queue></Dial></Response>", 13215),
    ("<Response><Queue>support</Queue></Response>", 12200),
    ("<Response><Start/></Response>", 12200),
    ("<Response><Connect><Stream url='wss://x'/><Stream url='wss://y'/></Connect></Response>", 12200),
    ("<Response><Start><Stream url='wss://x' track='both'/></Start></Response>", 31941),
    ("<Response><Connect><Stream url='wss://x' track='both_tracks'/></Connect></Response>", 31941),
    ("<Response><Connect><Stream url='wss://x'><Say>Hi.</Say></Stream></Connect></Response>", 12200),
    ("<Response><Dial><Sip>sip:a@b</Sip></Dial></Response>", 99001),
    ("<Response><Gather><Dial>+12025550142</Dial></Gather></Response>", 13320),
    ("<Response><Gather><Redirect>/x</Redirect></Gather></Response>", 13320),
    ("<Response><Gather timeout='-1'/></Response>", 13313),
    ("<Response><Gather timeout='auto'/></Response>", 13313),
    ("<Response><Gather numDigits='0'/></Response>", 13314),
    ("<Response><Gather finishOnKey='12'/></Response>", 13310),
    ("<Response><Gather method='PUT'/></Response>", 13312),
    ("<Response><Gather actionOnEmptyResult='yes'/></Response>", 13338),
    ("<Response><Gather input='speech' speechTimeout='auto' speechModel='phone_call'/></Response>", 13335),
    ("<Response><Say></Say></Response>", 13520),
    ("<Response><Say><Play>x</Play></Say></Response>", 13520),
    ("<Response><Say loop='-2'>Hi.</Say></Response>", 13510),
    ("<Response><Play loop='x'>/a.mp3</Play></Response>", 13410),
    ("<Response><Pause length='1.5'/></Response>", 13910),
    ("<Response><Record maxLength='0'/></Response>", 13613),
    ("<Response><Record finishOnKey='x'/></Response>", 13612),
    ("<Response><Record playBeep='1'/></Response>", 13614),
    ("<Response><Redirect method='PATCH'>/x</Redirect></Response>", 13710),
    ("<Response><Dial timeout='0'>+12025550142</Dial></Response>", 13212),
    ("<Response><Dial><Say>Hi.</Say></Dial></Response>", 13215),
    ("<Response><Dial>nobody</Dial></Response>", 13223),
    ("<Response><Dial><Number>12</Number></Dial></Response>", 13223),
    ("<Response><Dial><Conference></Conference></Dial></Response>", 13237),
    ("<Response><Dial><Conference beep='loud'>a</Conference></Dial></Response>", 13235),
    ("<Response><Dial><Conference startConferenceOnEnter='yes'>a</Conference></Dial></Response>", 13232),
    ("<Response><Dial><Conference>a</Conference><Number>+12025550142</Number></Dial></Response>", 13215),
]
WARNINGS = [
    (f"<Response><Gather numDigit='1'>{SAY}</Gather></Response>", 12200),
    ("<Response><Say Voice='alice'>Hi.</Say></Response>", 12200),
    ("<Response>words<Say>Hi.</Say></Response>", 12200),
    ("<Response><Gather input='voice'/></Response>", 12200),
    ("<Response><Gather speechTimeout='0'/></Response>", 13327),
    (f"<Response><Gather hints='{'x' * 101}'/></Response>", 13330),
    (f"<Response><Gather hints='{','.join('x' * 501)}'/></Response>", 13330),
    ("<Response><Start><Stream url='wss://x'><Parameter name='a'/></Stream></Start></Response>", 12200),
    ("<Response><Leave now='true'/></Response>", 12200),
    ("<Response><Dial><Number statusCallbackEvent='gone'>+12025550142</Number></Dial></Response>", 21626),
]
GOOD = [
    "<Response/>",
    "<?xml version='1.0' encoding='UTF-8'?><Response><Hangup/></Response>",
    "<Response><!-- a comment --><Say>Hi.</Say></Response>",
    "<Response><Enqueue waitUrl='/wait' action='/after'>support</Enqueue><Leave/></Response>",
    "<Response><Start><Stream name='a' url='wss://x/y' track='both_tracks'/></Start></Response>",
    "<Response><Stop><Stream name='a'/></Stop></Response>",
    "<Response><Connect><Stream url='wss://x'><Parameter name='a' value=''/></Stream></Connect></Response>",
    "<Response><Say>One<break time='500ms'/> <emphasis>two</emphasis></Say></Response>",
    "<Response><Gather input='dtmf speech' finishOnKey='' speechTimeout='auto'><Say>A</Say></Gather></Response>",
    "<Response><Dial><Number url='/w'>+1 (202) 555-0142</Number><Number>+12025550143</Number></Dial></Response>",
]


@pytest.mark.parametrize(("text", "code"), ERRORS)
def test_error_is_told_with_its_code_and_ends_the_call(text: str, code: int) -> None:
    _, problems = parse(text)
    assert code in [problem.code for problem in problems if problem.level == "error"]
    rig = Rig()
    call = rig.run(twiml=text or " ")
    assert call.entries("application error")
    assert code in rig.codes()


@pytest.mark.parametrize(("text", "code"), WARNINGS)
def test_warning_is_recorded_and_the_document_carried_out(text: str, code: int) -> None:
    _, problems = parse(text)
    assert [(problem.level, problem.code) for problem in problems] == [("warning", code)]


@pytest.mark.parametrize("text", GOOD)
def test_good_documents_have_no_problem(text: str) -> None:
    assert parse(text)[1] == []


def test_document_over_64_kilobytes_is_refused() -> None:
    assert parse(f"<Response><Say>{'a' * MAX_BYTES}</Say></Response>")[1][0].code == 11750


def test_messages_name_what_was_allowed_and_what_was_meant() -> None:
    _, problems = parse("<Response><Gather numDigit='1'><Dial/></Gather></Response>")
    texts = [str(problem) for problem in problems]
    assert any('no attribute "numDigit". Did you mean "numDigits"?' in text for text in texts)
    assert any("<Dial> is not allowed in <Gather>; allowed are: Say, Play, Pause." in text for text in texts)


# Text-to-speech: the alias of <sub> is spoken, and a break takes its time.
def test_ssml_is_spoken() -> None:
    (say,), _ = parse("<Response><Say>The <sub alias='World Wide Web'>WWW</sub><break time='2s'/>.</Say></Response>")
    assert (say.text, say.pauses) == ("The World Wide Web.", 2.0)
