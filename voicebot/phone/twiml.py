"""What a callee hears next, as TwiML. Pure: the same line at the same address gives the same bytes.

Figures and defaults of the verbs: https://www.twilio.com/docs/voice/twiml (gather, say, record, conference).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, Start, Stop, VoiceResponse  # type: ignore[import-untyped]

from voicebot.flows.actions import Ask, Await, Bridge, Close, Hold, Line, Record, Speech
from voicebot.nlu.languages import LANGUAGES
from voicebot.phone.urls import CallUrls, room

SAY_LIMIT = 3000
"""Characters in one <Say>; older documentation allows 4,000, the current page is silent, so we stay well below."""

HINT_LIMIT = 100
HINTS_LIMIT = 500
"""<Gather hints>: at most 500 entries of at most 100 characters."""

STREAM = "hearing"
"""The name by which a call's stream is stopped again."""

LONGEST_ANSWER = 30
"""Seconds of an answer that is recorded to be transcribed."""

SPEECH_END = 2
"""Seconds of silence that end such a recording; the provider counts whole ones."""

NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
"""What XML 1.0 cannot carry."""


@dataclass(frozen=True)
class Page:
    """Where a document stands: the call's addresses, its own number, the key that opts out, the language spoken."""

    urls: CallUrls
    number: int
    opt_out_key: str = "*"
    language: str = next(iter(LANGUAGES))


def render(line: Line, page: Page) -> str:
    """The document for `line`."""
    response = VoiceResponse()
    _stream(response, line, page)
    match line:
        case Ask(hearing="recording", speech=True):
            _ask_and_record(response, line, page)
        case Ask():
            _ask(response, line, page)
        case Await():
            _await(response, line, page)
        case Hold():
            _hold(response, line, page)
        case Record():
            _record(response, line, page)
        case Bridge():
            _bridge(response, line, page)
        case Close():
            _close(response, line, page)
        case _:
            raise TypeError(f"no document for {type(line).__name__}")
    return str(response)


# --- one verb each ----------------------------------------------------------------------------------------------------


def _stream(response: VoiceResponse, line: Line, page: Page) -> None:
    """Open the call's stream, or stop it. The next verb does not wait for either."""
    if line.stream == "open":
        start = Start()
        stream = start.stream(
            name=STREAM,
            url=page.urls.stream(),
            track="inbound_track",
            status_callback=page.urls.streamed(),
            status_callback_method="POST",
        )
        stream.parameter(name="token", value=page.urls.token)
        response.append(start)
    elif line.stream == "stop":
        stop = Stop()
        stop.stream(name=STREAM)
        response.append(stop)


def _ask(response: VoiceResponse, line: Ask, page: Page) -> None:
    single = line.max_keys == 1
    speech = line.speech and line.hearing == "provider"
    # One timeout serves both the first key and the pauses between keys; a nested <Pause> lengthens the first. It is not
    # needed for a single key, and would swallow words where speech may not cut what is nested.
    paused = not single and line.barge_in and line.first_input > line.between_keys
    gather = _gather(
        page,
        line.language,
        speech=speech,
        timeout=line.between_keys if paused else line.first_input,
        num_digits=line.max_keys,
        finish_on_key="" if single or line.finish_key == page.opt_out_key else line.finish_key,
        speech_timeout=str(line.speech_end) if speech else None,
        hints=_hints(line.hints) if speech else None,
        barge_in=None if line.barge_in or not speech else False,
    )
    say_into(gather, line.prompts)
    if paused:
        gather.pause(length=line.first_input - line.between_keys)
    response.append(gather)
    response.redirect(page.urls.turn(page.number, line.language, silence=True), method="POST")


def _ask_and_record(response: VoiceResponse, line: Ask, page: Page) -> None:
    """Keys first: during the words, and where several are wanted for as long as the first may take. Then the tone."""
    single = line.max_keys == 1
    gather = _gather(
        page,
        line.language,
        speech=False,
        timeout=1 if single else line.first_input,
        num_digits=line.max_keys,
        finish_on_key="" if single or line.finish_key == page.opt_out_key else line.finish_key,
    )
    say_into(gather, line.prompts)
    response.append(gather)
    response.record(
        action=page.urls.recorded(page.number, line.language),
        method="POST",
        timeout=SPEECH_END if line.speech_end == "auto" else line.speech_end,
        max_length=LONGEST_ANSWER,
        finish_on_key="1234567890*#",
        play_beep=True,
        recording_status_callback=page.urls.recording(),
        recording_status_callback_method="POST",
    )
    response.redirect(page.urls.turn(page.number, line.language, silence=True), method="POST")


