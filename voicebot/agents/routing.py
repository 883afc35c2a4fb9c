"""Which agent is rung next."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from voicebot.agents.roster import Agent, Roster


def next_agent(
    roster: Roster,
    queue: str,
    language: str,
    *,
    busy: Collection[str],
    tried: Collection[str],
    last_rung: Mapping[str, str],
) -> Agent | None:
    """The agent of `queue` who speaks `language`, is free, was not tried in this transfer and has rested longest.

    `busy` and `tried` are names; `last_rung` tells when an agent was rung last (moments as text; absent: never).
    Agents who rested equally long come in the order of the roster. None: nobody is there.
    """
    free = [
        agent
        for agent in roster.agents
        if queue in agent.queues and agent.speaks(language) and agent.name not in busy and agent.name not in tried
    ]
    return min(free, key=lambda agent: last_rung.get(agent.name, ""), default=None)
