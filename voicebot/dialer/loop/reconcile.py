"""Lost answers: whether a call that was asked for exists is looked up at the provider, never tried again.

Rule: a webhook of the call matches it by our id in its address; what no webhook matched is looked for by numbers and
time; what is not found either stays unknown, counts towards caps, and a human decides about the lead.
"""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.dialer.loop.sweep import end_of, tell_ended
from voicebot.phone.provider import PhoneRefused, PhoneUnknown, RemoteCall
from voicebot.services import attempts as service
from voicebot.services.switchboard import Switchboard
from voicebot.store import attempts
from voicebot.store.database import Row
from voicebot.timestamps import plus

GRACE_SECONDS = 30.0
"""How long a webhook is waited for before the provider is asked; longer than its answer to a request may take."""

SETTLE_SECONDS = 600.0
"""After this the provider's list, which lags behind, shows a call if there is one."""

CLOCKS_SECONDS = 5.0
"""How far the provider's clock may be behind ours."""


@dataclass
class Reconciled:
    """How many lost attempts were found, and how many given up."""

    matched: int = 0
    settled: int = 0


def reconcile(board: Switchboard, at: str) -> Reconciled:
    """Look for the calls of attempts whose answer was lost. A provider that does not answer is asked again later."""
    db, done = board.centre.db, Reconciled()
    for attempt in attempts.without_sid(db, plus(at, -GRACE_SECONDS)):
        service.lost(db, attempt["id"], "the dialer was ended before it knew the answer", at)
        try:
            remote = _find(board, attempt)
        except (PhoneRefused, PhoneUnknown):
            continue
        if remote is not None:
            _match(board, attempt["id"], remote, at)
            done.matched += 1
        elif attempt["posted_at"] < plus(at, -SETTLE_SECONDS):
            service.settle(db, attempt["id"], at)
            done.settled += 1
    return done


def _find(board: Switchboard, attempt: Row) -> RemoteCall | None:
    """The provider's call that belongs to the attempt: the earliest between these numbers that is nobody else's."""
    since = plus(attempt["posted_at"], -CLOCKS_SECONDS)
    found = board.phone.find(attempt["to_number"], attempt["from_number"], since)
    ours = [call for call in found if not attempts.knows_sid(board.centre.db, call.sid)]
    return min(ours, key=lambda call: (call.created_at, call.sid), default=None)


def _match(board: Switchboard, attempt_id: str, remote: RemoteCall, at: str) -> None:
    service.placed(board.centre.db, attempt_id, remote.sid, at)
    ended = end_of(remote, at)
    if ended is not None:
        tell_ended(board, attempt_id, ended)
