from __future__ import annotations

import pytest

from voicebot.leads.priority import HORIZON_DAYS, PRIORITIES, PRIORITY, Fit, FitLevel, fit_of, priority_of
from voicebot.leads.tables import GRADES


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({"need": "yes", "authority": "yes", "means": True}, "full"),
        ({}, "part"),
        ({"need": "yes", "means": "no"}, "part"),
        ({"authority": " No ", "means": False}, "poor"),
        ({"need": False, "authority": True, "means": True}, "poor"),
        ({"need": "perhaps", "authority": 1}, "part"),
    ],
)
def test_fit_is_read_from_what_was_collected(values: dict[str, object], level: FitLevel) -> None:
    assert fit_of(values).level == level


def test_priority_falls_with_willingness_and_with_fit() -> None:
    assert tuple(PRIORITY) == GRADES
    for levels in PRIORITY.values():
        assert list(levels) == ["full", "part", "poor"]
        assert list(levels.values()) == sorted(levels.values())
    for level in ("full", "part", "poor"):
        column = [PRIORITY[grade][level] for grade in GRADES]
        assert column == sorted(column)


def test_nobody_graded_has_no_priority_and_every_priority_a_horizon() -> None:
    assert priority_of(None, Fit()) is None
    assert priority_of("ready", Fit(True, True, True)) == "A"
    assert tuple(HORIZON_DAYS) == PRIORITIES
