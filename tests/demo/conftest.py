"""Two days in a small town: a tenth of the demo's messy list, against the demo's callees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voicebot.demo.town import SCREENING, Plan, Round, Town

FLOWS = Path("flows")
EVERY = 10
"""Every tenth row of the list: both languages, and some of the mess, are among them."""

MakeTown = Callable[[int], Town]


@pytest.fixture(scope="module")
def make_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeTown]:
    """Makes towns that have lived through their days, by their seed."""
    towns: list[Town] = []

    def make(seed: int) -> Town:
        folder = tmp_path_factory.mktemp("town")
        heading, *rows = SCREENING.file.read_text(encoding="utf-8-sig").splitlines()
        leads = folder / "few.csv"
        leads.write_text("\n".join([heading, *rows[::EVERY]]), encoding="utf-8")
        few = Round(SCREENING.flow, SCREENING.list_name, leads)
        towns.append(Town(Plan(folder, FLOWS, seed=seed, days=2, rounds=(few,))))
        _live(towns[-1])
        return towns[-1]

    yield make
    for town in towns:
        town.close()


def _live(town: Town) -> None:
    town.remember_january()
    for one in town.plan.rounds:
        town.load(one)
        town.enrol(one)
    town.start()
    town.live(lambda _: None)


@pytest.fixture(scope="module")
def town(make_town: MakeTown) -> Town:
    """The town of seed 7."""
    return make_town(7)
