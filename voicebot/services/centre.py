"""What the services of one installation share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from voicebot.agents.roster import Roster
from voicebot.dialer.policy import Policy
from voicebot.errors import VoicebotError
from voicebot.flows.bundle import Bundle, bundle_from_text
from voicebot.settings import Settings
from voicebot.store import pins
from voicebot.store.database import Database

Window = Callable[[str], tuple[str, str]]
"""Moves a moment (fixed-width UTC text) into the calling hours: (the moment, '') or ('', why there is none)."""


@dataclass(frozen=True)
class Centre:
    """The store, the settings, the dialing policy and the agents of one call centre."""

    db: Database
    settings: Settings
    policy: Policy
    roster: Roster = field(default_factory=Roster)


_BUNDLES: dict[str, Bundle] = {}
"""Pinned bundles by digest. They are addressed by their content, so one cache serves every database."""

BUNDLES_KEPT = 32


def pinned_bundle(db: Database, digest: str) -> Bundle:
    """The flow that a call is pinned to. Raises VoicebotError when the database has lost it."""
    bundle = _BUNDLES.get(digest)
    if bundle is None:
        text = pins.pinned(db, digest)
        if text is None:
            raise VoicebotError(f"pin {digest[:12]}", "the flow of this call is gone.", "Restore it from a backup.")
        if len(_BUNDLES) >= BUNDLES_KEPT:
            _BUNDLES.clear()
        bundle = _BUNDLES[digest] = bundle_from_text(text)
    return bundle
