from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.leads.cadence import (
    BY_GRADE,
    BY_OUTCOME,
    DAY,
    HOUR,
    MINUTE,
    MOST_DIALS,
    TERMINAL,
    Again,
    End,
    Past,
    Retry,
    next_call,
)
from voicebot.leads.outcomes import OUTCOMES, REACHED, Outcome
from voicebot.leads.tables import GRADES, Grade
from voicebot.timestamps import plus, seconds_between

NOW = "2026-03-02T15:00:00.000Z"
FIRST = Past(dials=1, contacts=1, failures=1)


def delay(outcome: Outcome, grade: Grade | None = None, past: Past = FIRST) -> float | str:
    """Seconds to the next call, or why there is none."""
    match next_call(outcome, grade, past, NOW):
        case Again(at, _):
            return seconds_between(NOW, at)
        case End(why):
            return why


@pytest.mark.parametrize(
    ("outcome", "grade", "expected"),
    [
        ("screened", "interested", 2 * DAY),
        ("screened", "considering", 3.5 * DAY),
        ("screened", "not_now", 18 * DAY),
        ("screened", "never", "never"),
        ("screened", "ready", DAY),
        ("screened", None, "screened"),
        ("refused", "never", "never"),
        ("refused", None, "refused"),
        ("completed", "interested", "completed"),
        ("transferred", "ready", "with an agent"),
        ("transfer_failed", "ready", HOUR),
        ("opted_out", None, "opted_out"),
        ("wrong_number", None, "wrong_number"),
        ("busy", None, 15 * MINUTE),
        ("busy", "interested", 15 * MINUTE),
        ("no_answer", None, 3 * HOUR),
        ("third_party", "interested", DAY),
    ],
)
def test_what_follows_a_first_call(outcome: Outcome, grade: Grade | None, expected: float | str) -> None:
    assert delay(outcome, grade) == expected


@pytest.mark.parametrize(
    ("grade", "fewest", "most"), [("interested", 3, 5), ("considering", 4, 7), ("not_now", 1, 4), ("never", 1, 1)]
)
def test_how_many_contacts_a_grade_allows(grade: Grade, fewest: int, most: int) -> None:
    contacts = 1
    while isinstance(next_call("screened", grade, Past(contacts, contacts, 0), NOW), Again):
        contacts += 1
    assert fewest <= contacts <= most


def test_every_outcome_has_a_rule_and_terminal_ones_have_no_second() -> None:
    assert set(TERMINAL) | set(BY_OUTCOME) == set(OUTCOMES)
    assert not set(TERMINAL) & set(BY_OUTCOME)
    assert tuple(BY_GRADE) == GRADES


def test_no_answer_is_tried_in_other_parts_of_the_day() -> None:
    at, hours = NOW, []
    for seconds in BY_OUTCOME["no_answer"].after:
        at = plus(at, seconds)
        hours.append(int(at[11:13]))
    assert all(abs(one - other) >= 2 for one, other in zip([15, *hours], hours, strict=False))


def test_the_persons_wish_and_the_flows_word_outweigh_the_tables() -> None:
    wish = plus(NOW, 5 * DAY)
    retries: dict[Outcome, Retry] = {"busy": Retry(HOUR, 1), "screened": Retry(DAY, 0)}
    assert next_call("busy", None, FIRST, NOW, callback_at=wish, retries=retries) == Again(wish, "as the person wished")
    assert next_call("busy", None, FIRST, NOW, retries=retries) == Again(plus(NOW, HOUR), "busy")
    assert next_call("busy", None, Past(2, 0, 2), NOW, retries=retries) == End("busy: all tries used up")
    assert next_call("screened", "interested", FIRST, NOW, retries=retries) == End("screened")


def test_a_wish_for_a_moment_gone_by_is_met_soon() -> None:
    assert next_call("callback", None, FIRST, NOW, callback_at=plus(NOW, -60)) == Again(
        plus(NOW, 300), "as the person wished"
    )


PASTS = st.builds(Past, st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))
RETRIES = st.dictionaries(st.sampled_from(OUTCOMES), st.builds(Retry, st.integers(60, 9 * DAY), st.integers(0, 10)))


@given(st.sampled_from(OUTCOMES), st.none() | st.sampled_from(GRADES), PASTS, RETRIES, st.booleans())
def test_laws(outcome: Outcome, grade: Grade | None, past: Past, retries: dict[Outcome, Retry], wish: bool) -> None:
    """What is final is final whatever else is said; a next call is never in the past, and there are only so many."""
    found = next_call(outcome, grade, past, NOW, callback_at=plus(NOW, DAY) if wish else "", retries=retries)
    if outcome in TERMINAL or grade == "never" or past.dials >= MOST_DIALS:
        assert isinstance(found, End)
    if isinstance(found, Again):
        assert found.at > NOW
        assert found.why


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.none() | st.sampled_from(GRADES)), min_size=40, max_size=40))
def test_no_sequence_of_outcomes_goes_on_for_ever(calls: list[tuple[Outcome, Grade | None]]) -> None:
    contacts = failures = 0
    for dials, (outcome, grade) in enumerate(calls, start=1):
        reached = outcome in REACHED
        contacts, failures = contacts + reached, 0 if reached else failures + 1
        if isinstance(next_call(outcome, grade, Past(dials, contacts, failures), NOW), End):
            assert dials <= MOST_DIALS
            return
    raise AssertionError("forty calls and no end")
