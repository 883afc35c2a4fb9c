"""An agent's leg: the call that rings an agent for one transfer, as a table of moves.

Rule: news that the table does not name for a status came late or twice, and changes nothing.
"""

from __future__ import annotations

from typing import Literal, get_args

LegStatus = Literal["reserved", "posted", "ringing", "whispering", "joined", "leaving", "called_off", "ended"]
LEG_STATUSES: tuple[LegStatus, ...] = get_args(LegStatus)
"""reserved: written down; posted: the provider was asked; whispering: the agent hears who it is; joined: they took the
call and are in the room; leaving: they did not take it and hear a goodbye; called_off: nobody waits for them now."""

LegNews = Literal["posted", "refused", "ringing", "answered", "accept", "decline", "unheard", "called_off", "gone"]

MOVES: dict[LegStatus, dict[LegNews, LegStatus]] = {
    "reserved": {
        "posted": "posted",
        "refused": "ended",
        "ringing": "ringing",
        "answered": "whispering",
        "called_off": "called_off",
        "gone": "ended",
    },
    "posted": {"ringing": "ringing", "answered": "whispering", "called_off": "called_off", "gone": "ended"},
    "ringing": {"answered": "whispering", "called_off": "called_off", "gone": "ended"},
    "whispering": {
        "accept": "joined",
        "decline": "leaving",
        "unheard": "leaving",
        "called_off": "called_off",
        "gone": "ended",
    },
    "joined": {"called_off": "called_off", "gone": "ended"},
    "leaving": {"gone": "ended"},
    "called_off": {"gone": "ended"},
    "ended": {},
}

LegResult = Literal["declined", "busy", "no_answer", "failed"]
"""Why one agent did not take a transfer; the last agent's is the transfer's."""

LineEnd = Literal["completed", "busy", "no_answer", "canceled", "failed", "invalid_number"]
"""How a telephone line can end."""

RESULT_OF_KEY: dict[LegNews, LegResult] = {"decline": "declined", "unheard": "no_answer", "refused": "failed"}
"""What a leg that is left without being taken means for its transfer."""

RESULT_OF_END: dict[LineEnd, LegResult] = {
    "completed": "declined",
    "busy": "busy",
    "no_answer": "no_answer",
    "canceled": "no_answer",
    "failed": "failed",
    "invalid_number": "failed",
}
"""The same for a leg whose line ended before a key was pressed; `completed`: they heard who it was and hung up."""

WHISPERS = 2
"""How often the agent hears the whisper before silence counts as no answer: a voicemail presses no key."""


def moved(status: LegStatus, news: LegNews) -> LegStatus | None:
    """The status after `news`, or None when it changes nothing."""
    return MOVES[status].get(news)
