"""Text messages that we send: wished by a flow, written down with the call, sent once it is committed.

Rule: a message is claimed before the provider is asked, and one whose answer was lost is never sent again. Nobody who
opted out, or has not consented, is written to; the database refuses the former by itself.
"""

from __future__ import annotations

from voicebot.dialer.message_moves import MessageStatus
from voicebot.phone.params import BODY_LIMIT, MessageNews
from voicebot.phone.provider import UNSUBSCRIBED, Phone, PhoneRefused, PhoneUnknown
from voicebot.phone.urls import MessageUrls, token
from voicebot.services import suppression
from voicebot.services.centre import Centre
from voicebot.services.suppression import OptingOut
from voicebot.store import attempts, journal, leads, messages, people, suppressions
from voicebot.store.database import Row, SuppressedError
from voicebot.timestamps import plus

TRIES = 6
"""How often the provider is asked that refuses for the moment; the n-th repetition is n² seconds after the wish."""

CLAIM_SECONDS = 30.0
"""A message claimed for longer belongs to a process that was killed: the provider's answer takes 10 seconds at most."""

UNREACHABLE = frozenset({"fixed"})
"""Kinds of numbers that receive no text messages."""


# --- in the transaction of the wish -----------------------------------------------------------------------------------


def wish(centre: Centre, call: Row, text: str, at: str) -> None:
    """Write down that a call wants `text` sent, or why it cannot be. The same text is sent once per call."""
    written = messages.of_call(centre.db, call["id"])
    if any(message["body"] == text for message in written):
        return
    number = people.number_by_hash(centre.db, call["number_hash"])
    why = _why_not(centre, call, number, text)
    if why or number is None:
        journal.append(centre.db, ("call", call["id"]), "message", at, {"status": "not written", "why": why})
        return
    message_id = f"{call['id']}-m{len(written) + 1}"
    messages.reserve(
        centre.db, message_id, call_id=call["id"], number=number, from_number=_sender(centre, call), body=text, at=at
    )
    body = {"message": message_id, "status": "reserved"}
    journal.append(centre.db, ("call", call["id"]), "message", at, body, private={"text": text})


def _why_not(centre: Centre, call: Row, number: Row | None, text: str) -> str:
    if number is None or not number["e164"].startswith("+"):
        return "their number is not known"
    if suppressions.is_suppressed(centre.db, number["hash"]):
        return "they have opted out"
    if not _has_consented(centre, call, number["person_id"]):
        return "no consent is on record"
    if number["country"] not in centre.settings.countries:
        return f"no telephone in {number['country']} may be contacted"
    if number["kind"] in UNREACHABLE or number["status"] != "ok":
        return "their number takes no messages"
    return "" if 0 < len(text) <= BODY_LIMIT else f"a message has 1 to {BODY_LIMIT} characters"


def _has_consented(centre: Centre, call: Row, person_id: int) -> bool:
    """Whether the lead of the call has consented; of somebody who rang us, any lead of theirs."""
    if call["lead_id"] is None:
        return leads.has_consent(centre.db, person_id)
    lead = leads.lead(centre.db, call["lead_id"])
    return bool(lead and lead["consent"])


def _sender(centre: Centre, call: Row) -> str:
    """The number that the message comes from, where the centre has named none: the one they know from the call."""
    attempt = attempts.load(centre.db, call["attempt_id"]) if call["attempt_id"] else None
    return centre.settings.message_number or (attempt["from_number"] if attempt else centre.settings.ring_back)


# --- after the commit -------------------------------------------------------------------------------------------------


def flush(centre: Centre, phone: Phone, now: str) -> int:
    """Send everything that waits, the oldest first; how many requests were made. Nothing while opt-outs wait."""
    waiting = [row for row in messages.waiting(centre.db) if _is_due(row, now)]
    if not waiting or suppression.spool_pending(centre.db):
        return 0
    return sum(_send(centre, phone, message, now) for message in waiting)


