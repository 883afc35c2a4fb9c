"""Faults in a callees' file are told with their line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voicebot.errors import VoicebotError
from voicebot.simulator.callees.load import load_callees
from voicebot.simulator.callees.model import pick_up

FULL = """
amd: {human_as_machine: 0.05, machine_as_human: 0.1, unknown: 0.02, seconds: [2, 4]}
recognition: {mishears: 0.1, confidence: [0.6, 0.9]}
personas:
  eager:
    line: {answers: 0.5, no_answer: 0.4, busy: 0.1}
    rings: [4, 12]
    reactions:
      - {hears: [press 1, "/one|eins/"], unless: recording, press: "1", delay: 1.2}
      - {hears: "what is", after: 2, times: always, chance: 0.7, one_of: [{say: [a, b], weight: 3}, hang_up]}
    otherwise: silence
  mailbox: {kind: machine, greeting: Leave a message., records_for: 30, amd: machine_end_beep}
numbers:
  "+12025550199": mailbox
  "+12025550198": {line: busy}
populations:
  - {match: "+8610", people: {eager: 3, mailbox: 1}, same_person: false}
  - {people: {eager: 1}}
inbound:
  - {at: 20, from: "+12025550150", to: "+12025550100", callee: eager}
"""

FAULTS = yaml.safe_load((Path(__file__).parent / "faults.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["message"][:40])
def test_faults_are_told_with_line_and_remedy(fault: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "callees.yaml"
    path.write_text(fault["text"])
    with pytest.raises(VoicebotError) as caught:
        load_callees(path)
    assert str(caught.value).replace(str(path), "f") == fault["message"]


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(VoicebotError, match="cannot be read: No such file"):
        load_callees(tmp_path / "nobody.yaml")


def test_whole_file_is_read() -> None:
    callees = load_callees(FULL)
    eager = callees.personas["eager"]
    assert eager.line == (("answers", 0.5), ("no_answer", 0.4), ("busy", 0.1))
    assert eager.reactions[0].fits("Please PRESS  1 now", 1)
    assert not eager.reactions[0].fits("press 1 to end the recording", 1)
    assert [act.weight for act in eager.reactions[1].acts] == [3.0, 1.0]
    assert callees.numbers["+12025550199"].kind == "machine"
    assert (callees.detection.seconds, callees.recognition.mishears) == ((2, 4), 0.1)
    assert callees.inbound[0].persona is eager


# A person keeps their character over attempts, unless their population says otherwise; the line is drawn anew.
def test_people_are_the_same_at_every_attempt() -> None:
    callees = load_callees(FULL.replace("{eager: 1}}", "{eager: 1, mailbox: 1}}"))
    numbers = [f"+1202555{number:04d}" for number in range(50)]
    assert all(len({callees.persona(number, 3, attempt).name for attempt in range(9)}) == 1 for number in numbers)
    assert len({callees.persona(number, 3, 1).name for number in numbers}) == 2
    assert len({callees.persona("+861012345678", 3, attempt).name for attempt in range(20)}) == 2
    lines = [pick_up(callees.personas["eager"], "+12025550001", 3, attempt).line for attempt in range(400)]
    assert 0.4 < lines.count("answers") / 400 < 0.6


def test_nobody_has_a_number_outside_every_population() -> None:
    callees = load_callees("personas: {a: {}}\npopulations: [{match: '+86', people: {a: 1}}]")
    assert callees.persona("+12025550142", 1, 1).line == (("does_not_exist", 1.0),)
