"""What ships with the demo: numbers reserved for fiction, consent as lists have it, and callees that load."""

from __future__ import annotations

from pathlib import Path

from voicebot.agents.roster import read_roster
from voicebot.demo.town import AGENTS, CALLEES, SCREENING
from voicebot.dialer.policy_file import load_policy
from voicebot.simulator.callees.load import load_callees


def test_list_is_three_hundred_rows_long() -> None:
    assert len(SCREENING.file.read_text(encoding="utf-8-sig").splitlines()) == 301


def test_callees_and_agents_load() -> None:
    callees = load_callees(CALLEES)
    roster = read_roster(AGENTS.read_text(encoding="utf-8"), str(AGENTS))
    assert {agent.number for agent in roster.agents} <= set(callees.numbers)


def test_policy_for_rehearsals_loads() -> None:
    assert "Never go live" in load_policy(Path("voicebot/demo/any_hour.yaml")).text
