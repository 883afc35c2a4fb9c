"""Which calls this process listens to: a call is admitted, its stream opens, its lines follow each other, it is over.

Rule: nothing here raises or waits, because the switchboard asks it in the middle of a transaction; only `opened` looks
into the database, for the socket that it refuses or takes.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from voicebot import metrics
from voicebot.errors import OutsideError, VoicebotError
from voicebot.flows.actions import AnyLine, Transcribe
from voicebot.flows.events import Deafened, Hearing, Silence, StillSpeaking, WhyDeaf
from voicebot.phone.urls import same_token
from voicebot.services.caller import Board, Caller, Sink
from voicebot.services.listening import ends_listening, listening_to, takes_words
from voicebot.speech.pool import Inline, Pool, Workers, capacity_of, real_time_factor
from voicebot.speech.recognizer import Engine
from voicebot.speech.remote import RemoteEngine
from voicebot.store import calls
from voicebot.store.database import Row
from voicebot.timestamps import to_text

log = logging.getLogger("voicebot.ears")

STALE = timedelta(seconds=60)
"""After so long without a frame, or without a stream at all, a call does not count any more: it was hung up."""

FROZEN = timedelta(seconds=3)
"""After so long without a frame the stream is lost, though nobody has closed it."""

TELLERS = 16
"""Threads that tell the switchboard what was heard; each may wait for the provider's answer."""

SERVED = 50
"""Calls that are heard by servers at once, where the settings name no number; and threads that talk to servers."""

NOTED = 10_000
"""Troubles with streams that a process writes down in its life."""

OVER = ("completed", "busy", "no_answer", "canceled", "failed")

Clock = Callable[[], datetime]


class StreamRefused(VoicebotError):  # noqa: N818  (a refusal, told to whoever opened the stream)
    """A stream that is not taken in."""

    def __init__(self, call_id: str, why: str) -> None:
        super().__init__(f"stream of call {call_id[:40]}", why)


def forget(call_id: str, document: int, recorded: Transcribe) -> None:
    """Nobody transcribes recordings here."""


