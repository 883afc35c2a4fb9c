"""When the sound of a call may be kept: one table, and how the layers of the policy lead to its first column."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialer.policy import Layer, RecordingRule
from voicebot.dialer.policy_file import PolicyError, policy_from_text
from voicebot.dialer.recording import STRICTEST_FIRST, Recording, may_keep, why_not_kept

KEPT = [
    # where the callee is, the centre wants it, the flow announces it, may it be kept
    ("allowed", True, True, True),
    ("allowed", True, False, True),
    ("allowed", False, True, False),
    ("allowed", False, False, False),
    ("announced", True, True, True),
    ("announced", True, False, False),
    ("announced", False, True, False),
    ("announced", False, False, False),
    ("never", True, True, False),
    ("never", True, False, False),
    ("never", False, True, False),
    ("never", False, False, False),
]


@pytest.mark.parametrize(("rule", "wanted", "announced", "kept"), KEPT)
def test_table(rule: Recording, wanted: bool, announced: bool, kept: bool) -> None:
    assert may_keep(rule, wanted=wanted, announced=announced) is kept
    assert bool(why_not_kept(rule, wanted=wanted, announced=announced)) is not kept


def test_the_table_is_complete() -> None:
    assert [row[:3] for row in KEPT] == [*product(reversed(STRICTEST_FIRST), (True, False), (True, False))]


COUNTRY = """default:
  reviewed_on: 2026-01-01
  windows: {{monday-friday: 09:00-19:00, source: ours}}
{}"""


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("", "announced"),
        ("  recording: {rule: allowed, source: ours}", "allowed"),
        ("  recording: {rule: announced, source: ours}", "announced"),
        ("  recording: {rule: never, source: ours}", "never"),
    ],
)
def test_a_country_that_says_nothing_wants_it_announced(written: str, rule: str) -> None:
    assert policy_from_text(COUNTRY.format(written)).rules("FR").recording == rule


def test_a_region_a_purpose_and_a_campaign_can_only_forbid_more() -> None:
    text = COUNTRY.format(
        """  recording: {rule: allowed, source: ours}
  regions: {CA: {recording: {rule: announced, source: theirs}}}
  purposes: {debt: {recording: {rule: never, source: theirs}}}"""
    )
    policy = policy_from_text(text)
    extra = Layer(recording=RecordingRule(rule="allowed", source="the campaign"))
    assert policy.rules("US", extra=extra).recording == "allowed"
    assert policy.rules("US", "CA", extra=extra).recording == "announced"
    assert policy.rules("US", "CA", "debt", extra).recording == "never"


@given(st.lists(st.sampled_from(STRICTEST_FIRST), max_size=4))
def test_the_strictest_layer_wins_in_any_order(rules: list[Recording]) -> None:
    layers = [Layer(recording=RecordingRule(rule=rule, source="test")) for rule in rules]
    policy = policy_from_text(COUNTRY.format("  recording: {rule: allowed, source: ours}"))
    found = policy.rules("FR")
    for layer in layers:
        found = found.under(layer)
    assert found.recording == min([*rules, "allowed"], key=STRICTEST_FIRST.index)


@pytest.mark.parametrize("written", ["{rule: sometimes, source: ours}", "{rule: never}", "never"])
def test_a_faulty_rule_is_told_by_its_line(written: str) -> None:
    with pytest.raises(PolicyError, match=r"policy:4: default\.recording"):
        policy_from_text(COUNTRY.format(f"  recording: {written}"))
