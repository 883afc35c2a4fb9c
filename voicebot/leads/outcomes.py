"""How a call can end. One closed list, in order of precedence: of two outcomes of one call the earlier wins."""

from __future__ import annotations

from typing import Literal, get_args

Outcome = Literal[
    "opted_out",
    "deceased",
    "transferred",
    "transfer_failed",
    "completed",
    "screened",
    "callback",
    "partial",
    "refused",
    "wrong_number",
    "third_party",
    "voicemail",
    "silent",
    "hung_up",
    "busy",
    "no_answer",
    "invalid_number",
    "failed",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

REACHED: frozenset[Outcome] = frozenset(OUTCOMES[: OUTCOMES.index("third_party") + 1])
"""A human spoke with us (third_party: though not the one we wanted)."""

AWAITED: frozenset[Outcome] = frozenset({"callback", "transfer_failed"})
"""The person waits for our call."""


def stronger(one: Outcome | None, other: Outcome | None) -> Outcome | None:
    """The outcome that takes precedence; None stands for none yet."""
    known = [outcome for outcome in (one, other) if outcome is not None]
    return min(known, key=OUTCOMES.index, default=None)
