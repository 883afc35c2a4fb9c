"""The sound of calls: whether it may be kept, and keeping it.

Rule: sound is kept only where the law of the callee's place, the flow and the centre's setting agree (see
`dialer.recording`); whatever is in doubt is not kept.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from voicebot.dialer.policy import Layer
from voicebot.dialer.recording import why_not_kept
from voicebot.errors import OutsideError
from voicebot.leads.regions import find_region
from voicebot.services.centre import Centre, pinned_bundle
from voicebot.services.windows import layer_of
from voicebot.speech.audio import wav
from voicebot.store import calls, campaigns, enrolments, people, recordings
from voicebot.store.database import Row
from voicebot.store.recordings import Recorded
from voicebot.timestamps import to_text

log = logging.getLogger("voicebot.recordings")

LONGEST_STREAM = 3600
"""Seconds of a call's stream that are kept; no flow lasts longer, and an agent's talk is not on the stream."""

LINE_RATE = 8000
"""Bytes a second of mu-law."""


def why_not(centre: Centre, call: Row) -> str:
    """What stands against keeping the sound of a call; empty when nothing does."""
    bundle = pinned_bundle(centre.db, call["pin"])
    flow = bundle.flows[bundle.main]
    rule = centre.policy.rules(*_place(centre, call), flow.purpose, _layer(centre, call)).recording
    return why_not_kept(rule, wanted=centre.settings.keep_recordings, announced=flow.announces_recording)


def _place(centre: Centre, call: Row) -> tuple[str, str]:
    """Country and region of whoever is on the line; empty where they are unknown, which means the default."""
    number = people.number_by_hash(centre.db, call["number_hash"])
    person = people.person(centre.db, call["person_id"]) if call["person_id"] is not None else None
    country = number["country"] if number else ""
    region = find_region(country, person["region"]) if person else None
    return country, region.code if region else ""


def _layer(centre: Centre, call: Row) -> Layer | None:
    """What the call's campaign adds to the policy."""
    enrolment = enrolments.enrolment(centre.db, call["enrolment_id"]) if call["enrolment_id"] is not None else None
    campaign = campaigns.load(centre.db, enrolment["campaign_id"]) if enrolment else None
    return layer_of(campaign) if campaign else None


# --- answers ----------------------------------------------------------------------------------------------------------


def keep_answer(centre: Centre, call: Row, document: int, content: bytes, at: str) -> bool:
    """Keep the WAV file of an answer, for which the callee waited in `document`; False if its call is erased already.

    Whether it may be kept has been asked before. Raises OutsideError, VoicebotError for what is no WAV file.
    """
    seconds = round(wav.read(content).seconds, 2)
    answer = Recorded(call["id"], call["person_id"], "answer", document, seconds, len(content), at)
    recordings.write(centre.db.path, answer.file, content, at)
    return _write_down(centre, answer)


def _write_down(centre: Centre, recorded: Recorded) -> bool:
    """Give a file its row. A file that gets none, since its call was erased meanwhile, is removed."""
    with centre.db.transaction():
        recordings.insert(centre.db, recorded)
        kept = recordings.is_kept(centre.db, recorded.file)
    if not kept:
        recordings.unlink(centre.db.path, [recorded.file])
    return kept


# --- streams ----------------------------------------------------------------------------------------------------------


def stream_keeper(centre: Centre, call_id: str, clock: Callable[[], datetime]) -> StreamKeeper | None:
    """Who keeps the inbound sound of a call's stream; None where it may not be kept, or the disk fails."""
    call = calls.load(centre.db, call_id)
    if call is None or why_not(centre, call):
        return None
    try:
        return StreamKeeper(centre, call, clock)
    except OutsideError as fault:
        log.warning("%s", fault)
        return None


class StreamKeeper:
    """Writes the sound of one stream as it comes. It belongs to one thread at a time, and never raises."""

    def __init__(self, centre: Centre, call: Row, clock: Callable[[], datetime]) -> None:
        """Raises OutsideError."""
        self._centre, self._call, self._clock = centre, call, clock
        self._written = 0
        place = recordings.prepared(centre.db.path)
        try:
            self._path: Path = recordings.draft(place)
            self._file: BinaryIO | None = self._path.open("wb")
            self._file.write(_head(0))
        except OSError as error:
            raise recordings.unusable(place, error) from None

    def write(self, frame: bytes) -> None:
        """The next mu-law of the line. What would make the file too long is left out."""
        room = LONGEST_STREAM * LINE_RATE - self._written
        if self._file is None or room <= 0:
            return
        try:
            self._file.write(frame[:room])
        except OSError as error:
            self._give_up(error)
        self._written += len(frame[:room])

    def close(self) -> None:
        """The stream has ended: the file is finished and written down. Of an empty one nothing is kept."""
        if self._file is None:
            return
        try:
            self._finish(to_text(self._clock()))
        except OSError as error:
            self._give_up(error)
        except OutsideError as fault:
            log.warning("the sound of call %s is not kept: %s", self._call["id"], fault)

    def _finish(self, at: str) -> None:
        assert self._file is not None  # noqa: S101  (just seen)
        file, self._file = self._file, None
        head = _head(self._written)
        with file:
            file.write(b"\0" * (self._written % 2))  # chunks are padded to even lengths
            file.seek(0)
            file.write(head)
        if not self._written:
            self._path.unlink()
            return
        seconds, size = round(self._written / LINE_RATE, 2), len(head) + self._written + self._written % 2
        stream = Recorded(self._call["id"], self._call["person_id"], "stream", 0, seconds, size, at)
        recordings.publish(self._path, stream.file, at)
        _write_down(self._centre, stream)

    def _give_up(self, error: OSError) -> None:
        """The disk fails: the call goes on without being kept."""
        log.warning("the sound of call %s is not kept: %s", self._call["id"], error.strerror)
        file, self._file = self._file, None
        with suppress(OSError):
            if file:
                file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _head(size: int) -> bytes:
    """The head of a WAV file of `size` bytes of mu-law (RFC 2361: format 7; such formats have a `fact` chunk)."""
    layout = struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, LINE_RATE, LINE_RATE, 1, 8, 0)
    fact, data = struct.pack("<4sII", b"fact", 4, size), struct.pack("<4sI", b"data", size)
    length = 4 + len(layout) + len(fact) + len(data) + size + size % 2
    return struct.pack("<4sI4s", b"RIFF", length, b"WAVE") + layout + fact + data