def _is_due(message: Row, now: str) -> bool:
    tries: int = message["tries"]
    return not tries or now >= plus(message["created_at"], tries**2)


def _send(centre: Centre, phone: Phone, message: Row, now: str) -> bool:
    if not _claim(centre, message, now):
        return False
    try:
        sid = phone.send(
            to=message["to_number"],
            from_=message["from_number"],
            body=message["body"],
            status_url=_urls(centre, message["id"]).status(),
        )
    except PhoneUnknown as lost:
        _lost(centre, message, str(lost), now)
    except PhoneRefused as refusal:
        _refused(centre, message, refusal, now)
    else:
        with centre.db.transaction():
            messages.set_sid(centre.db, message["id"], sid)
            _note(centre, message, "sent", 0, now)
    return True


def _claim(centre: Centre, message: Row, now: str) -> bool:
    """The last look before the provider is asked; False when somebody else is at it, or the number was suppressed."""
    try:
        with centre.db.transaction():
            return messages.post(centre.db, message["id"], now)
    except SuppressedError:
        with centre.db.transaction():
            if messages.refuse(centre.db, message["id"], "they have opted out", now):
                _tell_call(centre, message, "refused", 0, now)
        return False


def _refused(centre: Centre, message: Row, refusal: PhoneRefused, now: str) -> None:
    with centre.db.transaction():
        if not refusal.permanent and message["tries"] + 1 < TRIES:
            messages.put_back(centre.db, message["id"], str(refusal))
            return
        if messages.refuse(centre.db, message["id"], str(refusal), now):
            _tell_call(centre, message, "refused", refusal.code, now)
        _heed(centre, message, refusal.code, now)


def _lost(centre: Centre, message: Row, why: str, now: str) -> None:
    with centre.db.transaction():
        if messages.lose(centre.db, message["id"], why):
            _tell_call(centre, message, "unknown", 0, now)


def sweep(centre: Centre, now: str) -> int:
    """Give up the messages that a killed process was sending: nobody knows whether they were. How many there were."""
    stale = messages.stale(centre.db, plus(now, -CLAIM_SECONDS))
    for message in stale:
        _lost(centre, message, "voicebot was ended while it was being sent", now)
    return len(stale)


# --- what became of it ------------------------------------------------------------------------------------------------


def status(centre: Centre, message_id: str, news: MessageNews, at: str) -> None:
    """Progress of a message; an end stays, and whatever comes twice or too late changes nothing."""
    with centre.db.transaction():
        message = messages.load(centre.db, message_id)
        if message is None or message["direction"] != "outbound":
            return
        messages.set_sid(centre.db, message_id, news.sid)
        _note(centre, message, news.status, news.code, at)
        _heed(centre, message, news.code, at)


def _heed(centre: Centre, message: Row, code: int, at: str) -> None:
    """Whoever has unsubscribed at the provider has opted out with us, too: of calls as of messages."""
    if code != UNSUBSCRIBED or suppressions.is_suppressed(centre.db, message["number_hash"]):
        return
    evidence = f"the provider takes no messages to this number: it has unsubscribed ({code})"
    suppression.opt_out(centre.db, OptingOut(message["number_hash"], "message", at, evidence, message["call_id"]))


def _urls(centre: Centre, message_id: str) -> MessageUrls:
    return MessageUrls(centre.settings.base_url, message_id, token(centre.settings.secret, message_id))


def _note(centre: Centre, message: Row, status: MessageStatus, code: int, at: str) -> None:
    if messages.note(centre.db, message["id"], status, f"code {code}" if code else "", at):
        _tell_call(centre, message, status, code, at)


def _tell_call(centre: Centre, message: Row, status: MessageStatus, code: int, at: str) -> None:
    """The provider's words stay out of it: they may quote the number."""
    body = {"message": message["id"], "status": status, "code": code}
    journal.append(centre.db, ("call", message["call_id"]), "message", at, body)
