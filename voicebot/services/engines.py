"""The recognizers that an installation has, by language, as its settings name them."""

from __future__ import annotations

from collections.abc import Mapping

from voicebot.errors import VoicebotError
from voicebot.nlu.languages import LANGUAGES
from voicebot.settings import Settings
from voicebot.speech.engines import EngineSettings, engine
from voicebot.speech.recognizer import Engine


def wanted_engines(settings: Settings) -> dict[str, EngineSettings]:
    """What each language (BCP-47 tag) is to be recognized with; empty where only the provider listens.

    Raises VoicebotError for a language that no call has: its model would be loaded, and never listen.
    """
    match settings.recognizer:
        case "mock":
            return dict.fromkeys(LANGUAGES, EngineSettings("mock"))
        case "server":
            wanted = {tag: EngineSettings("server", url=url) for tag, url in settings.recognizer_urls}
        case _:
            wanted = {tag: EngineSettings("vosk", model=str(path)) for tag, path in settings.speech_models}
    for tag in wanted:
        if tag not in LANGUAGES:
            where = "recognizer_urls" if settings.recognizer == "server" else "speech_models"
            raise VoicebotError(where, f'no call is in the language "{tag}".', f"Write one of {', '.join(LANGUAGES)}.")
    return wanted


def open_engines(wanted: Mapping[str, EngineSettings]) -> dict[str, Engine]:
    """Load each engine once, also where several languages share it.

    Raises ModelError or RecognizerError, each with the reason and the remedy.
    """
    loaded = {one: engine(one) for one in dict.fromkeys(wanted.values())}
    return {tag: loaded[one] for tag, one in wanted.items()}