class StreamEars:
    """The ears of one process (see `services.centre.Ears`). `engines` are by language (BCP-47 tag).

    `pools`: for the sound, and for what is told to the switchboard. `keep` gives the sink for a call's sound, None
    where it is not to be kept; `transcribe` has a recording transcribed.
    """

    def __init__(
        self,
        engines: Mapping[str, Engine],
        clock: Clock,
        *,
        capacity: int,
        pools: tuple[Pool, Pool],
        keep: Callable[[str], Sink | None] = lambda _call_id: None,
        transcribe: Callable[[str, int, Transcribe], None] = forget,
    ) -> None:
        self.capacity, self.keep, self.transcribe = capacity, keep, transcribe
        self._engines, self._clock, self._pools = engines, clock, pools
        self.is_closed = False
        self._board: Board | None = None
        self._lock = threading.Lock()
        self._callers: dict[str, Caller] = {}
        self._noted: set[tuple[str, str, str]] = set()
        self._notes = pools[1].lane(lambda: None)

    def serve(self, board: Board) -> None:
        """Tell this switchboard what is heard; before that nobody is admitted."""
        self._board = board

    def close(self) -> None:
        """This process ends: let go of all calls without a word, so that none is moved to where nobody answers.

        What is asked next, of the process that comes after this one, is that they be heard by the provider.
        """
        self.is_closed, self._board = True, None
        with self._lock:
            callers, self._callers = list(self._callers.values()), {}
        for caller in callers:
            caller.let_go()

    @property
    def listening(self) -> int:
        """How many calls are listened to, or are about to be."""
        return len(self._callers)

    # --- what the switchboard asks ---

    def admit(self, call_id: str, language: str, wanted: Hearing) -> Hearing:
        """How a call that begins now is heard: as wanted, if we know its language and there is room for one more."""
        board, now = self._board, self._clock()
        if board is None or language not in self._engines or wanted != "stream":
            return "recording" if wanted == "recording" and self._hears_recordings(language) else "provider"
        with self._lock:
            self._forget_stale(now)
            if call_id not in self._callers:
                if len(self._callers) >= self.capacity:
                    log.info("%s is not heard by us: %d calls are", call_id, len(self._callers))
                    return "provider"
                self._callers[call_id] = Caller(call_id, self._engines.get, board, self._clock, self._pools)
        return "stream"

    def engine(self, language: str) -> Engine | None:
        """What recognizes a language (BCP-47 tag), if anything does."""
        return self._engines.get(language)

    def _hears_recordings(self, language: str) -> bool:
        return language in self._engines and self.transcribe is not forget

    def line(self, call_id: str, document: int, line: AnyLine, at: str) -> None:
        """What the callee of a call hears now, as document number `document`."""
        caller = self._callers.get(call_id)
        if caller is None:
            return
        if ends_listening(line):
            self._retire(caller)
        else:
            caller.listen(listening_to(document, line), words=takes_words(line))

    def instead_of_silence(self, call_id: str, at: str) -> Silence | StillSpeaking | Deafened:
        """What a silence that the provider reports really is, on a call that is heard on its stream."""
        caller = self._callers.get(call_id)
        if caller is None:
            return Deafened(at=at, why="lost")
        if caller.heard_at is None or caller.is_over or self._clock() - caller.heard_at > FROZEN:
            self._retire(caller)
            return Deafened(at=at, why="not_opened" if caller.heard_at is None else caller.why)
        if not caller.is_busy:
            return Silence(at=at, sure=True)
        caller.goes_on()
        return StillSpeaking(at=at)

    # --- what the stream tells ---

    def opened(self, call_id: str, given: str, call_sid: str, stream_sid: str) -> Caller:
        """The stream of a call is there; `given` is the token that it brings.

        Raises StreamRefused for any that is not the one we wait for.
        """
        caller = self._callers.get(call_id)
        try:
            call = self._checked(call_id, given, call_sid)
            if caller is None:
                raise StreamRefused(call_id, "it is not waited for.")
            with self._lock:
                if not caller.open(stream_sid, call["number_hash"]):
                    raise StreamRefused(call_id, "the call has a stream already.")
        except StreamRefused as refused:
            self._tell_refusal(call_id, refused.problem, stream_sid)
            raise
        caller.keep_in(self._sink(call_id))
        return caller

    def stopped(self, caller: Caller) -> None:
        """The provider has stopped the stream: the call has ended, or is not to be listened to any more."""
        self._forget(caller)
        caller.hung_up()

    def lost(self, caller: Caller, why: WhyDeaf, problem: str = "") -> None:
        """The stream broke off, or had to be closed, in the middle of the call."""
        self._forget(caller)
        caller.lost(why, problem)

    def failed(self, call_id: str, problem: str) -> None:
        """The provider tells that it could not open the stream of a call, or lost it."""
        caller = self._callers.get(call_id)
        if caller is not None:
            self.lost(caller, "not_opened" if caller.heard_at is None else "lost", problem)

    def trouble(self, call_id: str, kind: str) -> None:
        """Something is wrong with a stream that is taken in; told once of each kind."""
        log.warning("stream of call %s: %s", call_id, kind)
        self._notes.do(partial(self._note, call_id, "stream_trouble", kind))  # whoever reads streams must not wait

    # --- who is let in ---

    def _checked(self, call_id: str, given: str, call_sid: str) -> Row:
        """The call to which a stream may belong. Raises StreamRefused."""
        if self._board is None:
            raise StreamRefused(call_id, "nobody listens here.")
        centre = self._board.centre
        try:
            call = calls.load(centre.db, call_id)
        except OutsideError as fault:
            raise StreamRefused(call_id, str(fault)) from fault
        if call is None or not same_token(given, call["token"]):
            raise StreamRefused(call_id, "its token is wrong.")
        if call["sid"] != call_sid:
            raise StreamRefused(call_id, "it belongs to another call.")
        if call["status"] in OVER or call["phase"] == "ended":
            raise StreamRefused(call_id, "the call is over.")
        return call

    def _tell_refusal(self, call_id: str, why: str, stream_sid: str) -> None:
        metrics.REFUSED.labels("stream").inc()
        log.warning("stream %s of call %s is refused: %s", stream_sid[:40], call_id[:40], why)
        self._note(call_id, "stream_refused", why)

    def _note(self, call_id: str, kind: str, why: str) -> None:
        """Write it down with the call, if there is one, and once: whoever tries for hours fills no journal."""
        try:
            if self._board and calls.load(self._board.centre.db, call_id) and self._is_new((call_id, kind, why)):
                self._board.note(call_id, kind, to_text(self._clock()), why=why)
        except VoicebotError as fault:
            log.error("it cannot be written down: %s", fault)

    def _is_new(self, trouble: tuple[str, str, str]) -> bool:
        """Whether this is to be written down: only of calls that there are, or strangers would use up the room."""
        with self._lock:
            if trouble in self._noted or len(self._noted) >= NOTED:
                return False
            self._noted.add(trouble)
            return True

    def _sink(self, call_id: str) -> Sink | None:
        try:
            return self.keep(call_id)
        except Exception:
            log.exception("the sound of call %s is not kept", call_id)
            return None

    # --- who is listened to ---

    def _retire(self, caller: Caller) -> None:
        self._forget(caller)
        caller.retire()

    def _forget(self, caller: Caller) -> None:
        with self._lock:
            if self._callers.get(caller.call_id) is caller:
                del self._callers[caller.call_id]

    def _forget_stale(self, now: datetime) -> None:
        for caller in [one for one in self._callers.values() if one.is_over or _is_stale(one, now)]:
            del self._callers[caller.call_id]
            caller.let_go()


def _is_stale(caller: Caller, now: datetime) -> bool:
    return now - (caller.heard_at or caller.since) > STALE


def threaded(capacity: int, engines: Mapping[str, Engine]) -> tuple[Pool, Pool]:
    """Pools of threads for so many calls: those who hear, and those who tell of it.

    As many recognizers work at once as there are cores; those on a server leave the cores alone and wait for it. The
    mock works in Python, of which there is one at a time: a second one would only get in its way.
    """
    count = os.cpu_count() or 1
    if any(map(_is_served, engines.values())):
        count = min(capacity, SERVED)
    elif all(engine.source == "mock" for engine in engines.values()):
        count = 1
    return Workers(count, name="ear"), Workers(TELLERS, name="teller")


def inline() -> tuple[Pool, Pool]:
    """Pools without threads, for virtual time."""
    return Inline(), Inline()


def capacity_for(engines: Mapping[str, Engine], wanted: int = 0) -> int:
    """How many calls can be listened to at once: `wanted`, or (0) as many as the slowest engine allows, measured now.

    Servers are not measured: it is not our cores that they take, and one that is away now may be back for the next
    call. Raises RecognizerError when an engine of this process hears nothing.
    """
    ours = {id(engine): engine for engine in engines.values() if not _is_served(engine)}
    factors = [real_time_factor(engine) for engine in ours.values()]
    return wanted or (capacity_of(max(factors)) if factors else SERVED)


def _is_served(engine: Engine) -> bool:
    return engine.source == RemoteEngine.source
