"""Writes OpenFst's binary file of type "vector" with "standard" arcs, which is all that a model needs."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

MAGIC, VERSION, FLAGS = 2125659606, 2, 0
PROPERTIES = 3
"""Expanded and mutable; whatever else is true of a transducer is found out by its reader."""


@dataclass(frozen=True)
class Arc:
    """One step: reads `reads`, writes `writes` (0 is nothing), costs `cost`, goes to state `to`."""

    reads: int
    writes: int
    cost: float
    to: int


@dataclass
class Transducer:
    """States from 0, which is the first one; `final` gives the cost of ending in a state."""

    arcs: list[list[Arc]] = field(default_factory=lambda: [[]])
    final: dict[int, float] = field(default_factory=lambda: {0: 0.0})

    def state(self) -> int:
        """The number of a new state."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def add(self, start: int, arc: Arc) -> None:
        """One more way out of `start`."""
        self.arcs[start].append(arc)

    def write(self, path: Path, *, by: str) -> None:
        """To a file, the arcs of each state sorted by what they read (`by="reads"`) or write (`by="writes"`)."""
        path.write_bytes(b"".join(self._encoded(by)))

    def _encoded(self, by: str) -> Iterable[bytes]:
        yield struct.pack("<i", MAGIC) + _text("vector") + _text("standard")
        yield struct.pack("<iiQqqq", VERSION, FLAGS, PROPERTIES, 0, len(self.arcs), sum(map(len, self.arcs)))
        for state, arcs in enumerate(self.arcs):
            yield struct.pack("<fq", self.final.get(state, float("inf")), len(arcs))
            for arc in sorted(arcs, key=lambda one: int(getattr(one, by))):
                yield struct.pack("<iifi", arc.reads, arc.writes, arc.cost, arc.to)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<i", len(encoded)) + encoded
