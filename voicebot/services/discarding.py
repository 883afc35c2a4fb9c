"""The provider's copy of a recording: once we have heard it, it is deleted there, whether or not we keep one.

Rule: what is kept is kept here, where it has an end and goes when its person is forgotten. Deleting is tried a few
times and told in the call's journal, so that what was left behind can be found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from voicebot.errors import VoicebotError
from voicebot.phone.media import recording_sid
from voicebot.phone.provider import Archive, PhoneRefused
from voicebot.services.work import Work
from voicebot.store import journal
from voicebot.store.database import Database
from voicebot.timestamps import to_text

log = logging.getLogger("voicebot.recordings")

WAITS = (2.0, 15.0, 120.0)
"""Seconds until the provider is asked again, each time."""

SOUND = "sound"
"""The journal's kind of entry about what became of a recording."""


@dataclass(frozen=True)
class Sound:
    """A recording at the provider: of which call and document, whether we keep a copy, and if not, why."""

    call_id: str
    document: int
    url: str
    kept: bool
    why: str = ""


@dataclass(frozen=True)
class Discarding:
    """Deletes recordings at the provider, beside the calls."""

    db: Database
    archive: Archive
    work: Work
    clock: Callable[[], datetime]

    def discard(self, sound: Sound) -> None:
        """Have the provider's copy deleted, soon. Does not raise, or wait."""
        self.work.submit(partial(self._try, sound, 0), rank="late")

    def _try(self, sound: Sound, tries: int) -> None:
        sid = recording_sid(sound.url)
        try:
            result = "no id" if not sid else "deleted" if self.archive.delete_recording(sid) else "not found"
        except VoicebotError as fault:
            if tries < len(WAITS) and not (isinstance(fault, PhoneRefused) and fault.permanent):
                self.work.submit(partial(self._try, sound, tries + 1), wait=WAITS[tries], rank="late")
                return
            result = "not deleted"
            log.warning("call %s: recording %s is still at the provider: %s", sound.call_id, sid, fault)
        self._write_down(sound, sid, result)

    def _write_down(self, sound: Sound, sid: str, result: str) -> None:
        facts = {"document": sound.document, "kept": sound.kept, "why": sound.why, "recording": sid,
                 "provider": result}  # fmt: skip
        with self.db.transaction():
            journal.append(self.db, ("call", sound.call_id), SOUND, to_text(self.clock()), facts)
