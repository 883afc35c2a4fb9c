"""Carrying out what was written down for the provider, after the commit that wrote it.

Rule: a ring is claimed before the provider is asked, and asked for once; moves, hang-ups and cancellations may be
repeated.
"""

from __future__ import annotations

from voicebot.phone.provider import Phone, PhoneRefused, PhoneUnknown
from voicebot.services import legs as leg_services
from voicebot.services.calls import urls_of
from voicebot.services.centre import Centre
from voicebot.services.transfers import leg_urls, requested
from voicebot.store import calls, legs, outbox, transfers
from voicebot.store.database import Row
from voicebot.timestamps import plus

TRIES = 6
"""How often a request is made whose answer is lost, or that the provider refuses for the moment. The n-th repetition is
made n² seconds after the cause at the earliest."""

CLAIM_SECONDS = 30.0
"""A claim older than this belongs to a process that was killed: the provider's answer takes 10 seconds at the most."""

LEG_SECONDS = 4 * 3600
"""The longest talk with an agent."""

OVER = ("completed", "busy", "no_answer", "canceled", "failed", "ended")


def pending_side_effects(centre: Centre, now: str) -> int:
    """Free what a killed process had claimed, settle its lost rings; how many requests wait to be carried out."""
    before = plus(now, -CLAIM_SECONDS)
    with centre.db.transaction():
        outbox.release(centre.db, before)
    for entry in outbox.lost_rings(centre.db, before):
        leg_services.lost(centre, entry["subject_id"], "voicebot was ended while the agent was being rung", now)
        _finish(centre, entry, now, "lost")
    return len(outbox.waiting(centre.db))


def flush(centre: Centre, phone: Phone, now: str) -> int:
    """Carry out everything that waits, the oldest first, with what it brings about; how many requests were made."""
    made = 0
    seen: set[int] = set()
    while entry := next((row for row in outbox.waiting(centre.db) if _is_next(centre, row, seen, now)), None):
        seen.add(entry["id"])
        with centre.db.transaction():
            claimed = outbox.start(centre.db, entry["id"], now)
        if claimed:
            made += _carry_out(centre, phone, entry, now)
    return made


def _is_next(centre: Centre, entry: Row, seen: set[int], now: str) -> bool:
    """Nobody's yet, not tried on this round, due, and known to the provider: what has no id of theirs waits for it."""
    tries = entry["tries"]
    if entry["started_at"] or entry["id"] in seen or (tries and now < plus(entry["created_at"], tries**2)):
        return False
    return entry["kind"] == "ring" or _subject_sid(centre, entry) is not None


def _carry_out(centre: Centre, phone: Phone, entry: Row, now: str) -> bool:
    reason = _needless(centre, entry)
    if reason:
        _finish(centre, entry, now, reason)
        return False
    if entry["kind"] == "ring":
        _ring(centre, phone, entry, now)
    else:
        _ask(centre, phone, entry, now)
    return True


def _needless(centre: Centre, entry: Row) -> str:
    """Why a request need not be made any more, if so."""
    if entry["subject_kind"] == "call":
        subject = calls.load(centre.db, entry["subject_id"])
    else:
        subject = legs.load(centre.db, entry["subject_id"])
    if subject is None or subject["status"] in OVER:
        return "over"
    if entry["kind"] == "ring" and subject["status"] != "reserved":
        return "called off"
    return "outdated" if entry["kind"] == "move" and subject["document"] > entry["document"] else ""


def _ring(centre: Centre, phone: Phone, entry: Row, now: str) -> None:
    leg_id = entry["subject_id"]
    try:
        sid = _place(centre, phone, leg_id)
    except PhoneUnknown as lost:
        leg_services.lost(centre, leg_id, str(lost), now)
        _finish(centre, entry, now, "lost")
    except PhoneRefused as refusal:
        leg_services.refused(centre, leg_id, str(refusal), now)
        _finish(centre, entry, now, f"refused {refusal.code}")
    else:
        leg_services.placed(centre, leg_id, sid, now)
        _finish(centre, entry, now, "done")


