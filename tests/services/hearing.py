"""A call centre that listens to its calls' streams, on the clock of the rig, in a language of hums."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.services.rig import Rig, new_rig
from tests.speech.voices import FRAME, HumEngine
from voicebot.services.caller import Caller
from voicebot.services.ears import StreamEars, inline
from voicebot.services.switchboard import Switchboard
from voicebot.speech.pool import Pool
from voicebot.timestamps import from_text, plus


class Tape(io.BytesIO):
    """A sink whose sound can still be looked at when it is closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Hearing:
    """The rig, its ears, and streams into them: 20 ms of sound take 20 ms of the rig's time."""

    rig: Rig
    ears: StreamEars
    engine: HumEngine
    tapes: dict[str, Tape] = field(default_factory=dict)
    _positions: dict[str, int] = field(default_factory=dict)

    def answered(self, flow: str = "complaint") -> str:
        """A call that has been picked up."""
        call_id = self.rig.open(flow)
        self.rig.answer(call_id)
        return call_id

    def streaming(self, flow: str = "complaint") -> tuple[str, Caller]:
        """A call whose stream is open."""
        call_id = self.answered(flow)
        return call_id, self.open(call_id)

    def open(self, call_id: str, **wrong: str) -> Caller:
        shown = {"given": self.rig.call(call_id)["token"], "call_sid": f"CA-{call_id}", "stream_sid": "MZ1"} | wrong
        return self.ears.opened(call_id, **shown)

    def hear(self, caller: Caller, *sounds: bytes) -> None:
        sound = b"".join(sounds)
        at = self._positions.get(caller.call_id, 0)
        for start in range(0, len(sound), FRAME):
            self.rig.now = plus(self.rig.now, 0.02)
            caller.sound(sound[start : start + FRAME], at)
            at += 20
        self._positions[caller.call_id] = at

    def moves(self) -> int:
        """How often a call was told to fetch another document."""
        return len(self.rig.phone.of("move"))

    def events(self, call_id: str) -> list[dict[str, Any]]:
        """What the journal holds of a call's events."""
        from voicebot.store import journal  # noqa: PLC0415

        return [entry.private["event"] for entry in journal.read(self.rig.db, "call", call_id)
                if entry.kind == "event" and entry.private]  # fmt: skip

    def kinds(self, call_id: str) -> list[str]:
        return [event["kind"] for event in self.events(call_id)]


def new_hearing(
    folder: Path, engine: HumEngine | None = None, *, capacity: int = 2, pools: tuple[Pool, Pool] | None = None,
    **options: Any,
) -> Hearing:  # fmt: skip
    """A centre that can listen to `capacity` calls."""
    rig, engine = new_rig(folder), engine or HumEngine()
    made: list[Hearing] = []
    now: Callable[[], Any] = lambda: from_text(made[0].rig.now)  # noqa: E731

    def keep(call_id: str) -> Tape:
        return made[0].tapes.setdefault(call_id, Tape())

    ears = StreamEars({"en-US": engine}, now, capacity=capacity, pools=pools or inline(), keep=keep, **options)
    centre = replace(rig.centre, ears=ears, settings=replace(rig.centre.settings, hearing="stream"))
    made.append(Hearing(replace(rig, board=Switchboard(centre, rig.phone)), ears, engine))
    ears.serve(made[0].rig.board)
    return made[0]
