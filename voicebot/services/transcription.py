"""Recorded answers: fetched, transcribed and told to the switchboard, beside the requests and within bounds.

Rule: a callee who waits is told something before long: what they said, or that we cannot hear them. What comes after
that is still listened to, since an opting out in it counts however late it is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

from voicebot import logs, metrics
from voicebot.errors import VoicebotError
from voicebot.flows.actions import Transcribe
from voicebot.flows.events import AnyEvent, Deafened, Silence, WhyDeaf
from voicebot.flows.state import State
from voicebot.phone.media import Media, NotYetError
from voicebot.phone.provider import Archive
from voicebot.services import recordings
from voicebot.services.caller import Board
from voicebot.services.centre import Centre
from voicebot.services.discarding import Discarding, Sound
from voicebot.services.work import Work
from voicebot.speech.audio import wav
from voicebot.speech.recognizer import Engine, RecognizerError, heard
from voicebot.speech.whole import at_true_rate, recognized
from voicebot.store import calls
from voicebot.store.database import Row
from voicebot.timestamps import to_text

log = logging.getLogger("voicebot.transcription")

PATIENCE = 12.0
"""Seconds after which a callee is told that we cannot hear them; the engine lets them wait for 16."""

WAITS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Seconds until a file that is not there is asked for again, each time; the last one goes on."""

