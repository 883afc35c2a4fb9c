"""The closed lists that a lead moves through. The moves themselves stand in `moves.py`."""

from __future__ import annotations

from typing import Literal, get_args

Grade = Literal["ready", "interested", "considering", "not_now", "never"]
GRADES: tuple[Grade, ...] = get_args(Grade)
"""From buys now to never: what list screening sorts people into."""

Stage = Literal["screening", "follow_up", "resolving", "closing", "customer", "closed"]
STAGES: tuple[Stage, ...] = get_args(Stage)

EnrolmentStatus = Literal["due", "leased", "in_call", "paused", "review", "done"]
ENROLMENT_STATUSES: tuple[EnrolmentStatus, ...] = get_args(EnrolmentStatus)
"""due: has a `next_at`; leased: taken by a dialing loop; in_call: an attempt is under way; paused: by the manager;
review: frozen until a human has looked; done: no further call in this campaign."""