def _await(response: VoiceResponse, line: Await, page: Page) -> None:
    gather = _gather(page, line.language, speech=False, timeout=line.seconds, num_digits=1, finish_on_key="")
    say_into(gather, line.prompts)
    response.append(gather)
    response.redirect(page.urls.turn(page.number, line.language, silence=True), method="POST")


def _hold(response: VoiceResponse, line: Hold, page: Page) -> None:
    speech = line.speech and line.hearing != "stream"  # nobody is asked to speak after a tone here, and may yet leave
    gather = _gather(
        page,
        line.language,
        speech=speech,
        timeout=line.seconds,
        num_digits=1,
        finish_on_key="",
        speech_timeout="auto" if speech else None,
    )
    say_into(gather, line.prompts)
    response.append(gather)
    response.redirect(page.urls.turn(page.number, line.language, silence=True), method="POST")


def _record(response: VoiceResponse, line: Record, page: Page) -> None:
    _lead_in(response, line, line.language, page)
    response.record(
        action=page.urls.recorded(page.number, line.language),
        method="POST",
        timeout=line.silence_seconds,
        max_length=line.max_seconds,
        finish_on_key="".join(dict.fromkeys(line.finish_key + page.opt_out_key)),
        play_beep=line.beep,
        recording_status_callback=page.urls.recording(),
        recording_status_callback_method="POST",
    )
    # Only reached where the provider has nothing to hand over, for a recording that stayed empty.
    response.redirect(page.urls.turn(page.number, line.language, silence=True), method="POST")


def _bridge(response: VoiceResponse, line: Bridge, page: Page) -> None:
    _lead_in(response, line, page.language, page)
    dial = Dial(action=page.urls.bridged(page.number, page.language), method="POST", time_limit=line.max_seconds)
    into_room(dial, page.urls, line.transfer)
    response.append(dial)


def _close(response: VoiceResponse, line: Close, page: Page) -> None:
    if line.listen:
        _lead_in(response, line, line.language, page)
    else:
        say_into(response, line.prompts)
    response.hangup()


# --- shared parts -----------------------------------------------------------------------------------------------------


def _gather(
    page: Page,
    language: str,
    *,
    speech: bool,
    timeout: int,
    num_digits: int | None,
    finish_on_key: str,
    **listening: object,
) -> Gather:
    """A <Gather> that answers to this page. `finishOnKey=""` lets # and * through as keys like any other."""
    given = {name: value for name, value in listening.items() if value is not None}
    if num_digits is not None:
        given["num_digits"] = num_digits
    return Gather(
        input="dtmf speech" if speech else "dtmf",
        action=page.urls.turn(page.number, language),
        method="POST",
        timeout=timeout,
        finish_on_key=finish_on_key,
        language=LANGUAGES[language].gather,
        **given,
    )


def _lead_in(response: VoiceResponse, line: Line, language: str, page: Page) -> None:
    """Words that a key may cut, before something that needs no answer: the provider reports keys only in a <Gather>."""
    if any(prompt.text.strip() for prompt in line.prompts):
        gather = _gather(page, language, speech=False, timeout=1, num_digits=1, finish_on_key="")
        say_into(gather, line.prompts)
        response.append(gather)


def into_room(dial: Dial, urls: CallUrls, transfer: int) -> None:
    """Join the room of a transfer; whoever leaves it ends it for both."""
    dial.conference(
        room(urls.call_id, transfer),
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=True,
        wait_url="",
        max_participants=2,
        status_callback=urls.conference(transfer),
        status_callback_event="start end join leave",
        status_callback_method="POST",
    )


def say_into(verb: VoiceResponse | Gather, prompts: Iterable[Speech]) -> None:
    """Speak the prompts, each in its language's voice, in pieces that a <Say> can carry."""
    for prompt in prompts:
        voice = LANGUAGES[prompt.language]
        for piece in pieces(NOT_XML.sub(" ", prompt.text)):
            verb.say(piece, language=voice.say_language, voice=voice.say_voice)


def pieces(text: str, limit: int = SAY_LIMIT) -> Iterator[str]:
    """`text` in stretches of at most `limit` characters, cut after a sentence if one ends there, else after a word."""
    rest = text.strip()
    while len(rest) > limit:
        cut = _cut(rest[:limit])
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def _cut(window: str) -> int:
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)|[。！？；]", window)]
    spaces = [match.end() for match in re.finditer(r"\s", window)]
    return (ends or spaces or [len(window)])[-1]


def _hints(hints: tuple[str, ...]) -> str | None:
    entries = (" ".join(NOT_XML.sub(" ", hint).replace(",", " ").split())[:HINT_LIMIT] for hint in hints)
    return ",".join(list(dict.fromkeys(entry for entry in entries if entry))[:HINTS_LIMIT]) or None
