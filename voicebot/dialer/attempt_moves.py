"""How an attempt moves, as a table. Rule: news that the table does not name for a status changes nothing."""

from __future__ import annotations

from typing import Literal, get_args

AttemptStatus = Literal["reserved", "posted", "ringing", "answered", "ended", "refused", "unknown"]
ATTEMPT_STATUSES: tuple[AttemptStatus, ...] = get_args(AttemptStatus)
"""reserved: written down; posted: about to be asked of the provider, or asked; refused: certainly not dialled, by the
provider or by us; unknown: the provider's answer was lost."""

MOVES: dict[AttemptStatus, frozenset[AttemptStatus]] = {
    "reserved": frozenset({"posted", "refused"}),
    "posted": frozenset({"ringing", "answered", "ended", "refused", "unknown"}),
    "unknown": frozenset({"ringing", "answered", "ended"}),
    "ringing": frozenset({"answered", "ended"}),
    "answered": frozenset({"ended"}),
    "ended": frozenset(),
    "refused": frozenset(),
}

LIVE: tuple[AttemptStatus, ...] = ("reserved", "posted", "ringing", "answered", "unknown")
"""A line may be open, or about to be."""

DIALLED: tuple[AttemptStatus, ...] = ("reserved", "posted", "ringing", "answered", "ended", "unknown")
"""Counts towards caps: the telephone rang, or may have."""

OF_CALL: dict[str, AttemptStatus] = {
    "ringing": "ringing",
    "in_progress": "answered",
    "completed": "ended",
    "busy": "ended",
    "no_answer": "ended",
    "canceled": "ended",
    "failed": "ended",
}
"""Status of the call -> status of its attempt. Before it rings, the provider's id is all there is to learn."""


def from_statuses(target: AttemptStatus) -> tuple[AttemptStatus, ...]:
    """The statuses from which an attempt may move to `target`."""
    return tuple(status for status in ATTEMPT_STATUSES if target in MOVES[status])
