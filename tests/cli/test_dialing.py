"""The verbs that run, as far as they end by themselves: dial; ports and files of serve and simulator."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.cli.rig import FLOW, Cli
from tests.cli.test_lists import GOOD
from voicebot.cli.dialing import progress_line
from voicebot.services.campaigns import Progress

ANY_HOUR = "voicebot/demo/any_hour.yaml"


@pytest.fixture
def spring(cli: Cli) -> Cli:
    """A centre with one lead on the list `spring`."""
    cli.out("import", cli.list_file(GOOD), "--list", "spring")
    return cli.with_settings(policy_file=ANY_HOUR)


def test_campaign_is_started_gone_on_with_and_paused(spring: Cli) -> None:
    begun = spring.out("dial", FLOW, "--list", "spring", "--no-wait").splitlines()
    assert begun[:2] == ["1 lead enrolled.", "prescreen-spring is running."]
    assert begun[2] == "running: due 1; next call now"
    again = spring.out("dial", FLOW, "--list", "spring", "--no-wait")
    assert "0 leads enrolled, 1 had been already." in again
    assert "is paused. Calls under way go on." in spring.out("dial", FLOW, "--list", "spring", "--pause")
    assert "prescreen-spring is running." in spring.out("dial", FLOW, "--list", "spring", "--no-wait")


def test_campaign_has_the_name_it_is_given(spring: Cli) -> None:
    assert "trial is running." in spring.out("dial", FLOW, "--list", "spring", "--campaign", "trial", "--no-wait")


def test_suppressed_leads_are_left_out(spring: Cli) -> None:
    spring.out("suppress", "+12025550151", "--why", "by letter")
    told = spring.out("dial", FLOW, "--list", "spring")
    assert "  1 left out: suppressed" in told
    assert "Nothing more to dial." in told


def test_finished_campaign_is_not_watched_for_ever(town: Cli) -> None:
    town.out("suppress", "+12025550153", "--why", "by letter")
    town.out("suppress", "+12025550154", "--why", "by letter")
    told = town.out("dial", FLOW, "--list", "spring")
    assert "running: done 6" in told
    assert told.splitlines()[-1].startswith("Nothing more to dial.")


def test_mistakes_change_nothing(spring: Cli) -> None:
    assert 'no such list. Did you mean "spring"?' in spring.complaint("dial", FLOW, "--list", "sprng")
    assert "flows/nowhere.yaml" in spring.complaint("dial", "flows/nowhere.yaml", "--list", "spring")
    assert "of type inbound" in spring.complaint("dial", "flows/opt_out.yaml", "--list", "spring")
    told = spring.complaint("dial", FLOW, "--list", "sprng", "--pause")
    assert told == "voicebot: campaign prescreen-sprng: there is no such campaign."


@pytest.mark.parametrize("share", ["0", "2", "some"])
def test_trial_is_a_share(spring: Cli, share: str) -> None:
    result = spring.run("dial", FLOW, "--list", "spring", "--trial", share)
    assert result.exit_code == 2
    assert "Invalid value for '--trial'" in result.stderr


# --- ports and files --------------------------------------------------------------------------------------------------


@pytest.fixture
def taken() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield str(listening.getsockname()[1])


def test_port_that_is_taken(cli: Cli, taken: str) -> None:
    told = cli.complaint("serve", "--port", taken, code=3)
    assert f"127.0.0.1:{taken}: cannot listen there: Address already in use. Choose another --port." in told
    told = cli.complaint("simulator", "--port", taken, code=3)
    assert told.endswith("address already in use. Stop the other program or choose --port.")


def test_callees_that_cannot_be_used(cli: Cli) -> None:
    assert "nowhere.yaml: the callees' file cannot be read" in cli.complaint("simulator", "--callees", "nowhere.yaml")
    faulty = cli.folder / "callees.yaml"
    faulty.write_text("numbers:\n  '+12025550151': {rigns: 2}\n", encoding="utf-8")
    assert f"{faulty}:2" in cli.complaint("simulator", "--callees", faulty)


@pytest.mark.parametrize(
    ("faults", "told"), [("often", "is no number"), ("2", "no probability"), ("lost=1", "no kind")]
)
def test_faults_that_do_not_exist(cli: Cli, faults: str, told: str) -> None:
    assert told in cli.complaint("simulator", "--faults", faults)


def test_agents_that_cannot_be_used(cli: Cli) -> None:
    agents = cli.folder / "agents.yaml"
    agents.write_text("agents:\n  - {name: Dana, number: '12'}\n", encoding="utf-8")
    assert str(agents) in cli.with_settings(agents_file=str(agents)).complaint("calls")


def test_demo_spares_a_folder_of_somebody_else(cli: Cli) -> None:
    kept = cli.folder / "thesis.txt"
    kept.write_text("months of work", encoding="utf-8")
    assert "this folder holds something else. Name another --folder." in cli.complaint("demo", "--folder", cli.folder)
    assert "there is no prescreen.yaml here." in cli.complaint("demo", "--folder", cli.folder, "--flows", "nowhere")
    assert kept.read_text(encoding="utf-8") == "months of work"


def test_next_call_is_told_by_its_moment() -> None:
    at = "2026-03-02T15:00:00.000Z"
    due = Progress("running", {"in_call": 1, "due": 2}, {}, at)
    assert progress_line(due, at) == "running: due 2, in call 1; next call now"
    assert progress_line(due, "2026-03-02T14:00:00.000Z").endswith("; next call 2026-03-02 15:00 UTC")
    assert progress_line(Progress("finished", {}, {}, ""), at) == "finished: nobody enrolled"


def test_watcher_asks_for_the_server_when_nobody_dials(spring: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 10_000, 7))
    monkeypatch.setattr("voicebot.cli.dialing.time.monotonic", lambda: float(next(seconds)))
    looks = iter([None, None, None, None, None])

    def sleep(_seconds: float) -> None:
        if next(looks, "over") == "over":
            raise KeyboardInterrupt

    monkeypatch.setattr("voicebot.cli.dialing.time.sleep", sleep)
    told = spring.out("dial", FLOW, "--list", "spring")
    assert told.count("is `voicebot serve` running on this database?") == 1


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"policy_file": "nowhere.yaml"}, "nowhere.yaml: the policy cannot be read"),
        ({"agents_file": "flows/prescreen.yaml"}, "flows/prescreen.yaml"),
        ({"flows_dir": "nowhere"}, "nowhere/opt_out.yaml: the file cannot be read"),
        ({"inbound_flow": "opt_uot"}, "flows/opt_uot.yaml: the file cannot be read"),
    ],
)
def test_server_says_before_it_starts_what_it_cannot_use(cli: Cli, settings: dict[str, str], where: str) -> None:
    result = cli.with_settings(**settings).run("serve", "--port", "1")
    assert result.exit_code in (2, 3), result.output
    assert where in result.stderr
    assert "Traceback" not in result.stderr
