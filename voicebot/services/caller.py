"""One call that this process listens to: what its ear hears is told to the switchboard, in order and beside the sound.

Rule: what was heard is carried out by others than those who hear, so that no telephone request holds up a recognizer.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from voicebot import logs, metrics
from voicebot.errors import OutsideError, VoicebotError
from voicebot.flows.events import AnyEvent, BargedIn, Deafened, Heard, WhyDeaf
from voicebot.services.centre import Centre
from voicebot.services.last_resort import spool_if_leaving
from voicebot.speech.ear import Broken, CutIn, Ear, EarEvent, Listening, Said
from voicebot.speech.pool import Pool
from voicebot.speech.recognizer import Engine, heard
from voicebot.store import calls
from voicebot.timestamps import to_text

log = logging.getLogger("voicebot.ears")

BESIDE = -1
"""The number of no document: what is told under it can only be late, and counts if it opts out."""

LATE = 500
"""Milliseconds of sound that wait for the recognizer: with more than that nobody can say that the callee is silent."""

BYTES_PER_MS = 8

TRIES = 3
"""How often something is told to a call that moves on at the same time, or to a database that is busy."""


class Board(Protocol):
    """What a caller needs of the switchboard."""

    @property
    def centre(self) -> Centre: ...

    def spoken(self, call_id: str, document: int, event: AnyEvent) -> int | None: ...

    def note(
        self, call_id: str, kind: str, at: str, *, private: Mapping[str, Any] | None = None, **facts: Any
    ) -> str: ...

    def flush(self, now: str) -> int: ...


class Sink(Protocol):
    """Keeps what is heard of a call: mu-law, 8000 samples a second, without gaps."""

    def write(self, sound: bytes, /) -> object: ...

    def close(self) -> object: ...


class Caller:
    """The ear of one call, the document that is on its line, and the order in which all is told."""

    def __init__(
        self,
        call_id: str,
        engine_of: Callable[[str], Engine | None],
        board: Board,
        clock: Callable[[], datetime],
        pools: tuple[Pool, Pool],
    ) -> None:
        """`pools`: for the sound, and for what is told to the switchboard."""
        hearing, telling = pools
        self.call_id, self.since = call_id, clock()
        self.stream_sid = self.number_hash = ""
        self._sink: Sink | None = None
        self.heard_at: datetime | None = None
        """When sound came last; None before the stream is opened."""
        self._ear, self._board, self._clock = Ear(engine_of, self._keep), board, clock
        self._lane, self._telling = hearing.lane(self._overloaded), telling.lane(lambda: None)
        self._language, self._document = "", 0
        self._wordless: set[int] = set()
        self._became: dict[int, int] = {}
        self._moving: set[int] = set()
        self._untold = 0
        self._is_counted = False
        self.is_over = False
        """Whether nobody relies on this ear any more; `why`, where it failed them."""
        self.why: WhyDeaf = "lost"

    # --- what it is told ---

    def open(self, stream_sid: str, number_hash: str) -> bool:
        """Its stream is there, from the telephone whose number has this hash; False when it has one already."""
        if self.heard_at is not None:
            return False
        self.stream_sid, self.number_hash, self.heard_at = stream_sid, number_hash, self._clock()
        self._is_counted = True
        metrics.STREAMS.inc()
        return True

    def keep_in(self, sink: Sink | None) -> None:
        """Keep what is heard, from the beginning of the stream on."""
        self._sink = sink

    def listen(self, listening: Listening, *, words: bool) -> None:
        """The callee hears something else from now on; `words`: whether words answer it."""
        self._language = listening.language
        if not words:
            self._wordless.add(listening.document)
        goes_on = threading.get_ident() in self._moving
        if goes_on:
            self._became[self._document] = listening.document
        self._moving.clear()
        self._document = listening.document
        self._lane.tell(lambda: self._pass_on(self._ear.listen(listening, goes_on=goes_on)))

    def goes_on(self) -> None:
        """What the callee is saying belongs to the next document as well, if this very thread brings it about.

        Barging in and a time-out may both be about to; whichever comes first does.
        """
        self._moving.add(threading.get_ident())

    def sound(self, frame: bytes, at: int) -> None:
        """A frame of the stream, which begins at `at` ms of its time."""
        self.heard_at = self._clock()
        self._lane.put(partial(self._hear, frame, at), len(frame) // BYTES_PER_MS)

    @property
    def is_busy(self) -> bool:
        """Whether the callee is speaking, or something that they said is still on its way."""
        return self._ear.speaking or self._untold > 0 or self._lane.waiting > LATE

    def hung_up(self) -> None:
        """The provider has stopped the stream, as it does at the end of a call; the last words are passed on."""
        self._lane.end(self._finish)

    def lost(self, why: WhyDeaf, problem: str = "") -> None:
        """Nothing more will be heard, while the call goes on; the last words are passed on before it is told."""
        self._lane.end(partial(self._lose, why, problem))

    def retire(self) -> None:
        """Nobody relies on this ear any more; of what is being said, an opting out still counts.

        The last words are passed on with the sound that comes next: this is called in the middle of a transaction.
        """
        self.is_over = True
        self._lane.tell(self._finish)

    def let_go(self) -> None:
        """Nobody relies on this ear any more; what was being said is nobody's."""
        self.is_over = True
        self._lane.end(self._close)

    # --- in the lane of the sound ---

    def _hear(self, frame: bytes, at: int) -> None:
        self._pass_on(self._ear.feed(frame, at))

    def _finish(self) -> None:
        self._pass_on(self._ear.finish())
        self._close()

    def _lose(self, why: WhyDeaf, problem: str) -> None:
        self._finish()
        self._deaf(why, problem)

    def _close(self) -> None:
        if self._is_counted:
            self._is_counted = False
            metrics.STREAMS.dec()
        self._ear.close()
        sink, self._sink = self._sink, None
        if sink:
            sink.close()

    def _keep(self, sound: bytes) -> None:
        if self._sink is None:
            return
        try:
            self._sink.write(sound)
        except Exception:  # a full disk deafens nobody
            log.exception("the sound of call %s is kept no longer", self.call_id)
            self._sink = None

    def _overloaded(self) -> None:
        """By whoever brings the sound: the recognizers are given back by the worker who has them."""
        self._lane.end(self._close)
        self._deaf("overloaded", "sound came faster than it could be recognized")

    def _pass_on(self, events: list[EarEvent]) -> None:
        for event in events:
            self._untold += isinstance(event, Said)
            self._telling.do(partial(self._tell, event))

    # --- in the lane of what is told ---

    def _tell(self, event: EarEvent) -> None:
        with logs.about(self.call_id):
            match event:
                case CutIn(document):
                    self._cut(document)
                case Said():
                    try:
                        self._said(event)
                    finally:
                        self._untold -= 1
                case Broken(why, problem):
                    self._deafen(why, problem)

    def _cut(self, document: int) -> None:
        """What is being said goes on under the document that the barging in leads to."""
        self.goes_on()
        try:
            self._spoken(self._present(document), BargedIn(at=self._now()))
        finally:
            self._moving.discard(threading.get_ident())

    def _present(self, document: int) -> int:
        """The document under which what began on `document` goes on."""
        while document in self._became:
            document = self._became[document]
        return document

    def _said(self, event: Said) -> None:
        words = heard(event.utterance, self._now())
        if words is None:
            return
        if event.beside or self.is_over or event.document in self._wordless:
            self._spoken(BESIDE, words)
            return
        document = self._present(event.document)
        while self._spoken(document, words) is None and document != self._present(event.document):
            document = self._present(event.document)  # a time-out came in between, and the answer goes on beyond it

    def _deaf(self, why: WhyDeaf, problem: str) -> None:
        self._telling.do(partial(self._deafen, why, problem))

    def _deafen(self, why: WhyDeaf, problem: str) -> None:
        """The provider has to listen from now on; a call that moves on at the same time is told again."""
        if self.is_over:
            return
        self.is_over, self.why = True, why
        log.warning("it is not heard any more (%s): %s", why, problem or "the stream ended")
        for _ in range(TRIES):
            document = self._present_document()
            if self._spoken(document, Deafened(at=self._now(), why=why)) is not None:
                return
            if document == self._present_document():
                return

    def _spoken(self, document: int, event: Heard | BargedIn | Deafened) -> int | None:
        """Tell the switchboard, and ask the provider for what follows; opting out outlives a broken database."""
        try:
            became = self._told(document, event)
        except OutsideError as fault:
            log.error("what was heard is lost: %s", fault)
            if isinstance(event, Heard):
                self._leave_at_least(event)
            return None
        except VoicebotError as fault:
            log.warning("%s", fault)
            return None
        try:
            self._board.flush(self._now())
        except OutsideError as fault:  # the sweeper takes it up
            log.error("what waits for the provider could not be asked: %s", fault)
        return became

    def _told(self, document: int, event: Heard | BargedIn | Deafened) -> int | None:
        """Tell it to a database that may be busy for the moment; each try waits for it by itself."""
        for _ in range(TRIES - 1):
            with suppress(OutsideError):
                return self._board.spoken(self.call_id, document, event)
        return self._board.spoken(self.call_id, document, event)

    def _leave_at_least(self, event: Heard) -> None:
        try:
            spool_if_leaving(self._board.centre, event, self._language, self.number_hash, self.call_id)
        except Exception as lost:  # nobody is left who could keep it
            log.critical("an opting out may be lost: %s", lost)

    def _present_document(self) -> int:
        try:
            call = calls.load(self._board.centre.db, self.call_id)
        except OutsideError:
            return BESIDE
        return int(call["document"]) if call else BESIDE

    def _now(self) -> str:
        return to_text(self._clock())
