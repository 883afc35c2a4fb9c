from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.flows.actions import Ask, Await, Bridge, Close, Hold, Line, Record, Speech, StartTransfer
from voicebot.nlu.languages import LANGUAGES
from voicebot.phone import agent_twiml, static_twiml
from voicebot.phone.twiml import HINT_LIMIT, HINTS_LIMIT, SAY_LIMIT, Page, pieces, render
from voicebot.phone.urls import CallUrls, LegUrls
from voicebot.simulator.twiml import parse

EN, ZH = "en-US", "zh-CN"
HI = Speech(text="Hi & <bye>.", language=EN)
URLS = CallUrls("https://bot.example", "7-1", "tok")
PAGE = Page(URLS, 3)
HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
SAY = '<Say language="en-US" voice="Polly.Joanna">Hi &amp; &lt;bye&gt;.</Say>'
TURN = "https://bot.example/voice/7-1/turn?d=3&amp;l=en-US&amp;t=tok"
SILENCE = (
    '<Redirect method="POST">https://bot.example/voice/7-1/turn?d=3&amp;l=en-US&amp;silence=1&amp;t=tok</Redirect>'
)
LEAD_IN = (
    f'<Gather action="{TURN}" finishOnKey="" input="dtmf" language="en-US" method="POST" numDigits="1" timeout="1">'
    f"{SAY}</Gather>"
)
CONFERENCE = (
    '<Conference beep="false" endConferenceOnExit="true" maxParticipants="2" startConferenceOnEnter="true" '
    'statusCallback="https://bot.example/voice/7-1/conference?n=2&amp;t=tok" '
    'statusCallbackEvent="start end join leave" statusCallbackMethod="POST" waitUrl="">call-7-1-2</Conference>'
)
WHISPER = StartTransfer(
    transfer=2,
    queue="sales",
    whisper=HI,
    accept_key="1",
    decline_key="2",
    timeout=45,
    ring_seconds=20,
    card={},
)

DOCUMENTS: list[tuple[str, Line, str]] = [
    (
        "one key or words: the time-out is the first-input time, and every key is let through",
        Ask(prompts=(HI,), language=EN, hints=("yes", "no, thanks")),
        (
            f'<Gather action="{TURN}" finishOnKey="" hints="yes,no thanks" input="dtmf speech" language="en-US" '
            f'method="POST" numDigits="1" speechTimeout="auto" timeout="5">{SAY}</Gather>{SILENCE}'
        ),
    ),
    (
        "several keys: the first-input time is a pause and the time-out between keys",
        Ask(prompts=(HI,), language=EN, speech=False, max_keys=None, first_input=8, between_keys=3),
        (
            f'<Gather action="{TURN}" finishOnKey="#" input="dtmf" language="en-US" method="POST" timeout="3">'
            f'{SAY}<Pause length="5" /></Gather>{SILENCE}'
        ),
    ),
    (
        "a given number of keys ends the input at once; words may not cut the prompt, so nothing but words is nested",
        Ask(prompts=(HI,), language=EN, max_keys=6, first_input=8, barge_in=False, speech_end=2),
        (
            f'<Gather action="{TURN}" bargeIn="false" finishOnKey="#" input="dtmf speech" language="en-US" '
            f'method="POST" numDigits="6" speechTimeout="2" timeout="8">{SAY}</Gather>{SILENCE}'
        ),
    ),
    (
        "hold words, then the same again",
        Hold(prompts=(HI,), language=EN, seconds=6),
        (
            f'<Gather action="{TURN}" finishOnKey="" input="dtmf speech" language="en-US" method="POST" numDigits="1" '
            f'speechTimeout="auto" timeout="6">{SAY}</Gather>{SILENCE}'
        ),
    ),
    (
        "a recording: its prompt can be cut, and the opt-out key ends it, too",
        Record(prompts=(HI,), language=EN, max_seconds=60, silence_seconds=4),
        (
            f'{LEAD_IN}<Record action="https://bot.example/voice/7-1/recorded?d=3&amp;l=en-US&amp;t=tok" '
            'finishOnKey="#*" '
            'maxLength="60" method="POST" playBeep="true" '
            'recordingStatusCallback="https://bot.example/voice/7-1/recording?t=tok" '
            'recordingStatusCallbackMethod="POST" timeout="4" />'
            '<Redirect method="POST">https://bot.example/voice/7-1/turn?d=3&amp;l=en-US&amp;silence=1&amp;t=tok</Redirect>'
        ),
    ),
    (
        "the room",
        Bridge(transfer=2, max_seconds=600),
        (
            '<Dial action="https://bot.example/voice/7-1/bridge?d=3&amp;l=en-US&amp;t=tok" method="POST" '
            'timeLimit="600">'
            f"{CONFERENCE}</Dial>"
        ),
    ),
    ("last words that can be cut", Close(prompts=(HI,), language=EN), f"{LEAD_IN}<Hangup />"),
    ("last words", Close(prompts=(HI,), language=EN, listen=False), f"{SAY}<Hangup />"),
    ("nothing more to say", Close(language=EN), "<Hangup />"),
    ("words that are none", Close(prompts=(Speech(text=" ", language=EN),), language=EN), "<Hangup />"),
    (
        "heard on its stream: the stream is opened, and the keys alone are gathered",
        Ask(prompts=(HI,), language=EN, hearing="stream", stream="open"),
        (
            '<Start><Stream name="hearing" statusCallback="https://bot.example/voice/7-1/streamed?t=tok" '
            'statusCallbackMethod="POST" track="inbound_track" url="wss://bot.example/voice/7-1/stream">'
            '<Parameter name="token" value="tok" /></Stream></Start>'
            f'<Gather action="{TURN}" finishOnKey="" input="dtmf" language="en-US" method="POST" numDigits="1" '
            f'timeout="5">{SAY}</Gather>{SILENCE}'
        ),
    ),
    (
        "heard on recordings: keys, then the tone",
        Ask(prompts=(HI,), language=EN, hearing="recording"),
        (
            f'<Gather action="{TURN}" finishOnKey="" input="dtmf" language="en-US" method="POST" numDigits="1" '
            f'timeout="1">{SAY}</Gather>'
            '<Record action="https://bot.example/voice/7-1/recorded?d=3&amp;l=en-US&amp;t=tok" '
            'finishOnKey="1234567890*#" maxLength="30" method="POST" playBeep="true" '
            'recordingStatusCallback="https://bot.example/voice/7-1/recording?t=tok" '
            f'recordingStatusCallbackMethod="POST" timeout="2" />{SILENCE}'
        ),
    ),
    (
        "while a recording is transcribed, a key still counts",
        Await(prompts=(HI,), language=EN, seconds=4),
        (
            f'<Gather action="{TURN}" finishOnKey="" input="dtmf" language="en-US" method="POST" numDigits="1" '
            f'timeout="4">{SAY}</Gather>{SILENCE}'
        ),
    ),
    (
        "nobody listens to agent and callee",
        Bridge(transfer=2, stream="stop"),
        (
            '<Stop><Stream name="hearing" /></Stop>'
            '<Dial action="https://bot.example/voice/7-1/bridge?d=3&amp;l=en-US&amp;t=tok" method="POST" '
            f'timeLimit="3600">{CONFERENCE}</Dial>'
        ),
    ),
]


