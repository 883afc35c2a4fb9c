"""How a text message moves, as a table. Rule: news that the table does not name for a status changes nothing."""

from __future__ import annotations

from typing import Literal, get_args

MessageStatus = Literal["reserved", "posted", "sent", "delivered", "undelivered", "failed", "refused", "unknown"]
MESSAGE_STATUSES: tuple[MessageStatus, ...] = get_args(MessageStatus)
"""reserved: written down; posted: about to be asked of the provider, or asked; refused: certainly not sent, by the
provider or by us; unknown: the provider's answer was lost; failed: the provider could not send it; undelivered: the
carrier could not deliver it."""

MOVES: dict[MessageStatus, frozenset[MessageStatus]] = {
    "reserved": frozenset({"posted", "refused"}),
    "posted": frozenset({"reserved", "sent", "delivered", "undelivered", "failed", "refused", "unknown"}),
    "unknown": frozenset({"sent", "delivered", "undelivered", "failed"}),
    "sent": frozenset({"delivered", "undelivered", "failed"}),
    "delivered": frozenset(),
    "undelivered": frozenset(),
    "failed": frozenset(),
    "refused": frozenset(),
}
"""`posted` goes back to `reserved` only when the provider has certainly not taken it and may yet."""

OVER: frozenset[MessageStatus] = frozenset(status for status, after in MOVES.items() if not after)
"""Nothing more will be told."""

OF_PROVIDER: dict[str, MessageStatus] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
"""The provider's word -> ours: whatever it has taken counts as sent until it says more.
https://www.twilio.com/docs/messaging/api/message-resource#message-status-values"""


def from_statuses(target: MessageStatus) -> tuple[MessageStatus, ...]:
    """The statuses from which a message may move to `target`."""
    return tuple(status for status in MESSAGE_STATUSES if target in MOVES[status])