def _place(centre: Centre, phone: Phone, leg_id: str) -> str:
    leg = legs.load(centre.db, leg_id)
    transfer = transfers.load(centre.db, leg["transfer_id"]) if leg else None
    assert leg is not None  # noqa: S101  (an entry's leg is written with it)
    assert transfer is not None  # noqa: S101
    agent = centre.roster.named(leg["agent"])
    urls, request = leg_urls(centre, leg), requested(transfer)
    number = request.number or (agent.number if agent else "")
    if not number:
        raise PhoneRefused(0, f"{leg['agent']} is not on the list of agents any more.", permanent=True)
    return phone.place(
        to=number,
        from_=centre.settings.caller_ids[0],
        url=urls.answer(),
        status_url=urls.status(),
        fallback_url=urls.fallback(),
        timeout=request.ring_seconds,
        time_limit=LEG_SECONDS,
    )


def _ask(centre: Centre, phone: Phone, entry: Row, now: str) -> None:
    sid = _subject_sid(centre, entry)
    assert sid is not None  # noqa: S101  (seen before the claim)
    try:
        heeded = _requested(centre, phone, entry, sid)
    except PhoneUnknown as lost:
        _again(centre, entry, now, str(lost))
    except PhoneRefused as refusal:
        if refusal.permanent:
            _finish(centre, entry, now, f"refused {refusal.code}")
        else:
            _again(centre, entry, now, str(refusal))
    else:
        _finish(centre, entry, now, "done" if heeded else "over")


def _again(centre: Centre, entry: Row, now: str, why: str) -> None:
    """Put a request back that came to nothing, or give it up."""
    if entry["tries"] + 1 >= TRIES:
        _finish(centre, entry, now, why)
        return
    with centre.db.transaction():
        outbox.put_back(centre.db, entry["id"], why)


def _requested(centre: Centre, phone: Phone, entry: Row, sid: str) -> bool:
    match entry["kind"]:
        case "move":
            return phone.move(sid, _document_url(centre, entry))
        case "cancel" if entry["subject_kind"] == "call":
            # Somebody who has opted out must not be spoken to by a call that was answered a moment ago, either.
            return phone.cancel(sid) or phone.hang_up(sid)
        case "cancel":
            return phone.cancel(sid)
        case _:
            return phone.hang_up(sid)


def _document_url(centre: Centre, entry: Row) -> str:
    if entry["subject_kind"] == "leg":
        leg = legs.load(centre.db, entry["subject_id"])
        assert leg is not None  # noqa: S101
        return leg_urls(centre, leg).document(entry["document"])
    call = calls.load(centre.db, entry["subject_id"])
    assert call is not None  # noqa: S101
    return urls_of(call).document(entry["document"])


def _subject_sid(centre: Centre, entry: Row) -> str | None:
    """The provider's id of what an entry is about; empty for a call that does not exist any more."""
    load = calls.load if entry["subject_kind"] == "call" else legs.load
    subject = load(centre.db, entry["subject_id"])
    if subject is None or subject["status"] in OVER:
        return subject["sid"] if subject and subject["sid"] else ""
    sid: str | None = subject["sid"]
    return sid


def _finish(centre: Centre, entry: Row, now: str, result: str) -> None:
    with centre.db.transaction():
        outbox.finish(centre.db, entry["id"], now, result)


# --- legs of which no more is heard -----------------------------------------------------------------------------------

RINGING_SECONDS = 180
LIFETIMES: dict[str, int] = {
    "reserved": RINGING_SECONDS,
    "posted": RINGING_SECONDS,
    "ringing": RINGING_SECONDS,
    "whispering": RINGING_SECONDS,
    "leaving": RINGING_SECONDS,
    "called_off": RINGING_SECONDS,
    "joined": LEG_SECONDS + RINGING_SECONDS,
}
"""Seconds from a leg's beginning after which it counts as ended, by its status."""


def sweep_legs(centre: Centre, now: str) -> int:
    """End the legs of which no news came for longer than they can last; how many there were."""
    late = [
        leg
        for leg in legs.overdue(centre.db, plus(now, -RINGING_SECONDS))
        if leg["created_at"] < plus(now, -LIFETIMES[leg["status"]])
    ]
    for leg in late:
        leg_services.overdue(centre, leg["id"], now)
    return len(late)
