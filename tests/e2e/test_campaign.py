"""A small campaign in real time over real HTTP: simulator, web, loop and command line, each a process of its own."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.e2e.rig import FLOWS, TOWN, Site, eventually
from voicebot.services.reports import invariants
from voicebot.settings import SIMULATOR_ACCOUNT, SIMULATOR_NUMBER, SIMULATOR_TOKEN
from voicebot.store.database import Database

pytestmark = pytest.mark.slow

OUTCOMES = {
    "Ann Able": "opted_out",
    "Ben Best": "transferred",
    "Cid Cole": "busy",
    "Dee Dunn": "voicemail",
    "Eve Eliot": "refused",
    "王芳": "opted_out",
    "+12025550160": "opted_out",
}
"""What the callees of town/callees.yaml bring about; the last of them rings us."""

LEADS = 6
DANA = "+12025550171"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.close()


def dial(site: Site, *options: str) -> str:
    shutil.copy(TOWN / "leads.csv", site.folder)  # its rejects are written beside it
    site.run("import", "leads.csv", "--list", "spring")
    return site.run("dial", str(FLOWS / "prescreen.yaml"), "--list", "spring", *options)


def breaches(site: Site) -> list[str]:
    db = Database(site.database)
    try:
        return [breach.rule for breach in invariants(db)]
    finally:
        db.close()


def test_campaign_goes_as_the_callees_will(site: Site) -> None:
    site.simulate()
    site.serve()
    assert "6 leads enrolled." in dial(site, "--no-wait")
    eventually(lambda: len(site.outcomes()) == len(OUTCOMES), 50, lambda: site.log("simulator") + site.log("serve"))
    assert site.outcomes() == OUTCOMES
    assert breaches(site) == []
    assert "7 calls" in site.run("replay", "--all")
    assert "has_one" in next(line for line in site.run("leads").splitlines() if "Eve" in line)
    assert "Dana took the call" in site.run("call", call_of(site, "+12025550152"))
    for verb in ("serve", "simulator"):
        assert site.end(verb, signal.SIGTERM) == 0
        assert not {"Traceback", "WARNING", "ERROR"} & set(site.log(verb).replace(":", " ").split())


def call_of(site: Site, number: str) -> str:
    return next(str(call["sid"]) for call in site.rung() or [] if call["to"] == number)


def test_killed_in_the_middle_and_started_again(site: Site) -> None:
    site.simulate()
    site.serve()
    dial(site, "--no-wait")
    eventually(lambda: len(site.rung() or []) >= 3, 20, lambda: site.log("serve"))
    site.crash("serve")
    assert len(leads_rung(site)) < LEADS
    site.serve()
    eventually(lambda: len(leads_rung(site)) == LEADS, 30, lambda: site.log("serve"))
    assert set(leads_rung(site).values()) == {1}
    assert breaches(site) == []


def leads_rung(site: Site) -> Counter[str]:
    """How often each lead's telephone was rung."""
    return Counter(call["to"] for call in site.rung() or [] if call["direction"] != "inbound" and call["to"] != DANA)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_every_program_ends_politely(site: Site, number: signal.Signals) -> None:
    site.simulate()
    site.serve()
    shutil.copy(TOWN / "leads.csv", site.folder)  # its rejects are written beside it
    site.run("import", "leads.csv", "--list", "spring")
    site.start("dial", str(FLOWS / "prescreen.yaml"), "--list", "spring")
    eventually(lambda: "Watching" in site.log("dial"), 20)
    for verb in ("dial", "serve", "simulator"):
        assert site.end(verb, number) == 0
        assert "Traceback" not in site.log(verb)
    assert "prescreen-spring is running." in site.log("dial")
    assert f"answering at {site.url}" in site.log("serve")
    assert f"at http://127.0.0.1:{site.simulator_port}" in site.log("simulator")


# --- signatures -------------------------------------------------------------------------------------------------------

PUBLIC = "https://bot.example.com"


def inbound(site: Site, signed_for: str) -> int:
    """Somebody rings us, by a webhook that was signed for this address; the answer's status."""
    form = {"CallSid": "CA" + "1" * 32, "AccountSid": SIMULATOR_ACCOUNT, "From": "+12025550199", "To": SIMULATOR_NUMBER,
            "CallStatus": "ringing", "Direction": "inbound"}  # fmt: skip
    signature = RequestValidator(SIMULATOR_TOKEN).compute_signature(signed_for, form)
    headers = {"X-Twilio-Signature": signature}
    return requests.post(f"{site.url}/voice/inbound", form, headers=headers, timeout=10).status_code


def test_signature_is_checked_against_the_public_address(tmp_path: Path) -> None:
    site = Site(tmp_path, settings={"base_url": PUBLIC})
    try:
        site.serve()
        assert inbound(site, f"{PUBLIC}/voice/inbound") == 200
        assert breaches(site) == []
        assert inbound(site, f"{site.url}/voice/inbound") == 403
        assert breaches(site) == ["refused_webhook"]
    finally:
        site.close()
