"""What each action does to the store, inside the transaction of the event that caused it.

Rule: an action that asks something of the provider writes it into the outbox; nothing here leaves the database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from voicebot.flows import model
from voicebot.flows.actions import (
    AnyAction,
    CancelTransfer,
    Conclude,
    LeftMessage,
    OpenCase,
    OptOut,
    SendMessage,
    StartTransfer,
    Transcribe,
)
from voicebot.flows.events import Transferred
from voicebot.leads.cadence import Retry
from voicebot.services import conclusion, messages, suppression, transfers
from voicebot.services.centre import Centre, pinned_bundle
from voicebot.services.windows import window_of
from voicebot.store import calls, cases, enrolments
from voicebot.store.database import Row
from voicebot.timestamps import plus, seconds_of

REVIEW_SECONDS = 24 * 3600
"""A human looks within a day at somebody who may have opted out, or whose opting out has no number to hang on."""


def apply(centre: Centre, call: Row, action: AnyAction, at: str) -> Transferred | None:
    """Do what `action` asks; the news that it brings about at once, if any. Lines and notes do nothing here."""
    effect = EFFECTS.get(type(action))
    return effect(centre, call, action, at) if effect else None


def _opt_out(centre: Centre, call: Row, action: OptOut, at: str) -> None:
    """Never again, on any number of this person; what is on its way to them is taken back."""
    if not call["number_hash"]:
        note = f"Somebody with a withheld number opted out (by {action.by}). Find out who it was."
        cases.open_case(centre.db, "review", at, due_at=plus(at, REVIEW_SECONDS), note=note, call_id=call["id"])
        return
    wish = suppression.OptingOut(
        call["number_hash"],
        source="inbound" if call["direction"] == "inbound" else action.by,
        at=at,
        evidence=action.evidence,
        call_id=call["id"],
    )
    suppression.opt_out(centre.db, wish)


def _start_transfer(centre: Centre, call: Row, action: StartTransfer, at: str) -> Transferred | None:
    return transfers.start(centre, call, action, at)


def _cancel_transfer(centre: Centre, call: Row, action: CancelTransfer, at: str) -> None:
    transfers.cancel(centre, call, action, at)


def _send_message(centre: Centre, call: Row, action: SendMessage, at: str) -> None:
    messages.wish(centre, call, action.text, at)


def _open_case(centre: Centre, call: Row, action: OpenCase, at: str) -> None:
    """A human looks after it, whatever becomes of the call."""
    cases.open_case(
        centre.db, action.about, at, due_at=action.due_at, note=action.note, owner=action.owner,
        lead_id=call["lead_id"], call_id=call["id"],
    )  # fmt: skip


def _left_message(centre: Centre, call: Row, _action: LeftMessage, _at: str) -> None:
    if call["enrolment_id"] is not None:
        enrolments.mark_message_left(centre.db, call["enrolment_id"])


def _transcribe(centre: Centre, call: Row, action: Transcribe, _at: str) -> None:
    """Asked for at once and kept nowhere: should it be lost, the callee is asked again by the provider's ears."""
    centre.ears.transcribe(call["id"], call["document"] + 1, action)


def _conclude(centre: Centre, call: Row, action: Conclude, at: str) -> None:
    enrolment_id = None if calls.is_taken_over(centre.db, call) else call["enrolment_id"]
    party = conclusion.Party(call["id"], enrolment_id, call["person_id"], call["number_hash"])
    window = window_of(centre.db, centre.policy, party.enrolment_id) if party.enrolment_id is not None else _never
    flow = pinned_bundle(centre.db, call["pin"])
    retries = {outcome: _retry(rule) for outcome, rule in flow.flows[flow.main].retry.items()}
    conclusion.conclude(centre.db, party, action, at, window, retries)


def _never(_moment: str) -> tuple[str, str]:
    return "", "nobody is enrolled"


def _retry(rule: model.Retry) -> Retry:
    return Retry(seconds_of(rule.after), rule.times)


EFFECTS: dict[type, Callable[[Centre, Row, Any, str], Transferred | None]] = {
    OptOut: _opt_out,
    StartTransfer: _start_transfer,
    CancelTransfer: _cancel_transfer,
    SendMessage: _send_message,
    OpenCase: _open_case,
    LeftMessage: _left_message,
    Transcribe: _transcribe,
    Conclude: _conclude,
}
