from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicebot.agents.roster import Agent, Roster
from voicebot.agents.routing import next_agent

MEI = Agent("mei", "+12025550111", ("sales",), ("zh-CN",))
BEN = Agent("ben", "+12025550112", ("sales", "service"), ("en-US",))
ANY = Agent("any", "+12025550113", ("sales",))
ROSTER = Roster((MEI, BEN, ANY))
NAMES = st.sets(st.sampled_from(["mei", "ben", "any"]))


def test_queue_and_language_must_fit() -> None:
    def free(queue: str, language: str) -> Agent | None:
        return next_agent(ROSTER, queue, language, busy=(), tried=(), last_rung={})

    assert free("service", "zh-CN") is None
    assert free("sales", "zh-CN") is MEI
    assert free("sales", "en-US") is BEN


def test_whoever_has_rested_longest_is_rung() -> None:
    last = {"ben": "2026-03-02T15:00:00.000Z", "any": "2026-03-02T14:00:00.000Z"}
    assert next_agent(ROSTER, "sales", "en-US", busy=(), tried=(), last_rung=last) is ANY


@given(NAMES, NAMES)
def test_nobody_busy_or_tried_is_rung(busy: set[str], tried: set[str]) -> None:
    agent = next_agent(ROSTER, "sales", "en-US", busy=busy, tried=tried, last_rung={})
    assert agent is None or agent.name not in busy | tried
    assert (agent is None) == ({"ben", "any"} <= busy | tried)
