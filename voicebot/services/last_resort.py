"""Opting out while the database cannot be written: judged without the call, kept in the synced spool."""

from __future__ import annotations

from voicebot.flows.events import Heard, Pressed
from voicebot.leads.hashing import number_hash
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.meaning import Hypothesis, Question
from voicebot.nlu.understand import understand
from voicebot.services.centre import Centre
from voicebot.services.suppression import OptingOut, spool_opt_out
from voicebot.store.suppressions import Source


def spool_if_opting_out(centre: Centre, event: Pressed | Heard, language: str, number: str, call_id: str) -> bool:
    """Whether `event` opts `number` (E.164) out; it is then safe on the disk, and nobody dials before it is recorded.

    `language` is the one that was spoken, as the request's address says. Raises OutsideError when the spool fails, too.
    """
    return bool(number) and spool_if_leaving(
        centre, event, language, number_hash(number, centre.settings.secret), call_id
    )


def spool_if_leaving(centre: Centre, event: Pressed | Heard, language: str, digest: str, call_id: str) -> bool:
    """The same for a number that is known only by its hash."""
    evidence = _opting_out(event, language, centre.settings.opt_out_key)
    if not evidence or not digest:
        return False
    source: Source = "key" if isinstance(event, Pressed) else "words"
    spool_opt_out(centre.db, OptingOut(digest, source, event.at, evidence, call_id or None))
    return True


def _opting_out(event: Pressed | Heard, language: str, key: str) -> str:
    if isinstance(event, Pressed):
        return event.digits if key in event.digits else ""
    heard = [Hypothesis(reading.text, reading.confidence) for reading in event.readings]
    understood = understand(heard, load_language(LANGUAGES[language].data), Question())
    return event.readings[0].text if understood.intent == "opt_out" else ""