@pytest.mark.parametrize(("line", "expected"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_each_line_has_its_document(line: Line, expected: str) -> None:
    assert render(line, PAGE) == f"{HEAD}{expected}</Response>"


@pytest.mark.parametrize("line", [row[1] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_each_document_is_what_the_provider_accepts(line: Line) -> None:
    _accepted(render(line, PAGE))


def test_each_language_has_its_voice_and_its_ear() -> None:
    body = render(Ask(prompts=(Speech(text="您好", language=ZH),), language=ZH), PAGE)
    assert '<Say language="cmn-CN" voice="Polly.Zhiyu">您好</Say>' in body
    assert 'language="cmn-Hans-CN"' in body


def test_the_opt_out_key_never_ends_an_input_unheard() -> None:
    ask = Ask(prompts=(HI,), language=EN, max_keys=None, finish_key="#")
    assert 'finishOnKey=""' in render(ask, Page(URLS, 3, opt_out_key="#"))


def test_hints_stay_within_the_providers_limits() -> None:
    hints = tuple(f"{'x' * 120} {number}" for number in range(3)) + tuple(f"word {n}" for n in range(700))
    gather = ElementTree.fromstring(render(Ask(language=EN, hints=hints), PAGE))[0]  # noqa: S314
    entries = gather.attrib["hints"].split(",")
    assert len(entries) == HINTS_LIMIT
    assert max(map(len, entries)) == HINT_LIMIT


@given(st.text(alphabet="ab .。!\n", max_size=400), st.integers(5, 80))
def test_no_word_is_lost_when_a_long_prompt_is_cut(text: str, limit: int) -> None:
    cut = list(pieces(text, limit))
    assert all(0 < len(piece) <= limit for piece in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


@given(st.text(max_size=60))
def test_any_text_at_all_can_be_spoken(text: str) -> None:
    _accepted(render(Close(prompts=(Speech(text=text, language=EN),), language=EN), PAGE))


def test_a_prompt_longer_than_one_say_is_cut_between_sentences() -> None:
    body = render(Close(prompts=(Speech(text="A sentence. " * 400, language=EN),), language=EN, listen=False), PAGE)
    says = [say.text or "" for say in ElementTree.fromstring(body).iter("Say")]  # noqa: S314
    assert len(says) == 2
    assert all(len(say) <= SAY_LIMIT and say.endswith(".") for say in says)


# --- agents and static documents --------------------------------------------------------------------------------------


def test_the_whisper_names_the_keys_and_is_asked_again_without_one() -> None:
    body = agent_twiml.whisper(WHISPER, LegUrls("https://bot.example", "7-1-2-1", "tok"), 1)
    assert "Press 1 to take the call, or 2 to decline." in body
    assert "/voice/agents/7-1-2-1/key?d=1&amp;silence=1&amp;t=tok</Redirect>" in body
    _accepted(body)


def test_an_agent_who_accepts_enters_the_room_and_hears_when_it_is_over() -> None:
    body = agent_twiml.join(WHISPER, URLS)
    assert f"<Dial>{CONFERENCE}</Dial>" in body
    assert body.index("</Dial>") < body.index("The caller has left.") < body.index("<Hangup />")
    _accepted(body)


@pytest.mark.parametrize("language", [*LANGUAGES, "tlh", ""])
def test_every_language_has_last_words(language: str) -> None:
    again = static_twiml.once_more(language, "https://bot.example/x?d=1&t=2")
    for body in (static_twiml.apology(language), static_twiml.left(language), again):
        assert "<Say" in body
        _accepted(body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_agents(language: str) -> None:
    for body in (agent_twiml.gone(language), agent_twiml.declined(language)):
        _accepted(body)


def _accepted(body: str) -> None:
    _, problems = parse(body)
    assert problems == []
