from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.leads.moves import (
    CLOSING_OUTCOMES,
    GRADE_MOVES,
    STAGE_MOVES,
    STAGE_OF_GRADE,
    STATUS_MOVES,
    IllegalMoveError,
    check_move,
    grade_after,
    stage_after,
)
from voicebot.leads.outcomes import OUTCOMES, Outcome
from voicebot.leads.tables import ENROLMENT_STATUSES, GRADES, STAGES, Grade, Stage

TABLES: list[tuple[Mapping[Any, tuple[Any, ...]], tuple[Any, ...]]] = [
    (STAGE_MOVES, STAGES),
    (GRADE_MOVES, GRADES),
    (STATUS_MOVES, ENROLMENT_STATUSES),
]


@pytest.mark.parametrize(("table", "all_of_them"), TABLES)
def test_tables_are_complete_and_name_nothing_else(
    table: Mapping[str, tuple[str, ...]], all_of_them: tuple[str, ...]
) -> None:
    assert tuple(table) == all_of_them
    assert all(set(ways) <= set(all_of_them) - {here} for here, ways in table.items())


@pytest.mark.parametrize(("table", "all_of_them"), TABLES)
def test_every_move_is_allowed_or_names_itself(
    table: Mapping[str, tuple[str, ...]], all_of_them: tuple[str, ...]
) -> None:
    for old in all_of_them:
        for new in all_of_them:
            if new == old or new in table[old]:
                check_move("lead 7", table, old, new)
            else:
                with pytest.raises(IllegalMoveError, match=f'lead 7: it cannot go from "{old}" to "{new}"'):
                    check_move("lead 7", table, old, new)


def test_what_an_illegal_move_says() -> None:
    with pytest.raises(IllegalMoveError) as caught:
        check_move("enrolment 5", STATUS_MOVES, "done", "due")
    assert str(caught.value) == 'enrolment 5: it cannot go from "done" to "due". Nothing leads away from there.'
    with pytest.raises(IllegalMoveError, match='From there it may go to "due" or "done"'):
        check_move("enrolment 5", STATUS_MOVES, "review", "paused")


def test_done_can_be_reached_from_everywhere_and_is_never_left() -> None:
    assert all("done" in ways for status, ways in STATUS_MOVES.items() if status != "done")
    assert STATUS_MOVES["done"] == ()


@given(st.sampled_from(STAGES), st.sampled_from(OUTCOMES), st.none() | st.sampled_from(GRADES))
def test_a_call_moves_a_stage_only_as_the_table_allows(stage: Stage, outcome: Outcome, grade: Grade | None) -> None:
    after = stage_after(stage, outcome, grade)
    assert after == stage or after in STAGE_MOVES[stage]
    if outcome in CLOSING_OUTCOMES or stage == "closed":
        assert after == "closed"


@given(st.none() | st.sampled_from(GRADES), st.none() | st.sampled_from(GRADES))
def test_a_grade_follows_the_last_contact_unless_it_was_never(old: Grade | None, shown: Grade | None) -> None:
    assert grade_after(old, shown) == ("never" if old == "never" else shown or old)


@pytest.mark.parametrize("grade", GRADES)
def test_a_grade_newly_shown_takes_the_lead_along(grade: Grade) -> None:
    assert stage_after("screening", "screened", grade) == STAGE_OF_GRADE[grade]
    assert stage_after("screening", "transferred", "interested") == "closing"
