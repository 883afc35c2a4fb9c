"""Record: a beep, what the person says until they stop, and then always the action."""

from __future__ import annotations

from email.utils import format_datetime

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.callees.mind import BEEP
from voicebot.simulator.documents import inform, load, resolve
from voicebot.simulator.faults import LATE_FILE
from voicebot.simulator.recordings import Recording
from voicebot.simulator.script import Ended, Script, Wait
from voicebot.simulator.signals import Pressed, SpeechEnded, SpeechStarted
from voicebot.simulator.twiml import Document, Verb
from voicebot.simulator.verbs.sound import BEEP_SECONDS, sound


def record(call: SimCall, verb: Verb, document: Document) -> Script[Document]:
    """Ends with silence of `timeout`, a finish key, `maxLength`, or the caller's hanging up (Digits `hangup`)."""
    action = resolve(document, verb.get("action", ""))
    if verb.flag("playBeep", default=True):
        yield from sound(call, "played", BEEP, BEEP_SECONDS)
    recording = Recording(call.world.sid("RE"), call.sid, call.world.queue.now())
    call.world.recordings[recording.sid] = recording
    call.note("line", "recording", recording.sid)
    _tell(call, verb, document, recording, "in-progress")
    try:
        key = yield from _listen(call, verb, recording)
    except Ended:
        form = _close(call, verb, document, recording) | {"Digits": "hangup"}
        inform(call, verb.method(), action, call.form() | form)
        raise
    form = _close(call, verb, document, recording) | ({"Digits": key} if key else {})
    return (yield from load(call, Source(action, verb.method()), form))


def _listen(call: SimCall, verb: Verb, recording: Recording) -> Script[str]:
    """The key that ended the recording; empty when silence or its greatest length did."""
    keys, longest = verb.get("finishOnKey", "1234567890*#"), float(verb.number("maxLength", 3600))
    silence = float(verb.number("timeout", 5)) or longest
    talking = False
    while (left := longest - (call.world.queue.now() - recording.started).total_seconds()) > 0:
        wait = left if talking else min(silence, left)
        signal = yield Wait(wait, (Pressed, SpeechStarted, SpeechEnded))
        if signal is None:
            break
        if isinstance(signal, Pressed) and signal.key in keys:
            return signal.key
        if isinstance(signal, SpeechEnded):
            recording.words.append(signal.words)
        if not isinstance(signal, Pressed):
            talking = isinstance(signal, SpeechStarted)
    return ""


def _close(call: SimCall, verb: Verb, document: Document, recording: Recording) -> dict[str, str]:
    """Finish the recording: the action's parameters. The recordingStatusCallback is told when the file is there."""
    world, queue = call.world, call.world.queue
    delay, now = world.recording_delay, queue.now()
    recording.close(now, delay)
    if world.voice:
        recording.sound = call.speech.between(recording.started, now)
        recording.words = call.speech.words_between(recording.started, now)
    if world.trouble.befalls("file_late", recording.sid):
        recording.late_by = world.trouble.within(LATE_FILE, "late file", recording.sid)
    if world.trouble.befalls("file_lost", recording.sid):
        recording.late_by = None
    status = "completed" if recording.seconds else "absent"
    queue.after(delay, lambda: _tell(call, verb, document, recording, status))
    return _parameters(call, recording)


def _parameters(call: SimCall, recording: Recording) -> dict[str, str]:
    url = f"{call.world.api_url}/2010-04-01/Accounts/{call.world.account_sid}/Recordings/{recording.sid}"
    return {"RecordingUrl": url, "RecordingSid": recording.sid, "RecordingDuration": str(recording.seconds)}


def _tell(call: SimCall, verb: Verb, document: Document, recording: Recording, status: str) -> None:
    """The recordingStatusCallback, for the events that were asked for."""
    callback = verb.get("recordingStatusCallback", "")
    if not callback or status not in verb.get("recordingStatusCallbackEvent", "completed").split():
        return
    told = _parameters(call, recording) | {
        "AccountSid": call.world.account_sid,
        "CallSid": call.sid,
        "RecordingStatus": status,
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
        "RecordingStartTime": format_datetime(recording.started),
    }
    inform(call, verb.method("recordingStatusCallbackMethod"), resolve(document, callback), told)
