"""Installations for the tests of the verbs: an empty one, and one where a town was rung for two days."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.rig import FLOW, Cli
from voicebot.demo.town import Plan, Round, Town

HERE = Path(__file__).parent


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """An installation where nothing has happened."""
    return Cli(tmp_path)


@pytest.fixture(scope="session")
def rung(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a centre that rang the people of `town/`, as they stand there, for two days."""
    folder = tmp_path_factory.mktemp("town")
    one = Round("prescreen", "spring", HERE / "town" / "leads.csv")
    town = Town(Plan(folder, Path(FLOW).parent, days=2, rounds=(one,), callees=HERE / "town" / "callees.yaml"))
    town.load(one)
    town.enrol(one)
    town.start()
    town.live(lambda _: None)
    town.close()
    return folder


@pytest.fixture
def town(rung: Path, tmp_path: Path) -> Cli:
    """A copy of that centre, for one test."""
    folder = tmp_path / "town"
    shutil.copytree(rung, folder)
    return Cli(folder, {"allowed_countries": "US,GB,CN"})
