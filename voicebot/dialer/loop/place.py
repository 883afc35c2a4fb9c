"""Placing one call: chosen and written down, looked at once more, asked of the provider, and the answer kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from voicebot.errors import VoicebotError
from voicebot.flows.bundle import Bundle
from voicebot.flows.events import Ended
from voicebot.phone.provider import Detection, PhoneRefused, PhoneUnknown
from voicebot.services import attempts as service
from voicebot.services import suppression
from voicebot.services.attempts import Passed, Reserved
from voicebot.services.calls import GRACE_SECONDS, time_limit, urls_of
from voicebot.services.switchboard import Switchboard
from voicebot.store import calls
from voicebot.timestamps import plus, to_text

REST_SECONDS = 60.0
"""How long nobody is dialled after the provider refused a call for a reason of its own or of the account's."""

INVALID_NUMBER = frozenset({21201, 21211, 21214, 21217, 13223})
"""Refusals that say there is no such telephone. Source: https://www.twilio.com/docs/api/errors"""

DETECTION: dict[str, Detection] = {"leave_message": "beep", "hang_up": "detect", "carry_on": "none"}
"""What a flow does with a machine -> what it must know of it; to leave a message it waits for the beep."""


@dataclass(frozen=True)
class Outcome:
    """What came of one try to place a call; `why` tells what the provider had against it."""

    kind: Literal["placed", "passed", "withdrawn", "refused", "lost", "nobody"]
    why: str = ""


def place_next(board: Switchboard, dialer: str, now: datetime) -> Outcome:
    """Place a call to whoever is due next; `dialer` is this one's name. The provider's errors become outcomes."""
    reserved = service.reserve_next(board.centre, dialer, now)
    if reserved is None:
        return Outcome("nobody")
    return Outcome("passed") if isinstance(reserved, Passed) else _dial(board, reserved, dialer, to_text(now))


def _dial(board: Switchboard, reserved: Reserved, dialer: str, at: str) -> Outcome:
    db = board.centre.db
    longest = board.centre.settings.ring_timeout + time_limit(reserved.bundle) + GRACE_SECONDS
    if suppression.spool_pending(db):
        service.withdraw(db, reserved.id, "opt-outs wait to be recorded", at, at)
        return Outcome("withdrawn", "opt-outs wait to be recorded.")
    if not service.post(db, reserved, dialer, plus(at, longest), at):
        why = "the number was suppressed, the person is ringing us, or the lease had run out"
        service.withdraw(db, reserved.id, why, at, at)
        return Outcome("withdrawn")
    try:
        sid = _ask(board, reserved)
    except PhoneUnknown as error:
        service.lost(db, reserved.id, str(error), at)
        return Outcome("lost", str(error))
    except PhoneRefused as refusal:
        return _refused(board, reserved, refusal, at)
    service.placed(db, reserved.id, sid, at)
    return Outcome("placed")


def _ask(board: Switchboard, reserved: Reserved) -> str:
    call = calls.load(board.centre.db, reserved.id)
    if call is None:
        raise VoicebotError(
            f"call {reserved.id}", "it was reserved and is gone.", "Restore the database from a backup."
        )
    urls = urls_of(call)
    settings = board.centre.settings
    return board.phone.place(
        to=reserved.to,
        from_=reserved.from_,
        url=urls.answer(),
        status_url=urls.status(),
        fallback_url=urls.fallback(),
        amd=detection(reserved.bundle) if settings.detect_machines else "none",
        amd_url=urls.amd(),
        timeout=max(settings.ring_timeout, reserved.ring_seconds),
        time_limit=time_limit(reserved.bundle),
    )


def _refused(board: Switchboard, reserved: Reserved, refusal: PhoneRefused, at: str) -> Outcome:
    if not refusal.permanent:
        service.withdraw(board.centre.db, reserved.id, str(refusal), plus(at, REST_SECONDS), at)
        return Outcome("withdrawn", str(refusal))
    end = service.refused(board.centre.db, reserved.id, str(refusal), at, invalid=refusal.code in INVALID_NUMBER)
    board.ended(reserved.id, Ended(at=at, status=end))
    return Outcome("refused", str(refusal))


def detection(bundle: Bundle) -> Detection:
    """What the flow must know of a machine that answers."""
    return DETECTION[bundle.flows[bundle.main].machine.action]
