"""Text messages that come in: heeded, kept, and given to a human where one should read them.

Rule: an opting out is committed with the message that holds it, before anything is answered, and nobody who has opted
out is answered. Only a human lets somebody in again: consent must be given anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from voicebot.flows.bundle import bundle_from_files
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.text_messages import Meant, read_message
from voicebot.phone.params import ReceivedMessage
from voicebot.services import suppression
from voicebot.services.calls import hash_of
from voicebot.services.centre import Centre
from voicebot.services.suppression import OptingOut
from voicebot.store import cases, enrolments, journal, leads, messages, people, suppressions
from voicebot.store.database import Row
from voicebot.timestamps import plus

READ_SECONDS = 24 * 3600
"""A human reads a message within a day; a figure of ours."""

NOTES = {
    "start": "Somebody who has opted out wrote that they want to be contacted again. Ask for their consent anew.",
    "maybe_stop": "An opt-out may have been meant by a text message and stayed uncertain.",
    "words": "A text message came in.",
}
"""What a case says, by the kind of the message that opens it."""


def receive(centre: Centre, news: ReceivedMessage, at: str) -> str:
    """Take in a message; what it is answered with, empty for nothing. A repeated one changes nothing."""
    message_id = f"in-{news.sid}"
    with centre.db.transaction():
        known = messages.load(centre.db, message_id)
        if known is not None:
            return str(known["reply"])
        digest = hash_of(centre, news.sender)
        number = people.number_by_hash(centre.db, digest) if digest else None
        person = people.person(centre.db, number["person_id"]) if number else None
        meant = _meant(news, person)
        if meant.kind == "stop" and digest:
            suppression.opt_out(centre.db, OptingOut(digest, "message", at, news.body or news.opt_out))
        reply = _reply(centre, news, meant, digest)
        messages.receive(
            centre.db, message_id, person_id=person["id"] if person else None, number_hash=digest,
            to_number=news.to, from_number=news.sender, body=news.body, reply=reply, sid=news.sid, created_at=at,
        )  # fmt: skip
        _write_down(centre, message_id, person, meant, news, at)
        _ask_human(centre, message_id, person, digest, meant, at)
        return reply


def spool_if_stopping(centre: Centre, news: ReceivedMessage, at: str) -> bool:
    """Whether a message that the database cannot take opts out; it is then safe in the spool. Raises OutsideError."""
    digest = hash_of(centre, news.sender)
    if not digest or _meant(news, None).kind != "stop":
        return False
    suppression.spool_opt_out(centre.db, OptingOut(digest, "message", at, news.body or news.opt_out))
    return True


def _meant(news: ReceivedMessage, person: Row | None) -> Meant:
    language = person["language"] if person else ""
    return read_message(news.body, opt_out=news.opt_out, language=language, media=news.media)


def _reply(centre: Centre, news: ReceivedMessage, meant: Meant, digest: str) -> str:
    """Who we are, for whoever asks; the provider has answered where it read the message itself."""
    if meant.kind != "help" or news.opt_out or not digest or suppressions.is_suppressed(centre.db, digest):
        return ""
    settings = centre.settings
    bundle = bundle_from_files(Path(settings.flows_dir) / f"{settings.inbound_flow}.yaml")
    caller = bundle.flows[bundle.main].caller
    language = meant.language if meant.language in caller else next(iter(caller))
    return LANGUAGES[language].phrases.about.format(caller=caller[language], number=settings.ring_back)


def _write_down(
    centre: Centre, message_id: str, person: Row | None, meant: Meant, news: ReceivedMessage, at: str
) -> None:  # fmt: skip
    subject: tuple[journal.SubjectKind, str | int] = ("person", person["id"]) if person else ("centre", "messages")
    body = {"message": message_id, "meant": meant.kind, "intent": meant.intent, "media": news.media}
    journal.append(centre.db, subject, "message_received", at, body, private={"text": news.body})


def _ask_human(centre: Centre, message_id: str, person: Row | None, digest: str, meant: Meant, at: str) -> None:
    """Open a case, unless one is open for what the same number wrote before: the message is then read with it."""
    db, kind = centre.db, meant.kind
    if kind == "start" and not suppressions.is_suppressed(db, digest):
        kind = "words"
    if kind not in NOTES or not digest:
        return
    if kind == "maybe_stop" and person is not None:
        enrolments.freeze(db, person["id"], at)
    case_id = messages.open_case_of(db, digest)
    if case_id is None or kind != "words":
        about: Literal["complaint", "review"] = "complaint" if meant.intent == "complaint" else "review"
        note = f"{NOTES[kind]} Read it with `voicebot messages`: {message_id}."
        lead_id = leads.latest_of_person(db, person["id"]) if person else None
        case_id = cases.open_case(db, about, at, due_at=plus(at, READ_SECONDS), note=note, lead_id=lead_id)
    messages.set_case(db, message_id, case_id)
