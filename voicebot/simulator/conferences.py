"""The account's conferences: a name stands for the one of that name that is not over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulator.call import Callback
from voicebot.simulator.conference import Conference

if TYPE_CHECKING:
    from voicebot.simulator.world import World


class Conferences:
    """All conferences by SID, in the order of their making."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.by_sid: dict[str, Conference] = {}

    def open(self, name: str, callback: Callback | None) -> Conference:
        """The conference of this name, made if there is none; only who makes it names the callback."""
        for conference in self.by_sid.values():
            if conference.name == name and conference.status != "completed":
                return conference
        conference = Conference(self._world, self._world.sid("CF"), name, self._world.queue.now(), callback)
        self.by_sid[conference.sid] = conference
        return conference

    def find(self, sid_or_name: str) -> Conference | None:
        """By SID, or by the name of one that is not over."""
        if sid_or_name in self.by_sid:
            return self.by_sid[sid_or_name]
        live = (one for one in self.by_sid.values() if one.name == sid_or_name and one.status != "completed")
        return next(live, None)
