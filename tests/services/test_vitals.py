"""Readiness and metrics, as a monitor sees them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from voicebot.services import suppression, vitals
from voicebot.services.suppression import OptingOut
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings
from voicebot.store.database import Database

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    settings = Settings(database=str(tmp_path / "x.db"), secret="s" * 40, agents_file=tmp_path / "none.yaml")
    app = create_app(settings, clock=lambda: NOW, db=Database(settings.database, durable=False))
    return app.test_client()


def board_of(client: FlaskClient) -> Switchboard:
    board = client.application.extensions["voicebot"]
    assert isinstance(board, Switchboard)
    return board


def test_a_new_installation_is_ready(client: FlaskClient) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["ready"] is True
    assert answer.json["loop"]["detail"] == "no loop runs in this process"


def test_an_opt_out_beside_the_database_is_told(client: FlaskClient) -> None:
    suppression.spool_opt_out(board_of(client).centre.db, OptingOut("h", "key", "2026-03-02T15:00:00.000Z", "*"))
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["spool"] == {
        "holds": False,
        "detail": "opt-outs wait beside the database to be recorded",
        "stops": "dialing",
    }


@pytest.mark.parametrize(("minutes", "holds"), [(1, True), (4, False)])
def test_a_loop_that_stands_still_is_told(client: FlaskClient, minutes: int, holds: bool) -> None:
    pulse = vitals.Pulse(NOW - timedelta(minutes=minutes))
    seen = {one.name: one for one in vitals.vitals_of(board_of(client).centre, pulse, NOW)}
    assert seen["loop"].holds is holds


def test_a_full_disk_is_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitals, "LEAST_DISK", 10**18)
    answer = client.get("/ready")
    assert answer.json is not None
    assert answer.json["disk"]["holds"] is False


def test_metrics_count_the_database_and_the_webhooks(client: FlaskClient) -> None:
    db = board_of(client).centre.db
    with db.transaction():
        db.execute("INSERT INTO suppressions (number_hash, source, created_at) VALUES ('h', 'key', :at)", at="x")
    refused = client.post("/voice/inbound", data={"CallSid": "CA1"})
    assert refused.status_code == 403
    text = client.get("/metrics").get_data(as_text=True)
    assert 'voicebot_suppressions{source="key"} 1.0' in text
    assert 'voicebot_webhooks_refused_total{why="signature"}' in text
    assert 'voicebot_webhook_seconds_count{kind="inbound"}' in text


def test_a_database_that_fails_is_told(client: FlaskClient, tmp_path: Path) -> None:
    board = board_of(client)
    other = Database(tmp_path / "x.db", durable=False)
    quick = replace(board.centre, db=Database(tmp_path / "x.db", durable=False, busy_seconds=0.05))
    with other.transaction():
        seen = {one.name: one for one in vitals.vitals_of(quick, vitals.Pulse(), NOW)}
    assert not seen["database"].holds
    assert "locked" in seen["database"].detail


def test_every_metric_is_in_the_document(client: FlaskClient) -> None:
    document = Path("docs/monitoring.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+)(?:\{\w+\})?`", document))
    families = [line.split()[2] for line in client.get("/metrics").text.splitlines() if line.startswith("# HELP")]
    assert [name for name in families if name not in told and not name.endswith("_created")] == []
