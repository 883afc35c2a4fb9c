from __future__ import annotations

import pytest

from voicebot.agents.roster import Agent, read_roster
from voicebot.errors import VoicebotError

TEXT = """
agents:
  - name: mei
    number: +12025550111
    queues: [sales, service]
    languages: [zh-CN]
  - {name: ben, number: "+12025550112", queues: sales}
"""


def test_a_roster_is_read_in_its_order() -> None:
    roster = read_roster(TEXT, "agents.yaml")
    assert roster.agents == (
        Agent("mei", "+12025550111", ("sales", "service"), ("zh-CN",)),
        Agent("ben", "+12025550112", ("sales",)),
    )
    assert roster.named("ben") is roster.agents[1]
    assert roster.named("nobody") is None


def test_an_empty_file_is_a_roster_of_nobody() -> None:
    assert read_roster("# nobody yet\n", "agents.yaml").agents == ()


FAULTS = [
    ("agents: [", "agents.yaml:1: this is not YAML"),
    ("people: []", "agents.yaml:1: there is no list of agents."),
    ("agents:\n  - mei", "agents.yaml:2: this should be a mapping."),
    ("agents:\n  - {name: mei, numbr: '+1'}", 'agents.yaml:2: an agent has no "numbr". Did you mean "number"?'),
    ("agents:\n  - name: mei\n    queues: [a]", 'agents.yaml:2: this agent has no "number".'),
    ("agents:\n  - {name: mei, number: 110, queues: [a]}", 'agents.yaml:2: "110" is not an international number.'),
    ("agents:\n  - {name: [], number: +12025550111, queues: a}", "agents.yaml:2: this should be a word or a number."),
    (TEXT + "  - {name: mei, number: +12025550113, queues: a}", 'agents.yaml:8: the agent "mei" already stands in'),
]


@pytest.mark.parametrize(("text", "message"), FAULTS)
def test_a_fault_names_its_line(text: str, message: str) -> None:
    with pytest.raises(VoicebotError) as fault:
        read_roster(text, "agents.yaml")
    assert str(fault.value).startswith(message)
