"""A call from the journal as a test for its flow."""

from __future__ import annotations

from voicebot.errors import VoicebotError
from voicebot.flows.as_test import Transcribed, transcribed
from voicebot.flows.events import EVENT
from voicebot.flows.state import Callee
from voicebot.services.centre import pinned_bundle
from voicebot.store import journal
from voicebot.store.database import Database


def as_test(db: Database, call_id: str, name: str) -> Transcribed:
    """The call as a test called `name`, for the very flow that it was made with.

    Raises VoicebotError when there is no such call, or its private values have been erased.
    """
    entries = journal.read(db, "call", call_id)
    if not entries or entries[0].kind != "opened":
        raise VoicebotError(f"call {call_id}", "there is no such call.", "`voicebot calls` lists them.")
    told = [entry for entry in entries if entry.kind in ("opened", "event")]
    if any(entry.private is None for entry in told):
        raise VoicebotError(f"call {call_id}", "its private values were erased, so it cannot be told again.")
    bundle = pinned_bundle(db, entries[0].body["flow"])
    callee = Callee.model_validate((entries[0].private or {})["callee"])
    events = [EVENT.validate_python((entry.private or {})["event"]) for entry in told[1:]]
    return transcribed(bundle, callee, events, name)
