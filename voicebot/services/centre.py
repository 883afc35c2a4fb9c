"""What the services of one installation share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from voicebot.agents.roster import Roster
from voicebot.dialer.policy import Policy
from voicebot.errors import VoicebotError
from voicebot.flows.actions import AnyLine, Transcribe
from voicebot.flows.bundle import Bundle, bundle_from_text
from voicebot.flows.events import Deafened, Hearing, Silence, StillSpeaking
from voicebot.nlu.voter import model_text
from voicebot.settings import Settings
from voicebot.store import pins
from voicebot.store.database import Database

Window = Callable[[str], tuple[str, str]]
"""Moves a moment (fixed-width UTC text) into the calling hours: (the moment, '') or ('', why there is none)."""


class Ears(Protocol):
    """Listens to the streams of the calls of this process (see `services.ears`). Nothing here may raise or wait."""

    def admit(self, call_id: str, language: str, wanted: Hearing) -> Hearing:
        """How a call that begins now is heard: as `wanted`, or by the provider where we cannot listen to one more."""
        ...

    def line(self, call_id: str, document: int, line: AnyLine, at: str) -> None:
        """What the callee of a call hears now, as document number `document`."""
        ...

    def transcribe(self, call_id: str, document: int, recorded: Transcribe) -> None:
        """Find out what was said in a recording, and tell the switchboard; the callee waits in document `document`."""
        ...

    def instead_of_silence(self, call_id: str, at: str) -> Silence | StillSpeaking | Deafened:
        """What a silence that the provider reports really is, on a call that is heard on its stream."""
        ...


class NoEars:
    """A process that listens to no stream."""

    def admit(self, call_id: str, language: str, wanted: Hearing) -> Hearing:
        """The provider recognizes speech."""
        return "provider"

    def line(self, call_id: str, document: int, line: AnyLine, at: str) -> None:
        """Nobody listens for it."""

    def transcribe(self, call_id: str, document: int, recorded: Transcribe) -> None:
        """Nobody will; the callee is asked again soon."""

    def instead_of_silence(self, call_id: str, at: str) -> Silence | StillSpeaking | Deafened:
        """The stream was that of a process that is gone."""
        return Deafened(at=at, why="lost")


@dataclass(frozen=True)
class Centre:
    """The store, the settings, the dialing policy, the agents and the ears of one call centre."""

    db: Database
    settings: Settings
    policy: Policy
    roster: Roster = field(default_factory=Roster)
    ears: Ears = field(default_factory=NoEars)


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
        bundle = _BUNDLES[digest] = bundle_from_text(text, partial(pins.pinned, db))
    return bundle


def pin_bundle(db: Database, bundle: Bundle, at: str) -> str:
    """Keep a bundle that was read from files, and the models it names, for the calls that begin on it; its hash."""
    for name, digest in bundle.models.items():
        if not pins.is_pinned(db, digest):
            pins.pin(db, "model", model_text(name), at)
    return pins.pin(db, "flow", bundle.text, at)
