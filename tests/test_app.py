"""The place where the parts are joined: what it needs, and what it answers beside the telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

import app as joined
from app import create_app, load_roster
from voicebot import __version__
from voicebot.errors import OutsideError, VoicebotError
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings

DANA = 'agents: [{name: Dana, number: "+12025550171", queues: [sales]}]'


def settings(folder: Path, **changes: object) -> Settings:
    values = {"database": str(folder / "voicebot.db"), "agents_file": folder / "agents.yaml", "secret": "s" * 40}
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


def test_health_is_told_to_monitors(tmp_path: Path) -> None:
    client = create_app(settings(tmp_path)).test_client()
    answer = client.get("/health")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok", "version": __version__})


def test_database_that_fails_is_told_to_monitors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    application = create_app(settings(tmp_path))
    board: Switchboard = application.extensions["voicebot"]

    def fail(*_: object) -> None:
        raise OutsideError("voicebot.db", "the database cannot be read.", "Check the disk.")

    monkeypatch.setattr(board.centre.db, "value", fail)
    answer = application.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.get_json()["problem"] == "voicebot.db: the database cannot be read. Check the disk."


def test_nothing_is_served_without_a_signature(tmp_path: Path) -> None:
    client = create_app(settings(tmp_path)).test_client()
    assert client.post("/voice/inbound").status_code == 403
    assert client.get("/").status_code == 404
    assert client.get("/static/style.css").status_code == 404


def test_agents_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "agents.yaml").write_text(DANA, encoding="utf-8")
    board: Switchboard = create_app(settings(tmp_path)).extensions["voicebot"]
    assert [agent.name for agent in board.centre.roster.agents] == ["Dana"]


def test_centre_may_have_no_agents(tmp_path: Path) -> None:
    assert load_roster(tmp_path / "agents.yaml").agents == ()


def test_agents_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "agents.yaml"
    path.write_bytes("agents: [{name: Zoë}]".encode("latin-1"))
    with pytest.raises(VoicebotError, match=r"not UTF-8 text\. Save it as UTF-8"):
        load_roster(path)
    with pytest.raises(OutsideError, match="the agents cannot be read"):
        load_roster(tmp_path)


def test_policy_that_is_missing_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="the policy cannot be read"):
        create_app(settings(tmp_path, policy_file=tmp_path / "nowhere.yaml"))


def test_server_reads_the_settings_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_DATABASE", str(tmp_path / "voicebot.db"))
    monkeypatch.setenv("VOICEBOT_CALLER_IDS", "+12025550199")
    board: Switchboard = joined.wsgi().extensions["voicebot"]
    assert board.centre.settings.caller_ids == ("+12025550199",)
    assert (tmp_path / "voicebot.db").exists()