LATE_WAITS = (5.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""The same once nobody waits for it; then it is given up."""

ROOM = 32
"""Recordings that callees may be waiting for at once; who comes on top of them is told so at once."""

LATE_ROOM = 500
"""Recordings that nobody waits for, kept to be listened to all the same."""

LONGEST = 60
"""Seconds of a recording that are transcribed; answers are recorded for 30 at the most."""

TOLD_TRIES = 3
"""How often words are told anew because the callee was asked to wait for another while in that moment."""

Tell = Callable[[str, int, AnyEvent], object]
"""Tells the switchboard what was heard while a document of a call was on the line (`Switchboard.spoken`, and a flush);
what is returned is None where it came too late."""


class Discard(Protocol):
    """What becomes of the provider's copy."""

    def discard(self, sound: Sound) -> None:
        """Have it deleted, soon."""
        ...


def transcriber_for(
    board: Board,
    engine_of: Callable[[str], Engine | None],
    archive: Archive,
    work: Work,
    clock: Callable[[], datetime],
) -> Transcriber:
    """The transcriber of an installation: it fetches and deletes at its provider, and tells its switchboard."""
    centre = board.centre

    def tell(call_id: str, document: int, event: AnyEvent) -> int | None:
        led = board.spoken(call_id, document, event)
        board.flush(to_text(clock()))
        return led

    discarding = Discarding(centre.db, archive, work, clock)
    return Transcriber(centre, engine_of, Media(centre.settings).fetch, tell, discarding, work, clock)


@dataclass(frozen=True)
class Task:
    """One recording. `late`: the callee has been told that we do not hear them, and waits no more."""

    call_id: str
    document: int
    recorded: Transcribe
    asked_at: datetime
    tries: int = 0
    late: bool = False


@dataclass(frozen=True)
class Found:
    """What a recording came to: the event, and the file if it could be read."""

    event: AnyEvent
    content: bytes = b""
    why: str = ""


class Transcriber:
    """Transcribes the recorded answers of this process's calls. It serves all threads.

    `engine_of` gives the engine of a language (BCP-47 tag), None where there is none; `fetch` the WAV file at an
    address (see `phone.media.Media.fetch`).
    """

    def __init__(  # noqa: PLR0913  (each is a seam)
        self,
        centre: Centre,
        engine_of: Callable[[str], Engine | None],
        fetch: Callable[[str], bytes],
        tell: Tell,
        discarding: Discard,
        work: Work,
        clock: Callable[[], datetime],
        *,
        room: int = ROOM,
        late_room: int = LATE_ROOM,
    ) -> None:
        self._centre, self._engine_of, self._fetch, self._tell = centre, engine_of, fetch, tell
        self._discarding, self._work, self._clock = discarding, work, clock
        self._room, self._late_room = room, late_room
        self._lock = threading.Lock()
        self._waited_for: dict[str, Task] = {}
        self._late = 0

    def transcribe(self, call_id: str, document: int, recorded: Transcribe) -> None:
        """Find out what was said; the callee waits in `document`. Does not raise, or wait."""
        task = Task(call_id, document, recorded, self._clock())
        with self._lock:
            full = len(self._waited_for) >= self._room and call_id not in self._waited_for
            if not full:
                self._waited_for[call_id] = task
        if full:
            self._work.submit(partial(self._overloaded, task), rank="first")
        else:
            self._work.submit(partial(self._attempt, task))

    # --- tries ---

    def _attempt(self, task: Task) -> None:
        """One try at a task. Whatever goes wrong, the callee is told."""
        with logs.about(task.call_id):
            if not task.late and self._age(task) > PATIENCE:
                self._deafen(task, "transcription", "it waited too long")
                return
            try:
                found = self._found(task)
            except NotYetError as fault:
                self._again(task, str(fault))
                return
            self._conclude(task, found)

    def _found(self, task: Task) -> Found:
        """What is said in the recording. Raises NotYetError."""
        try:
            content = self._fetch(task.recorded.url)
            return Found(self._event(task, content), content)
        except NotYetError:
            raise
        except Exception as fault:  # whatever breaks, the call goes on
            if not isinstance(fault, VoicebotError):
                log.exception("a recording cannot be transcribed")
            return Found(self._deaf("transcription"), why=f"{type(fault).__name__}: {fault}"[:300])

    def _event(self, task: Task, content: bytes) -> AnyEvent:
        sound = at_true_rate(wav.read(content, name="recording"), task.recorded.seconds)
        call = calls.load(self._centre.db, task.call_id)
        language = call["language"] if call else ""
        engine = self._engine_of(language)
        if engine is None:
            raise RecognizerError("recognizer", f"there is none for the language {language}.", "Set speech_models.")
        utterance = recognized(engine, replace(sound, samples=sound.samples[: LONGEST * sound.rate]))
        at = to_text(self._clock())
        event = heard(utterance, at) if utterance else None
        return event or Silence(at=at, sure=True)

    def _again(self, task: Task, problem: str) -> None:
        """The file is not there yet: soon again, or for the opting out that may be in it."""
        if task.late:
            if task.tries < len(LATE_WAITS):
                self._submit_late(task)
            else:
                self._conclude(task, Found(self._deaf("transcription"), why=problem))
            return
        wait = WAITS[min(task.tries, len(WAITS) - 1)]
        if self._age(task) + wait > PATIENCE:
            self._deafen(task, "transcription", problem)
        else:
            self._work.submit(partial(self._attempt, replace(task, tries=task.tries + 1)), wait=wait)

    # --- who is told ---

    def _overloaded(self, task: Task) -> None:
        with logs.about(task.call_id):
            self._deafen(task, "overloaded", f"{self._room} others are waiting")

    def _deafen(self, task: Task, why: WhyDeaf, problem: str) -> None:
        """The callee waits no more. What they have said is listened to later, if there is room for it."""
        log.warning("document %d is not transcribed in time: %s", task.document, problem)
        self._say(task, self._deaf(why))
        with self._lock:
            room = self._late < self._late_room
            self._late += room
        if room:
            self._submit_late(replace(task, late=True, tries=0))
        else:
            log.error("document %d is never listened to: too much is waiting", task.document)
            self._dispose(task, Found(self._deaf(why), why="too much was waiting"))

    def _submit_late(self, task: Task) -> None:
        later = replace(task, tries=task.tries + 1)
        self._work.submit(partial(self._attempt, later), wait=LATE_WAITS[task.tries], rank="late")

    def _conclude(self, task: Task, found: Found) -> None:
        """A task has come to its end."""
        if found.why:
            log.warning("document %d cannot be transcribed: %s", task.document, found.why)
        if not task.late:
            self._say(task, found.event)
        else:
            with self._lock:
                self._late -= 1
            if not isinstance(found.event, Deafened):
                self._told(task.call_id, task.document, found.event)
        self._dispose(task, found)

    def _say(self, task: Task, event: AnyEvent) -> None:
        """Tell what a callee waits for, in whichever document they do so by now."""
        metrics.TRANSCRIBED.labels(event.why if isinstance(event, Deafened) else event.kind).inc()
        with self._lock:
            latest = self._waited_for.get(task.call_id, task)
            outdated = latest.document != task.document  # the callee has pressed a key, and speaks again by now
            if not outdated:
                self._waited_for.pop(task.call_id, None)
        for _ in range(TOLD_TRIES):
            document = task.document if outdated else self._awaited_in(task)
            if self._told(task.call_id, document, event) or outdated or self._awaited_in(task) == document:
                return

    def _awaited_in(self, task: Task) -> int:
        """The document in which the callee waits: every few seconds it is a new one."""
        call = calls.load(self._centre.db, task.call_id)
        if call is None or not call["state"] or not State.model_validate_json(call["state"]).awaiting:
            return task.document
        return int(call["document"])

    def _told(self, call_id: str, document: int, event: AnyEvent) -> bool:
        try:
            return self._tell(call_id, document, event) is not None
        except VoicebotError as fault:  # the callee's waiting has an end of its own
            log.error("what was heard in document %d cannot be told: %s", document, fault)
            return True

    # --- the sound ---

    def _dispose(self, task: Task, found: Found) -> None:
        """Keep the sound where it may be kept; forget it at the provider."""
        call = calls.load(self._centre.db, task.call_id)
        if call is None:
            return
        why = self._kept(call, task.document, found.content) if found.content else "it cannot be read"
        self._discarding.discard(Sound(task.call_id, task.document, task.recorded.url, kept=not why, why=why))

    def _kept(self, call: Row, document: int, content: bytes) -> str:
        """Keep an answer where it may be kept; why it is not kept, if so."""
        try:
            why = recordings.why_not(self._centre, call)
            if why:
                return why
            kept = recordings.keep_answer(self._centre, call, document, content, to_text(self._clock()))
        except VoicebotError as fault:
            log.warning("the sound of document %d is not kept: %s", document, fault)
            return "it could not be written"
        return "" if kept else "the call was erased"

    def _age(self, task: Task) -> float:
        return (self._clock() - task.asked_at).total_seconds()

    def _deaf(self, why: WhyDeaf) -> Deafened:
        return Deafened(at=to_text(self._clock()), why=why)
