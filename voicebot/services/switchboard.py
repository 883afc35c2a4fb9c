"""One request about one call, each in one transaction: answered once, answered again with the same bytes.

Rule: a request names the document it answers. If that is the call's present one, the request advances the call; if it
was answered before, it gets the same bytes; if it comes too late, the present document, and it changes nothing, except
that an opting out in it is committed and ends the call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from twilio.twiml.voice_response import VoiceResponse  # type: ignore[import-untyped]

from voicebot.errors import VoicebotError
from voicebot.flows.engine import opts_out
from voicebot.flows.events import Answered, AnyEvent, Detected, Ended, Heard, Pressed, Silence
from voicebot.flows.state import State
from voicebot.phone.params import LineStatus, StatusNews
from voicebot.phone.provider import Phone
from voicebot.services import attempts, conversation, messages, outbox
from voicebot.services import calls as call_service
from voicebot.services.centre import Centre, pinned_bundle
from voicebot.store import calls, documents, journal, seen
from voicebot.store import outbox as outbox_store
from voicebot.store.database import Row
from voicebot.timestamps import plus

ENDS: frozenset[LineStatus] = frozenset({"completed", "busy", "no_answer", "canceled", "failed"})
"""A line that has ended stays ended, whatever is told afterwards."""

ORDER: tuple[LineStatus, ...] = tuple(status for status in get_args(LineStatus) if status not in ENDS)
"""The other statuses in their order; news of an earlier one comes late and changes nothing."""


class UnknownCallError(VoicebotError):
    """A request about a call that we do not have."""

    def __init__(self, call_id: str) -> None:
        super().__init__(f"call {call_id}", "there is no such call.", "The database may be another one than it was.")


GOODBYE_SECONDS = 120
"""The longest goodbye."""

NEVER_ANSWERED = -1
"""The number of no document: a request that names it can only be late."""


@dataclass(frozen=True)
class Switchboard:
    """Carries what happens on the line into the store, and back out as documents. One serves all threads."""

    centre: Centre
    phone: Phone

    # --- requests that are answered with a document ---

    def handle(self, call_id: str, document: int, event: AnyEvent, sid: str = "") -> str:
        """What is heard after `event`, which answers document number `document` (0: none yet).

        `sid` is the provider's id of the call, as the request names it. Raises UnknownCallError.
        """
        key = conversation.event_key(event)
        with self.centre.db.transaction():
            call = self._load(call_id)
            self._keep_sid(call, sid)
            if call["document"] != document or call["phase"] == "ended":
                return self._late(call, document, event, key)
            if isinstance(event, Answered):
                self._picked_up(call, event.at)
                event = self._with_hearing(call, event)
            elif isinstance(event, Silence):
                event = self._really_silent(call, event)
            body = conversation.carry(self.centre, call, event, key)
            self._expect_end(call, event.at)
            return body if body is not None else self._present(call, event.at)

    def inbound(self, sid: str, caller: str, at: str) -> str:
        """The first document of a call that rings us; a repeated request gets it again."""
        answered = Answered(at=at)
        with self.centre.db.transaction():
            call = calls.by_sid(self.centre.db, sid)
            if call is None:
                call = call_service.open_inbound(self.centre, sid, caller, at)
                calls.set_status(self.centre.db, call["id"], "in_progress", -1, at)
                opened = self._with_hearing(call, answered)
                body = conversation.carry(self.centre, call, opened, conversation.event_key(answered))
                return body if body is not None else hang_up()
            return self._late(call, 0, answered, conversation.event_key(answered))

    def document(self, call_id: str, at: str) -> str:
        """The call was moved here: its present document."""
        with self.centre.db.transaction():
            return self._present(self._load(call_id), at)

    def recover(self, call_id: str, event: AnyEvent) -> str:
        """An answer of ours did not arrive: the present document, or the first one if there is none yet.

        What the request carried is out of date, but an opting out in it counts.
        """
        call = calls.load(self.centre.db, call_id)
        if call is not None and call["document"] == 0:
            return self.handle(call_id, 0, Answered(at=event.at))
        return self.handle(call_id, NEVER_ANSWERED, event)

    # --- what we hear ourselves, beside the provider's requests ---

    def spoken(self, call_id: str, document: int, event: AnyEvent) -> int | None:
        """What was heard while `document` was on the line: the document that it leads to, to which the call is moved.

        None when something else has answered `document` before, or no question is open: then it changes nothing, except
        that an opting out in it is committed and ends the call. Raises UnknownCallError.
        """
        key = conversation.event_key(event)
        with self.centre.db.transaction():
            call = self._load(call_id)
            if call["document"] == document and call["phase"] == "asking":
                if conversation.carry(self.centre, call, event, key) is None:
                    return None
                outbox_store.add(self.centre.db, "move", "call", call_id, event.at, document=document + 1)
                return document + 1
            self._leave_all_the_same(call, event, key)
            return None

    def _with_hearing(self, call: Row, event: Answered) -> Answered:
        """The first event of a call, with who is to recognize what the callee says."""
        flow = pinned_bundle(self.centre.db, call["pin"])
        wanted = flow.flows[flow.main].hearing or self.centre.settings.hearing
        if wanted != "provider":
            wanted = self.centre.ears.admit(call["id"], call["language"], wanted)
        return event.model_copy(update={"hearing": wanted})

    def _really_silent(self, call: Row, event: Silence) -> AnyEvent:
        """Where we listen to the stream, silence is what we hear, and not what a time-out says."""
        state = State.model_validate_json(call["state"])
        if state.hearing != "stream" or state.phase not in ("asking", "holding"):
            return event
        return self.centre.ears.instead_of_silence(call["id"], event.at)

    # --- what comes too late ---

    def _late(self, call: Row, document: int, event: AnyEvent, key: str) -> str:
        repeat = documents.load(self.centre.db, call["id"], document + 1)
        if repeat is not None and repeat["event_key"] == key:
            return str(repeat["body"])
        left = self._leave_all_the_same(call, event, key)
        return left if left is not None else self._present(self._load(call["id"]), event.at)

    def _leave_all_the_same(self, call: Row, event: AnyEvent, key: str) -> str | None:
        """The goodbye to which the call is moved, if an event that changes nothing else opts out."""
        if not isinstance(event, Pressed | Heard) or not self._leaves(call, event):
            return None
        body = conversation.carry(self.centre, call, event, key)
        if body is not None:
            outbox_store.add(self.centre.db, "move", "call", call["id"], event.at, document=call["document"] + 1)
        return body

    def _leaves(self, call: Row, event: Pressed | Heard) -> bool:
        """Whether a late event opts out somebody who has not opted out yet."""
        state = State.model_validate_json(call["state"])
        return not state.opted_out and opts_out(pinned_bundle(self.centre.db, call["pin"]), state, event)

    def _present(self, call: Row, at: str) -> str:
        present = documents.load(self.centre.db, call["id"], call["document"])
        outbox_store.served(self.centre.db, "call", call["id"], call["document"], at)
        return str(present["body"]) if present else hang_up()

    def _picked_up(self, call: Row, at: str) -> None:
        if call["status"] not in ENDS:
            calls.set_status(self.centre.db, call["id"], "in_progress", call["status_sequence"], at)
            self._tell_attempt(call, "in_progress", at)
        limit = call_service.time_limit(pinned_bundle(self.centre.db, call["pin"]))
        calls.set_deadline(self.centre.db, call["id"], plus(at, limit + call_service.GRACE_SECONDS))

    def _expect_end(self, call: Row, at: str) -> None:
        """Of an inbound call that we are ending, news comes only if the number is set up so: soon somebody must ask."""
        if call["direction"] == "inbound" and self._load(call["id"])["phase"] == "closing":
            calls.set_deadline(self.centre.db, call["id"], plus(at, GOODBYE_SECONDS))

    # --- news ---

    def status(self, call_id: str, news: StatusNews, at: str) -> None:
        """Progress of the line; late, doubled and disordered news is told apart here. Raises UnknownCallError."""
        with self.centre.db.transaction():
            call = self._load(call_id)
            self._keep_sid(call, news.sid)
            if not seen.first_time(self.centre.db, f"{call_id}:{news.key}", call_id, at):
                return
            sequence = -1 if news.sequence is None else news.sequence
            if _moves_on(call["status"], news.status):
                calls.set_status(self.centre.db, call_id, news.status, max(sequence, call["status_sequence"]), at)
                self._tell_attempt(call, news.status, at)
            facts = {"status": news.status, "sequence": news.sequence, "sip": news.sip_code, "seconds": news.seconds}
            journal.append(self.centre.db, ("call", call_id), "status", at, facts)
            if news.end:
                self._conclude(call_id, Ended(at=at, status=news.end))

    def status_of_sid(self, news: StatusNews, at: str) -> None:
        """The same for an inbound call, of which the provider names only its own id."""
        call = calls.by_sid(self.centre.db, news.sid)
        if call is None:
            raise UnknownCallError(news.sid)
        self.status(call["id"], news, at)

    def ended(self, call_id: str, status: Ended) -> None:
        """The line is gone, as somebody other than the provider's callbacks found out. Raises UnknownCallError."""
        with self.centre.db.transaction():
            call = self._load(call_id)
            ended: LineStatus = "failed" if status.status == "invalid_number" else status.status
            if _moves_on(call["status"], ended):
                calls.set_status(self.centre.db, call_id, ended, call["status_sequence"], status.at)
                self._tell_attempt(call, ended, status.at)
            self._conclude(call_id, status)

    def _conclude(self, call_id: str, event: Ended) -> None:
        """The end counts once, however often and in whatever words it is told."""
        conversation.notice(self.centre, call_id, event, "ended")
        call = self._load(call_id)
        if call["attempt_id"]:
            attempts.noticed(self.centre.db, call["attempt_id"], "completed", event.at, outcome=call["outcome"])

    def detected(self, call_id: str, verdict: Detected, sid: str = "") -> None:
        """The verdict on who answered; the first one counts. Raises UnknownCallError."""
        with self.centre.db.transaction():
            call = self._load(call_id)
            self._keep_sid(call, sid)
            if not call["answered_by"]:
                calls.set_answered_by(self.centre.db, call_id, verdict.answered_by)
            conversation.notice(self.centre, call_id, verdict, "amd")

    def note(self, call_id: str, kind: str, at: str, *, private: Mapping[str, Any] | None = None, **facts: Any) -> str:
        """Write something down with a call, if there is such a call; the reference under which it can be found.

        `private` is what may have to be erased: addresses with tokens, whatever may quote the callee.
        """
        with self.centre.db.transaction():
            known = calls.load(self.centre.db, call_id) is not None
            subject: tuple[journal.SubjectKind, str] = ("call", call_id) if known else ("centre", "webhooks")
            return str(journal.append(self.centre.db, subject, kind, at, facts, private=private))

    def refused_webhook(self, at: str, facts: Mapping[str, Any]) -> None:
        """A request that did not come from the provider."""
        with self.centre.db.transaction():
            journal.append(self.centre.db, ("centre", "webhooks"), "refused_webhook", at, facts)

    # --- what the provider is asked for ---

    def flush(self, now: str) -> int:
        """Ask the provider for what has been committed; how many requests were made."""
        return outbox.flush(self.centre, self.phone, now) + messages.flush(self.centre, self.phone, now)

    def sweep(self, now: str) -> int:
        """Take up what a killed process left behind, end legs nobody reports on; how much there was to do."""
        swept = outbox.sweep_legs(self.centre, now) + messages.sweep(self.centre, now)
        waiting = outbox.pending_side_effects(self.centre, now)
        return swept + waiting + self.flush(now)

    # --- shared ---

    def _load(self, call_id: str) -> Row:
        call = calls.load(self.centre.db, call_id)
        if call is None:
            raise UnknownCallError(call_id)
        return call

    def _keep_sid(self, call: Row, sid: str) -> None:
        kept = bool(sid) and call["sid"] is None and calls.set_sid(self.centre.db, call["id"], sid)
        if kept and call["attempt_id"]:
            attempts.noticed(self.centre.db, call["attempt_id"], call["status"], "", sid=sid)

    def _tell_attempt(self, call: Row, status: LineStatus, at: str) -> None:
        if call["attempt_id"] and status not in ENDS:
            attempts.noticed(self.centre.db, call["attempt_id"], status, at)


def _moves_on(before: LineStatus, after: LineStatus) -> bool:
    """Whether a line may go from one status to another: ends are final, and nothing goes back."""
    if before in ENDS:
        return False
    return after in ENDS or ORDER.index(after) > ORDER.index(before)


def hang_up() -> str:
    """The document of a call that has nothing more to hear."""
    response = VoiceResponse()
    response.hangup()
    return str(response)
