"""Opting somebody out by hand: written down, and what is on its way to them is taken back."""

from __future__ import annotations

from voicebot.services import suppression
from voicebot.services.suppression import OptingOut, Suppressed
from voicebot.services.switchboard import Switchboard


def suppress_by_hand(board: Switchboard, wish: OptingOut) -> Suppressed:
    """Write the wish down, then call off what rings. Raises OutsideError when the database fails."""
    db = board.centre.db
    with db.transaction():
        done = suppression.opt_out(db, wish)
    board.flush(wish.at)
    return done
