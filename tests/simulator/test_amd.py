"""Answering machine detection (https://www.twilio.com/docs/voice/answering-machine-detection)."""

from __future__ import annotations

import pytest

from tests.simulator.rig import BASE, Rig, person, since_answer
from voicebot.simulator.amd import verdict
from voicebot.simulator.callees.model import DetectionErrors, Persona

MACHINE = person("kind: machine, greeting: 'You have reached the Millers. Leave a message.', records_for: 20")
VOICE = "<Say>Hello.</Say><Pause length='20'/>"


# Enable and DetectMessageEnd: what AnsweredBy says of whom.
@pytest.mark.parametrize(
    ("callees", "mode", "answered_by"),
    [
        (person("kind: human"), "Enable", "human"),
        (MACHINE, "Enable", "machine_start"),
        (MACHINE, "DetectMessageEnd", "machine_end_beep"),
        (person("kind: fax"), "Enable", "fax"),
        (person("kind: machine, amd: machine_end_silence"), "DetectMessageEnd", "machine_end_silence"),
    ],
)
def test_url_is_asked_after_the_verdict(callees: str, mode: str, answered_by: str) -> None:
    rig = Rig(callees, voice=VOICE)
    call = rig.run(machine_detection=mode)
    assert rig.app.forms("/voice")[0]["AnsweredBy"] == answered_by
    assert since_answer(call, "asked")[0] >= 2.0


# DetectMessageEnd: the verdict comes after the beep.
def test_message_end_is_waited_for() -> None:
    call = Rig(MACHINE, voice=VOICE).run(machine_detection="DetectMessageEnd")
    assert since_answer(call, "asked")[0] > since_answer(call, "beeped")[0]


# AsyncAmd: the URL is asked at once; the verdict comes later, with neither From nor To.
def test_asynchronous_detection() -> None:
    rig = Rig(MACHINE, voice=VOICE)
    call = rig.run(machine_detection="Enable", async_amd="true", async_amd_status_callback=f"{BASE}/amd")
    assert since_answer(call, "asked")[0] == 0.0
    (form,) = rig.app.forms("/amd")
    assert set(form) == {"CallSid", "AccountSid", "AnsweredBy", "MachineDetectionDuration"}
    assert form["AnsweredBy"] == "machine_start"


def test_asynchronous_detection_without_a_callback_is_warned_of() -> None:
    rig = Rig(MACHINE, voice=VOICE)
    rig.run(machine_detection="Enable", async_amd="true")
    assert rig.codes() == [21262]


# MachineDetectionTimeout: unknown when there is no verdict by then. SendDigits: no detection at all.
def test_detection_gives_up_and_gives_way() -> None:
    slow = f"{MACHINE}\namd: {{seconds: 10}}"
    rig = Rig(slow, voice=VOICE)
    rig.run(machine_detection="Enable", machine_detection_timeout=5)
    rig.run(machine_detection="Enable", send_digits="1")
    assert [form.get("AnsweredBy") for form in rig.app.forms("/voice")] == ["unknown", None]


# Errors come at their rates.
def test_error_rates() -> None:
    errors = DetectionErrors(human_as_machine=0.2, machine_as_human=0.1, unknown=0.05)

    def share(kind: str, answered_by: str) -> float:
        draws = [verdict(Persona(kind=kind), errors, seed, wait_for_end=False)[0] for seed in range(2000)]
        return draws.count(answered_by) / len(draws)

    assert share("human", "machine_start") == pytest.approx(0.2, abs=0.03)
    assert share("machine", "human") == pytest.approx(0.1, abs=0.03)
    assert share("human", "unknown") == pytest.approx(0.05, abs=0.02)
