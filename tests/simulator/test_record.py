"""Record (https://www.twilio.com/docs/voice/twiml/record)."""

from __future__ import annotations

import io
import wave
from datetime import date

import pytest

from tests.simulator.rig import ACCOUNT, TOKEN, Rig, person

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


# Recording resource: the file is not there at once; then it is a WAV of the recording's length. Fetch, list, delete.
def test_file_comes_late() -> None:
    rig = Rig(after_beep("say: 'please call me'"), voice=RECORD.format(""), done="<Pause length='60'/>")
    rig.world.recording_delay = 20
    call = rig.place()
    while not rig.app.forms("/done"):
        rig.queue.run_next()
    (form,) = rig.app.forms("/done")
    path = form["RecordingUrl"].removeprefix("https://api.twilio.com")
    browser = rig.client.http_client._app.test_client()
    assert browser.get(path).status_code == 401
    assert browser.get(path, auth=(ACCOUNT, TOKEN)).status_code == 404
    assert rig.client.recordings(form["RecordingSid"]).fetch().status == "processing"
    rig.queue.run_for(21)
    (told,) = rig.app.forms("/file")
    assert told["RecordingStatus"] == "completed"
    for ending in ("", ".wav"):
        answer = browser.get(path + ending, auth=(ACCOUNT, TOKEN))
        assert answer.content_type == "audio/x-wav"
        with wave.open(io.BytesIO(answer.data)) as file:
            assert file.getnframes() / file.getframerate() == int(form["RecordingDuration"])
    assert browser.get(f"{path}.mp3", auth=(ACCOUNT, TOKEN)).status_code == 404
    (listed,) = rig.client.calls(call.sid).recordings.list()
    assert [one.sid for one in rig.client.recordings.list(call_sid=call.sid)] == [listed.sid]
    assert rig.client.recordings.list(date_created_before=date(2020, 1, 1)) == []
    assert rig.client.recordings(listed.sid).delete()
    assert rig.client.recordings.list() == []


# <Record>, "recordingStatusCallbackEvent": in-progress, completed, absent.
def test_events_of_a_recording() -> None:
    events = 'recordingStatusCallbackEvent="in-progress completed absent"'
    for attributes, last in ((events, "completed"), (f'{events} timeout="1" maxLength="1"', "completed")):
        rig = Rig(voice=RECORD.format(attributes), done="<Hangup/>")
        rig.run()
        assert [form["RecordingStatus"] for form in rig.app.forms("/file")] == ["in-progress", last]
    short = Rig(after_beep("hang_up: true").replace("delay: 1", "delay: 0.1"), voice=RECORD.format(events))
    short.run()
    assert [form["RecordingStatus"] for form in short.app.forms("/file")] == ["in-progress", "absent"]


# --- whoever is told to answer after a tone ---

ASKED = (
    '<Gather input="dtmf" numDigits="1" timeout="{}" action="/key"><Say>{}</Say></Gather>'
    '<Record action="/done" timeout="3"/>'
)
TOLD = "Shall we call you? Please answer after the tone."


def answered(behaviour: str, prompt: str = TOLD, seed: int = 1, gather: int = 1) -> tuple[list[str], list[str]]:
    """What was recorded, and what was pressed."""
    rig = Rig(person(behaviour), seed=seed, voice=ASKED.format(gather, prompt), done="<Hangup/>", key="<Hangup/>")
    call = rig.run()
    return [words for recording in rig.world.recordings.values() for words in recording.words], call.entries("pressed")


@pytest.mark.parametrize("delay", [0.1, 0.5, 0.95, 3])
@pytest.mark.parametrize(
    "prompt",
    [TOLD, "Shall we call after the beep?", "请在提示音之后回答。", "滴声后请回答", "Responda después del tono.",
     "Responda tras la señal."],
)  # fmt: skip
def test_quick_answers_wait_for_the_beep(prompt: str, delay: float) -> None:
    assert answered(f"reactions: [{{say: 'yes please', delay: {delay}}}]", prompt) == (["yes please"], [])


def test_whoever_is_told_nothing_speaks_too_early() -> None:
    assert answered("reactions: [{say: 'yes', delay: 0.1}]", "Shall we call you?") == ([], [])


def test_whoever_interrupts_before_hearing_of_the_tone_speaks_too_early() -> None:
    assert answered("reactions: [{say: 'yes', interrupt: 0.3}]")[0] == []


def test_keys_do_not_wait_for_the_beep() -> None:
    assert answered("reactions: [{press: '1', delay: 0.1}]") == ([], ["1"])


def test_the_turn_of_whoever_waits_is_not_over() -> None:
    assert answered("turns: 1, reactions: [{say: 'yes', delay: 0.1}], otherwise: hang_up", gather=5)[0] == ["yes"]


def test_a_beep_that_never_comes_is_waited_for_in_vain() -> None:
    rig = Rig(
        person("patience: 9, reactions: [{say: 'yes', delay: 0.1}]"), voice=f"<Say>{TOLD}</Say><Pause length='60'/>"
    )
    call = rig.run()
    assert (call.entries("spoke"), call.entries("hung up")) == ([], [""])
