"""The two tables: what holds for every path through them."""

from __future__ import annotations

from typing import get_args

import pytest

from voicebot.agents import leg, transfer


@pytest.mark.parametrize("rules", [leg, transfer])
def test_every_status_has_a_row_and_leads_to_statuses(rules: object) -> None:
    moves = rules.MOVES  # type: ignore[attr-defined]
    assert {to for row in moves.values() for to in row.values()} <= set(moves)


def test_an_ended_leg_never_moves_and_every_other_can_end() -> None:
    assert set(leg.MOVES) == set(leg.LEG_STATUSES)
    assert [status for status in leg.LEG_STATUSES if "gone" not in leg.MOVES[status]] == ["ended"]
    assert leg.MOVES["ended"] == {}


def test_only_an_agent_who_listens_can_accept() -> None:
    assert [status for status in leg.LEG_STATUSES if leg.moved(status, "accept")] == ["whispering"]


def test_a_leg_that_was_called_off_is_never_joined() -> None:
    assert leg.MOVES["called_off"] == {"gone": "ended"}


def test_every_end_of_a_line_has_a_result() -> None:
    assert set(leg.RESULT_OF_END) == set(get_args(leg.LineEnd))


def test_a_transfer_is_accepted_once() -> None:
    assert set(transfer.MOVES) == set(transfer.TRANSFER_STATUSES)
    assert [status for status in transfer.TRANSFER_STATUSES if transfer.moved(status, "accept")] == ["ringing"]
    assert all(transfer.MOVES[status] == {} for status in ("ended", "failed", "canceled"))
