"""What an agent hears on the leg that rings them. Pure, like `twiml`."""

from __future__ import annotations

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse  # type: ignore[import-untyped]

from voicebot.flows.actions import Speech, StartTransfer
from voicebot.nlu.languages import LANGUAGES
from voicebot.phone.twiml import into_room, say_into
from voicebot.phone.urls import CallUrls, LegUrls

KEY_SECONDS = 5
"""Seconds an agent has for a key after the whisper."""


def whisper(request: StartTransfer, urls: LegUrls, number: int) -> str:
    """Who is waiting, and the keys that take or decline the call. Without a key it is asked what comes next."""
    language = request.whisper.language
    gather = Gather(
        input="dtmf",
        action=urls.key(number),
        method="POST",
        num_digits=1,
        finish_on_key="",
        timeout=KEY_SECONDS,
        language=LANGUAGES[language].gather,
    )
    keys = LANGUAGES[language].to_agents.keys.format(accept=request.accept_key, decline=request.decline_key)
    say_into(gather, (request.whisper, Speech(text=keys, language=language)))
    response = VoiceResponse()
    response.append(gather)
    response.redirect(urls.key(number, silence=True), method="POST")
    return str(response)


def join(request: StartTransfer, urls: CallUrls) -> str:
    """Into the room with the caller; afterwards a word of thanks."""
    language = request.whisper.language
    response = VoiceResponse()
    say_into(response, (Speech(text=LANGUAGES[language].to_agents.joining, language=language),))
    dial = Dial()
    into_room(dial, urls, request.transfer)
    response.append(dial)
    say_into(response, (Speech(text=LANGUAGES[language].to_agents.parted, language=language),))
    response.hangup()
    return str(response)


def gone(language: str) -> str:
    """The caller does not wait any more."""
    return _last(LANGUAGES[language].to_agents.gone, language)


def declined(language: str) -> str:
    """A goodbye to an agent who did not take the call."""
    return _last(LANGUAGES[language].to_agents.declined, language)


def _last(words: str, language: str) -> str:
    response = VoiceResponse()
    say_into(response, (Speech(text=words, language=language),))
    response.hangup()
    return str(response)
