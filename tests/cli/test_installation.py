"""Settings and databases that cannot be used: each a sentence, whatever the verb."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.rig import Cli


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"port": "abc"}, "VOICEBOT_PORT: port: 'abc' is not a whole number from 1 to 65535."),
        ({"databse": "x.db"}, 'VOICEBOT_DATABSE: no setting has that name. Did you mean "VOICEBOT_DATABASE"?'),
        ({"opt_out_key": "1x"}, "VOICEBOT_OPT_OUT_KEY"),
        ({"base_url": "bot.example.com"}, "VOICEBOT_BASE_URL"),
        ({"secret": "short"}, "the secret is shorter than"),
        ({"api_url": "https://api.twilio.com"}, "calls would go to api.twilio.com, but base_url is not set."),
    ],
)
def test_setting_that_cannot_be_used(cli: Cli, settings: dict[str, str], problem: str) -> None:
    assert problem in cli.with_settings(**settings).complaint("calls")


def test_folder_that_is_not_there(cli: Cli) -> None:
    gone = cli.with_settings(database=str(cli.folder / "gone" / "voicebot.db"))
    assert "No such file or directory" in gone.complaint("calls", code=3)


def test_policy_that_is_not_there(cli: Cli) -> None:
    assert "the policy cannot be read" in cli.with_settings(policy_file="nowhere.yaml").complaint("leads", code=3)


def test_file_that_is_no_database(cli: Cli) -> None:
    other = cli.with_settings(secret="s" * 40)
    other.database.write_text("a thesis, and no database\n" * 100, encoding="utf-8")
    assert f"{other.database}: the database is not a database." in other.complaint("calls", code=3)


def test_database_without_its_secret(town: Cli) -> None:
    Path(f"{town.database}.secret").unlink()
    assert "is missing. Restore" in town.complaint("calls")


def test_database_of_a_newer_voicebot(town: Cli) -> None:
    with closing(sqlite3.connect(town.database)) as db, db:
        table = next(name for (name,) in db.execute("SELECT name FROM sqlite_master") if "migrations" in name)
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        row = dict(zip(columns, db.execute(f"SELECT * FROM {table}").fetchone(), strict=True))  # noqa: S608
        row["name"] = "m999_from_the_future"
        row.pop("id", None)
        marks = ", ".join("?" for _ in row)
        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
    assert "a newer voicebot made this database (m999_from_the_future). Update voicebot" in town.complaint("calls")


def test_locked_database(town: Cli) -> None:
    with closing(sqlite3.connect(town.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = town.complaint("suppress", "+12025550153", "--why", "by letter", code=3)
    assert "is locked by another process. Wait until it has finished" in told
