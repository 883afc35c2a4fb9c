"""Putting right what a kill, a lost webhook or a failing disk has left: nothing stays open for ever."""

from __future__ import annotations

import logging

from voicebot.dialer.verdict import RECHECK
from voicebot.errors import OutsideError
from voicebot.flows.events import Ended
from voicebot.phone.provider import PhoneRefused, PhoneUnknown, RemoteCall
from voicebot.services import attempts as service
from voicebot.services import legs, suppression
from voicebot.services.switchboard import ENDS, Switchboard
from voicebot.store import attempts, claims, outbox, sweeps
from voicebot.timestamps import plus

log = logging.getLogger(__name__)

AGAIN_SECONDS = 60.0
"""When an overdue call is looked at again that the provider would not tell of, or that still goes on."""


def drain_spool(board: Switchboard, at: str) -> int:
    """Record the opt-outs that the database could not take when they were made; how many there were.

    Raises OutsideError while the database still cannot: nobody may be dialled then.
    """
    db = board.centre.db
    drained = suppression.drain_spool(db)
    live = [attempt.call_id or attempt.attempt_id for wish in drained for attempt in wish.live]
    if live:
        with db.transaction():
            for call_id in live:
                outbox.add(db, "cancel", "call", call_id, at)
    return len(drained)


def return_leases(board: Switchboard, at: str) -> int:
    """Give back the leads of dialers that were killed before they asked the provider; how many there were."""
    late = attempts.never_posted(board.centre.db, plus(at, -service.LEASE_SECONDS))
    for attempt in late:
        service.withdraw(board.centre.db, attempt["id"], "its dialer ended before it was placed", at, at)
    return len(late)


def take_up_blocked(board: Switchboard, at: str) -> int:
    """Have leads judged again tomorrow whose last call ended without an hour for the next; how many there were."""
    db = board.centre.db
    if not claims.has_no_hour(db):
        return 0
    with db.transaction():
        return claims.give_an_hour(db, plus(at, RECHECK.total_seconds()), at)


def close_halves(board: Switchboard, at: str) -> int:
    """Finish what was killed between an attempt's end and its call's; how many there were."""
    db = board.centre.db
    refused, left_open = sweeps.calls_of_refused(db), sweeps.attempts_of_ended(db)
    for call in refused:
        tell_ended(board, call["id"], Ended(at=at, status=call["end"]))
    if left_open:
        with db.transaction():
            for attempt in left_open:
                attempts.end(db, attempt["id"], attempt["outcome"], attempt["ended_at"])
    return len(refused) + len(left_open)


def take_stock(board: Switchboard, at: str) -> int:
    """Ask how the calls and legs stand that another process has left open; how many had ended.

    Their news may have come while nobody listened: the leads would wait for their deadlines, the agents for hours.
    A provider that does not answer leaves it at that.
    """
    db, ended = board.centre.db, 0
    try:
        for call in sweeps.open_calls(db):
            end = _asked_after(board, call["sid"], at)
            ended += end is not None and tell_ended(board, call["id"], end)
        for leg in sweeps.open_legs(db):
            end = _asked_after(board, leg["sid"], at)
            if end is not None:
                legs.found_ended(board.centre, leg["id"], end.status, at)
                ended += 1
    except (PhoneRefused, PhoneUnknown):
        log.warning("the provider does not tell how the open calls stand")
    return ended


def _asked_after(board: Switchboard, sid: str, at: str) -> Ended | None:
    """How a call ended, by the provider's word, or None while it goes on. One that it does not know has failed."""
    remote = board.phone.fetch(sid)
    return end_of(remote, at) if remote else Ended(at=at, status="failed")


def end_overdue(board: Switchboard, at: str) -> int:
    """Ask the provider how calls ended of which no news came, and hang up what should long be over; how many ended."""
    return sum(_end(board, call["id"], call["sid"], at) for call in sweeps.overdue_calls(board.centre.db, at))


def _end(board: Switchboard, call_id: str, sid: str, at: str) -> bool:
    try:
        ended = _asked_after(board, sid, at)
        if ended is not None and tell_ended(board, call_id, ended):
            return True
        if ended is None:
            board.phone.hang_up(sid)
    except (PhoneRefused, PhoneUnknown):
        pass  # asked again below
    with board.centre.db.transaction():
        sweeps.set_deadline(board.centre.db, call_id, plus(at, AGAIN_SECONDS))
    return False


def tell_ended(board: Switchboard, call_id: str, ended: Ended) -> bool:
    """Tell a call how it ended. One that cannot take it must not keep the dialer from all others."""
    try:
        board.ended(call_id, ended)
    except OutsideError:
        raise
    except Exception:
        log.exception("call %s cannot be ended", call_id)
        return False
    return True


def end_of(remote: RemoteCall, at: str) -> Ended | None:
    """How a call of the provider ended, or None while it goes on."""
    return Ended.model_validate({"at": at, "status": remote.status}) if remote.status in ENDS else None
