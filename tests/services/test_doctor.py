"""The doctor, against the simulator and our own server over real HTTP: all well, and each fault with its remedy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from app import create_app
from voicebot.phone.client import PhoneClient
from voicebot.services import suppression, vitals
from voicebot.services.doctor import Check, examine
from voicebot.services.suppression import OptingOut
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings, secret_file
from voicebot.simulator.server import Simulator, SimulatorOptions
from voicebot.store import recordings
from voicebot.store.database import Database
from voicebot.store.recordings import Recorded

NUMBER = "+15005550006"
AT = "2026-03-02T15:00:00.000Z"


def silent(_line: str) -> None:
    """Nobody reads what the simulator tells."""


@dataclass
class Site:
    """A running installation with its simulator."""

    settings: Settings
    board: Switchboard
    simulator: Simulator

    def look(self, **changed: object) -> dict[str, Check]:
        """What the doctor finds, the last check of each name, with some settings changed."""
        settings = replace(self.settings, **changed)  # type: ignore[arg-type]
        centre = replace(self.board.centre, settings=settings)
        return {one.name: one for one in examine(centre, PhoneClient(settings), lambda: datetime.now(UTC))}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Simulator(SimulatorOptions(port=0), silent) as simulator:
        database = tmp_path / "x.db"
        agents = tmp_path / "agents.yaml"
        agents.write_text('agents: [{name: Dana, number: "+12025550171", queues: [sales]}]', encoding="utf-8")
        settings = Settings(
            database=str(database), api_url=simulator.url, secret="s" * 40, agents_file=agents, caller_ids=(NUMBER,)
        )
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        settings = replace(settings, base_url=f"http://127.0.0.1:{server.port}")
        app = create_app(settings, db=Database(database, durable=False))
        server.app = app
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        simulator.world.own(NUMBER, f"{settings.base_url}/voice/inbound")
        yield Site(settings, app.extensions["voicebot"], simulator)
        server.shutdown()
        thread.join()
        server.server_close()


def test_all_is_well(site: Site) -> None:
    found = site.look()
    assert {one.name for one in found.values() if one.state != "ok"} == set()
    assert set(found) == {"database", "secret", "opt-outs", "disk", "recordings", "flows", "hearing", "agents",
                          "credentials", "caller ids", "clock", "public address", "signature"}  # fmt: skip


def test_wrong_credentials(site: Site) -> None:
    found = site.look(auth_token="wrong")
    assert found["credentials"].state == "fault"
    assert "VOICEBOT_AUTH_TOKEN" in found["credentials"].remedy
    assert found["signature"].state == "fault"
    assert "403" in found["signature"].found


def test_a_provider_that_does_not_answer(site: Site) -> None:
    found = site.look(api_url="http://127.0.0.1:9")
    assert found["credentials"].state == "fault"
    assert found["clock"].state == "warning"


def test_a_public_address_that_leads_nowhere(site: Site) -> None:
    found = site.look(base_url="http://127.0.0.1:9")
    assert found["public address"].state == "warning"
    assert found["signature"].state == "warning"
    assert "asks http://127.0.0.1" in found["caller ids"].found


def test_a_number_that_is_not_ours(site: Site) -> None:
    found = site.look(caller_ids=("+12025550199",))
    assert found["caller ids"].found == "+12025550199 is not a number of this account"


def test_a_number_whose_messages_go_elsewhere(site: Site) -> None:
    voice = f"{site.settings.base_url}/voice/inbound"
    site.simulator.world.own(NUMBER, voice, "https://demo.example/reply")
    found = site.look()["caller ids"]
    assert (found.state, "/voice/message" in found.remedy) == ("warning", True)
    site.simulator.world.own(NUMBER, voice, f"{site.settings.base_url}/voice/message")
    assert site.look()["caller ids"].state == "ok"


def test_an_opt_out_that_waits(site: Site) -> None:
    suppression.spool_opt_out(site.board.centre.db, OptingOut("h", "key", "2026-03-02T15:00:00.000Z", "*"))
    assert site.look()["opt-outs"].state == "fault"


def test_flows_with_faults(site: Site, tmp_path: Path) -> None:
    (tmp_path / "opt_out.yaml").write_text("spec: 1\n", encoding="utf-8")
    found = site.look(flows_dir=tmp_path)
    assert found["flows"].state == "fault"
    assert "opt_out.yaml" in found["flows"].found


def test_a_secret_that_others_can_read(site: Site) -> None:
    file = secret_file(Path(site.settings.database))
    file.write_text("s" * 64, encoding="ascii")
    file.chmod(0o644)
    assert site.look()["secret"].remedy == f"chmod 600 {file}"


def test_a_clock_that_is_off(site: Site) -> None:
    centre = site.board.centre
    late = examine(centre, PhoneClient(site.settings), lambda: datetime.now(UTC) + timedelta(minutes=2))
    clock = next(one for one in late if one.name == "clock")
    assert clock.state == "fault"


def test_a_full_disk_and_no_agents(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.services.doctor.LEAST_DISK", vitals.LEAST_DISK * 10**9)
    assert site.look()["disk"].remedy == "Free some space."
    bare = replace(site.board.centre, roster=type(site.board.centre.roster)())
    agents = next(
        one for one in examine(bare, PhoneClient(site.settings), lambda: datetime.now(UTC)) if one.name == "agents"
    )
    assert agents.state == "warning"


def test_kept_sound_is_counted_and_guarded(site: Site) -> None:
    assert site.look()["recordings"].found == "no sound is kept"
    db = site.board.centre.db
    recordings.write(db.path, "7-1-2.wav", b"RIFF" * 500_000, AT)
    with db.transaction():
        db.execute("INSERT INTO calls (id, direction) VALUES ('7-1', 'outbound')")
        recordings.insert(db, Recorded("7-1", None, "answer", 2, 125, 2_000_000, AT))
    assert "from before there are 1 in" in site.look()["recordings"].found
    assert site.look(keep_recordings=True)["recordings"].found.endswith("x.db.recordings, 2.0 MB")
    recordings.folder(db.path).chmod(0o755)
    opened = site.look()["recordings"]
    assert (opened.state, opened.remedy) == ("fault", f"chmod 700 {recordings.folder(db.path)}")


def test_the_mock_hears_for_every_language(site: Site) -> None:
    found = site.look(hearing="stream", recognizer="mock")["hearing"]
    assert found.state == "ok"
    assert found.found.startswith("en-US, ")
    assert "mock on built-in, with grammars" in found.found


def test_a_model_that_is_not_there_is_a_fault_with_its_place(site: Site, tmp_path: Path) -> None:
    found = site.look(hearing="stream", speech_models=(("en-US", tmp_path / "none"),))["hearing"]
    assert found.state == "fault"
    assert found.found == f"en-US: {tmp_path / 'none'}: there is no such folder"
    assert "docs/speech-models.md" in found.remedy


def test_a_model_for_a_language_that_no_call_has_is_a_fault(site: Site, tmp_path: Path) -> None:
    found = site.look(hearing="stream", speech_models=(("en", tmp_path),))["hearing"]
    assert found.state == "fault"
    assert '"en"' in found.found
    assert "en-US" in found.remedy


def test_to_listen_without_a_model_is_a_fault(site: Site) -> None:
    assert site.look(hearing="stream")["hearing"].state == "fault"
    assert site.look()["hearing"].found == "the provider recognizes all speech"


def test_without_a_simulator_the_doctor_says_to_start_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = "http://127.0.0.1:9"
    monkeypatch.setattr("voicebot.services.doctor.SIMULATOR_URL", nobody)
    assert site.look(api_url=nobody)["credentials"].remedy.startswith("Start `voicebot simulator`")
