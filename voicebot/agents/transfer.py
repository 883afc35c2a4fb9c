"""A transfer: from asking for an agent to the end of the talk, as a table of moves.

Rule: one leg of a transfer rings at a time, and only a transfer that is `ringing` can be accepted; so two agents
are never in one transfer.
"""

from __future__ import annotations

from typing import Literal, get_args

TransferStatus = Literal["ringing", "accepted", "bridged", "ended", "failed", "canceled"]
TRANSFER_STATUSES: tuple[TransferStatus, ...] = get_args(TransferStatus)
"""accepted: an agent waits in the room; bridged: the caller has joined; failed: nobody took it; canceled: the caller is
gone, has opted out or has waited long enough."""

TransferNews = Literal["accept", "joined", "parted", "given_up", "canceled"]

MOVES: dict[TransferStatus, dict[TransferNews, TransferStatus]] = {
    "ringing": {"accept": "accepted", "given_up": "failed", "canceled": "canceled"},
    "accepted": {"joined": "bridged", "parted": "ended", "canceled": "canceled"},
    "bridged": {"parted": "ended", "canceled": "ended"},
    "ended": {},
    "failed": {},
    "canceled": {},
}


def moved(status: TransferStatus, news: TransferNews) -> TransferStatus | None:
    """The status after `news`, or None when it changes nothing."""
    return MOVES[status].get(news)
