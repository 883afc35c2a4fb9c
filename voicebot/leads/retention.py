"""How long private values are kept: a table of what, for how many days, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Table = Literal["recordings", "calls", "leads", "people"]


@dataclass(frozen=True)
class Kept:
    """One row: what is kept, for how many days after its end (None: for good), and why no longer or shorter."""

    what: str
    table: Table | Literal[""]
    days: int | None
    why: str


RETENTION: tuple[Kept, ...] = (
    Kept("the sound of calls", "recordings", 90, "a quarter in which to listen to a sample; the words are kept longer"),
    Kept(
        "words, keys, values and documents of a call", "calls", 180, "complaints about a call come within half a year"
    ),
    Kept("what a list says of a lead", "leads", 365, "after the last call and the end of every campaign with them"),
    Kept("names and numbers of people", "people", 365, "once no list and no call needs them"),
    Kept("hashes of numbers, outcomes, moments, consent", "", None, "prove that the rules were kept; they name nobody"),
    Kept("the do-not-call record", "", None, "nobody who opted out is ever called again"),
)
"""Figures of ours; the GDPR asks that there be some (Article 5(1)(e)). `purge --older-than` sets others."""
