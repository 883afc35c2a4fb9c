"""What a caller hears when nothing else can be said: documents that need no call, no flow and no database. Pure."""

from __future__ import annotations

from twilio.twiml.voice_response import VoiceResponse  # type: ignore[import-untyped]

from voicebot.flows.actions import Speech
from voicebot.nlu.languages import LANGUAGES
from voicebot.phone.twiml import say_into

DEFAULT_LANGUAGE = next(iter(LANGUAGES))


def apology(language: str) -> str:
    """Something of ours is broken. An unknown language gets the first of the table."""
    return _last_words(LANGUAGES[spoken(language)].phrases.apology, spoken(language))


def left(language: str) -> str:
    """Opting out has been written down, if only in the spool."""
    return _last_words(LANGUAGES[spoken(language)].phrases.opted_out, spoken(language))


def once_more(language: str, url: str) -> str:
    """The database is busy: ask to be asked again at `url` in a moment, and say so meanwhile."""
    response = VoiceResponse()
    say_into(response, (Speech(text=LANGUAGES[spoken(language)].phrases.again, language=spoken(language)),))
    response.redirect(url, method="POST")
    return str(response)


def nothing() -> str:
    """The answer to a callback that wants none."""
    return str(VoiceResponse())


def spoken(language: str) -> str:
    """`language` if the bot speaks it, else the first language of the table."""
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def _last_words(words: str, language: str) -> str:
    response = VoiceResponse()
    say_into(response, (Speech(text=words, language=language),))
    response.hangup()
    return str(response)
