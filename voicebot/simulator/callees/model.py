"""What a callee is: plain values, as a YAML file describes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from voicebot.simulator import chance

Span = tuple[float, float]

LINES = ("answers", "busy", "no_answer", "declines", "does_not_exist")
SMS = ("delivered", "no_receipt", "unreachable", "unknown", "landline")
ACTS = ("press", "say", "silence", "hang_up")
VERDICTS = (
    "human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax", "unknown",
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One thing a person does. `texts`: the keys or words to choose one from; none for silence and hanging up."""

    kind: str
    texts: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class Reaction:
    """What a person does on hearing something. Times are seconds; `times` None is as often as it fits.

    `interrupt` seconds into the prompt the person acts, without waiting for its end; else `delay` after it.
    """

    acts: tuple[Act, ...]
    hears: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    after: int = 0
    times: int | None = 1
    chance: float = 1.0
    delay: Span = (0.6, 1.6)
    interrupt: Span | None = None

    def fits(self, text: str, turn: int) -> bool:
        """Whether the words, at this turn of the talk (from 1), call for it."""
        said = not self.hears or any(pattern.search(text) for pattern in self.hears)
        return said and turn > self.after and not any(pattern.search(text) for pattern in self.unless)


@dataclass(frozen=True)
class Persona:
    """A kind of person (or machine) at the other end of the line. Times are seconds."""

    name: str = "silent"
    kind: str = "human"
    line: tuple[tuple[str, float], ...] = (("answers", 1.0),)
    rings: Span = (3.0, 12.0)
    greeting: str = "Hello?"
    reactions: tuple[Reaction, ...] = ()
    script: tuple[Reaction, ...] = ()
    otherwise: Reaction | None = None
    patience: Span = (20.0, 30.0)
    turns: int | None = None
    talks_for: Span = (20.0, 60.0)
    records_for: float = 60.0
    amd: str = ""
    mishears: float | None = None
    confidence: Span | None = None
    language: str = ""
    sms: tuple[tuple[str, float], ...] = (("delivered", 1.0),)
    replies: tuple[Reaction, ...] = ()


@dataclass(frozen=True)
class Recognition:
    """How well speech is recognized, where a persona does not say otherwise."""

    mishears: float = 0.0
    confidence: Span = (0.75, 0.95)


@dataclass(frozen=True)
class DetectionErrors:
    """How often answering machine detection is wrong, and how many seconds it takes."""

    human_as_machine: float = 0.0
    machine_as_human: float = 0.0
    unknown: float = 0.0
    seconds: Span = (2.0, 4.0)


@dataclass(frozen=True)
class Population:
    """Whoever has a number that begins with a prefix or matches a pattern (None: everybody)."""

    people: tuple[tuple[str, float], ...]
    match: re.Pattern[str] | None = None
    same_person: bool = True


@dataclass(frozen=True)
class Inbound:
    """Somebody who calls in, `at` so many seconds after the start or at a moment."""

    at: float | datetime
    from_: str
    to: str
    persona: Persona


@dataclass(frozen=True)
class InboundMessage:
    """Somebody who writes of their own accord, `at` so many seconds after the start or at a moment."""

    at: float | datetime
    from_: str
    to: str
    body: str


@dataclass(frozen=True)
class Pickup:
    """How a line takes one call: one of LINES, after so many seconds of ringing."""

    line: str
    rings: float


@dataclass(frozen=True)
class Callees:
    """Everybody who can be called, and who calls in."""

    personas: dict[str, Persona] = field(default_factory=dict)
    numbers: dict[str, Persona] = field(default_factory=dict)
    populations: tuple[Population, ...] = ()
    inbound: tuple[Inbound, ...] = ()
    messages: tuple[InboundMessage, ...] = ()
    recognition: Recognition = Recognition()
    detection: DetectionErrors = DetectionErrors()

    def persona(self, number: str, seed: int, attempt: int) -> Persona:
        """Who has this number. The same person every time, unless their population is drawn anew for each attempt."""
        if number in self.numbers:
            return self.numbers[number]
        for population in self.populations:
            if population.match is None or population.match.match(number):
                draw = ("persona", number) if population.same_person else ("persona", number, attempt)
                return self.personas[chance.weighted(population.people, seed, *draw)]
        return Persona(line=(("does_not_exist", 1.0),))


def pick_up(persona: Persona, number: str, seed: int, attempt: int) -> Pickup:
    """How the line takes this attempt (from 1); drawn anew for each."""
    line = chance.weighted(persona.line, seed, "line", number, attempt)
    return Pickup(line, chance.between(persona.rings, seed, "rings", number, attempt))
