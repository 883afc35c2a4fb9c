"""What one flow is checked against: itself, the calls made on it, and the flows beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from voicebot.errors import Place
from voicebot.flows.bundle import calls_of, gather
from voicebot.flows.check.graph import Calls
from voicebot.flows.findings import FlowError
from voicebot.flows.load import LoadedFlow
from voicebot.flows.model import Flow


@dataclass(frozen=True, eq=False)
class Subject:
    """The flow under check. `opt_out_key` is the centre's.

    `siblings` are the flows of its folder by name, `broken` those of them that cannot be loaded, and `perhaps_called`
    the flows that the broken ones speak of.
    """

    loaded: LoadedFlow
    siblings: Mapping[str, LoadedFlow]
    broken: Mapping[str, FlowError] = field(default_factory=dict)
    perhaps_called: frozenset[str] = frozenset()
    opt_out_key: str = "*"

    @property
    def flow(self) -> Flow:
        """The flow itself."""
        return self.loaded.flow

    @cached_property
    def calls(self) -> Calls:
        """Every call on this flow. Raises FlowError where a flow it calls is missing or cannot be loaded."""
        return Calls(self.loaded, gather(self.loaded, self._find))

    def _find(self, name: str) -> LoadedFlow | None:
        if name in self.broken:
            raise self.broken[name]
        return self.siblings.get(name)

    @cached_property
    def called(self) -> bool:
        """Whether a flow beside it calls this one, as far as can be seen."""
        return self.flow.name in self.perhaps_called or any(
            name == self.flow.name for one in self.siblings.values() for _, name in calls_of(one.flow)
        )

    def at(self, *path: str | int) -> Place:
        """Where a part of the flow stands."""
        return self.loaded.marks.at(*path)
