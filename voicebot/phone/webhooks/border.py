"""Around every request: who asks, what a fault of ours sounds like, and what is asked of the provider afterwards.

Rule: a caller never hears a traceback or silence; whatever happens, a voice request is answered with a document.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode

from flask import Response, request
from werkzeug.exceptions import HTTPException

from voicebot import logs, metrics
from voicebot.errors import OutsideError, VoicebotError
from voicebot.flows.events import Heard, Pressed
from voicebot.phone import message_twiml, params, static_twiml
from voicebot.phone.params import RequestFault
from voicebot.phone.webhooks import guard
from voicebot.services.last_resort import spool_if_opting_out
from voicebot.services.replies import spool_if_stopping
from voicebot.services.switchboard import Switchboard, UnknownCallError
from voicebot.timestamps import to_text

log = logging.getLogger("voicebot.phone")

View = Callable[..., str]
Answer = Callable[..., Response]

RETRIES = 2
"""How often a caller is asked to wait for a busy database before the call ends with an apology."""

REPEATABLE = ("inbound", "answer", "turn", "bridge", "document", "key")
"""Requests that can be asked again without the fields they were posted with."""


def _observed(view: Callable[..., Response]) -> Callable[..., Response]:
    """Time a view, and name its call in every line that is logged meanwhile."""

    def timed(**place: str) -> Response:
        with (
            logs.about(next(iter(place.values()), "") or request.form.get("CallSid", "")[:40]),
            metrics.ANSWER_SECONDS.labels(request.path.rsplit("/", 1)[-1]).time(),
        ):
            return view(**place)

    return timed


class Border:
    """Wraps the views of one application. `clock` gives the present moment."""

    def __init__(self, board: Switchboard, clock: Callable[[], datetime]) -> None:
        self.board, self.clock = board, clock
        self.settings = board.centre.settings
        self._tally = guard.Tally()

    def voice(self, view: View) -> Answer:
        """A view whose answer is heard: `view(at, **place)` gives a document."""

        @wraps(view)
        @_observed
        def answered(**place: str) -> Response:
            refused = self._refused(place)
            if refused is not None:
                return refused
            at = to_text(self.clock())
            try:
                body = view(at=at, **place)
            except HTTPException:
                raise
            except OutsideError as fault:
                body = self._without_database(fault, at, place)
            except Exception as fault:  # whatever it is, the caller hears an apology
                body = self._apology(fault, at, place)
            return self._sent(Response(body, content_type="text/xml; charset=utf-8"))

        return answered

    def message(self, view: View) -> Answer:
        """A view that answers a text message. What cannot be taken in is to be told again, but for an opting out."""

        @wraps(view)
        @_observed
        def replied(**place: str) -> Response:
            refused = self._refused(place)
            if refused is not None:
                return refused
            at = to_text(self.clock())
            body, status = message_twiml.reply(""), 200
            try:
                body = view(at=at, **place)
            except HTTPException:
                raise
            except OutsideError as fault:
                log.error("%s: %s", request.path, fault)
                status = 200 if self._stopped(at) else 503
            except Exception as fault:  # whatever it is, an opting out in it counts
                stopped = self._stopped(at)
                self._note_fault(fault, at, place)
                if not stopped:
                    status = 400 if isinstance(fault, RequestFault) else 500
            return self._sent(Response(body, status, content_type="text/xml; charset=utf-8"))

        return replied

    def _stopped(self, at: str) -> bool:
        """Whether the message opts out, and is safe in the spool now."""
        try:
            return spool_if_stopping(self.board.centre, params.message(request.form), at)
        except RequestFault:
            return False
        except Exception as lost:  # nobody is left who could keep it
            log.critical("an opting out may be lost: %s", lost)
            return False

    def news(self, view: Callable[..., None]) -> Answer:
        """A view that is only told something: `view(at, **place)`. A failing database asks to be told again."""

        @wraps(view)
        @_observed
        def noted(**place: str) -> Response:
            refused = self._refused(place)
            if refused is not None:
                return refused
            at = to_text(self.clock())
            status = 204
            try:
                view(at=at, **place)
            except HTTPException:
                raise
            except OutsideError as fault:
                log.error("%s: %s", request.path, fault)
                status = 503
            except UnknownCallError as stray:  # news of a call we never had, or have no more: nothing is wrong with us
                log.info("%s: %s", request.path[:200], stray)
            except Exception as fault:  # the provider can do nothing about it
                self._note_fault(fault, at, place)
                status = 400 if isinstance(fault, RequestFault) else 204
            return self._sent(Response(status=status))

        return noted

    # --- who asks ---

    def _refused(self, place: dict[str, str]) -> Response | None:
        subject = next(iter(place.values()), "")
        if not guard.is_signed(request, self.settings):
            why = "signature"
        elif subject and not guard.has_token(request, self.settings, subject):
            why = "token"
        else:
            return None
        self._write_refusal(why)
        return Response("This request does not carry the provider's signature.\n", 403, content_type="text/plain")

    def _write_refusal(self, why: str) -> None:
        metrics.REFUSED.labels(why).inc()
        log.warning("refused %s from %s: wrong %s", request.path[:200], request.remote_addr, why)
        now = self.clock()
        count = self._tally.add(now.timestamp())
        if count:
            facts = {"path": request.path[:200], "from": request.remote_addr, "why": why, "count": count}
            try:
                self.board.refused_webhook(to_text(now), facts)
            except OutsideError as fault:
                log.error("the refusal cannot be written down: %s", fault)

    # --- when something is broken ---

    def _apology(self, fault: Exception, at: str, place: dict[str, str]) -> str:
        self._note_fault(fault, at, place)
        return self._left(at, place) or static_twiml.apology(_language())

    def _note_fault(self, fault: Exception, at: str, place: dict[str, str]) -> None:
        """The journal gets the sentence, the log the traceback, if the fault is ours."""
        metrics.FAULTS.labels(type(fault).__name__).inc()
        problem = f"{type(fault).__name__}: {fault}"[:500]
        try:
            subject = place.get("call_id", "")
            facts = {"fault": type(fault).__name__, "path": request.path[:200]}
            reference = self.board.note(subject, "fault", at, private={"problem": problem}, **facts)
        except OutsideError as lost:
            reference = f"not written down ({lost})"
        if isinstance(fault, VoicebotError):
            log.error("%s: %s [journal %s]", request.path[:200], fault, reference)
        else:
            log.error("%s: %s [journal %s]", request.path[:200], problem, reference, exc_info=fault)

    def _without_database(self, fault: OutsideError, at: str, place: dict[str, str]) -> str:
        """Keep an opting out all the same; else ask to be asked again in a moment, and then give up politely."""
        log.error("%s: %s", request.path[:200], fault)
        left = self._left(at, place)
        if left:
            return left
        language = _language()
        tried = request.args.get("r", "0")
        repeatable = request.path.rsplit("/", 1)[-1] in REPEATABLE
        if not repeatable or not tried.isdigit() or int(tried) >= RETRIES:
            return static_twiml.apology(language)
        query = {**request.args.to_dict(), "r": int(tried) + 1}
        return static_twiml.once_more(language, f"{self.settings.base_url}{request.path}?{urlencode(query)}")

    def _left(self, at: str, place: dict[str, str]) -> str:
        """The goodbye to a callee whose request opts out and is safe in the spool now; empty for any other request."""
        event = params.answer(request.form, at)
        if "leg_id" in place or not isinstance(event, Pressed | Heard):
            return ""
        language, number = _language(), request.form.get("From" if _is_inbound() else "To", "")
        try:
            kept = spool_if_opting_out(self.board.centre, event, language, number, place.get("call_id", ""))
        except Exception as lost:  # whatever is broken, the caller hears an apology
            log.critical("an opting out may be lost: %s", lost)
            return ""
        return static_twiml.left(language) if kept else ""

    # --- afterwards ---

    def _sent(self, response: Response) -> Response:
        """Whatever was committed for the provider is asked of it once the answer is out."""
        response.call_on_close(self._flush)
        return response

    def _flush(self) -> None:
        try:
            self.board.flush(to_text(self.clock()))
        except Exception:  # nobody is left to tell; the sweeper takes it up
            log.exception("what waits for the provider could not be asked")


def _is_inbound() -> bool:
    return request.form.get("Direction") == "inbound"


def _language() -> str:
    return static_twiml.spoken(request.args.get("l", ""))
