"""Record (https://www.twilio.com/docs/voice/twiml/record)."""

from __future__ import annotations

import pytest

from tests.simulator.rig import Rig, person

RECORD = '<Record action="/done" {} recordingStatusCallback="/file"/><Say>Below.</Say>'


def after_beep(act: str) -> str:
    return person(f"reactions: [{{hears: (beep), {act}, delay: 1}}]")


# What ends a recording: silence, a key, its greatest length; the action is asked in every case.
@pytest.mark.parametrize(
    ("act", "attributes", "digits", "seconds"),
    [
        ("say: 'my message is short'", "", None, "7"),
        ("press: '5'", "", "5", "1"),
        ("press: '5'", 'finishOnKey="#" timeout="3"', None, "4"),
        ("say: 'one two three four five six seven eight nine'", 'maxLength="3"', None, "3"),
        ("silence: true", "", None, "5"),
    ],
)
def test_recording_ends_and_asks_its_action(act: str, attributes: str, digits: str | None, seconds: str) -> None:
    rig = Rig(after_beep(act), voice=RECORD.format(attributes), done="<Hangup/>")
    rig.run()
    (form,) = rig.app.forms("/done")
    assert (form.get("Digits"), form["RecordingDuration"]) == (digits, seconds)


# Hanging up while it records: the action is told with Digits=hangup, and not obeyed.
def test_hanging_up_ends_the_recording() -> None:
    rig = Rig(after_beep("hang_up: true"), voice=RECORD.format(""), done="<Say>Nobody hears this.</Say>")
    call = rig.run()
    (form,) = rig.app.forms("/done")
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")
    assert call.entries("said") == []


# recordingStatusCallback: told when the file is there; the resource can be asked for.
def test_recording_is_told_and_kept() -> None:
    rig = Rig(after_beep("say: 'please call me'"), voice=RECORD.format('playBeep="true"'), done="<Hangup/>")
    call = rig.run()
    (form,) = rig.app.forms("/file")
    assert (form["RecordingStatus"], form["CallSid"]) == ("completed", call.sid)
    assert rig.client.recordings(form["RecordingSid"]).fetch().call_sid == call.sid
    assert rig.world.recordings[form["RecordingSid"]].words == ["please call me"]


def test_without_beep_nothing_is_heard() -> None:
    rig = Rig(voice=RECORD.format('playBeep="false" timeout="1"'), done="<Hangup/>")
    assert rig.run().entries("played") == []
