"""Record: a beep, what the person says until they stop, and then always the action."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import inform, load, resolve
from voicebot.simulator.script import Ended, Script, Wait
from voicebot.simulator.signals import Pressed, SpeechEnded, SpeechStarted
from voicebot.simulator.twiml import Document, Verb
from voicebot.simulator.verbs.sound import BEEP, sound

# Seconds from the end of a recording until its file is there.
PROCESSING = 1.0


@dataclass
class Recording:
    """A recording; in place of its sound the words that were spoken."""

    sid: str
    call_sid: str
    started: datetime
    words: list[str] = field(default_factory=list)
    seconds: int = 0


def record(call: SimCall, verb: Verb, document: Document) -> Script[Document]:
    """Ends with silence of `timeout`, a finish key, `maxLength`, or the caller's hanging up (Digits `hangup`)."""
    action = resolve(document, verb.get("action", ""))
    if verb.flag("playBeep", default=True):
        yield from sound(call, "played", "(beep)", BEEP)
    recording = Recording(call.world.sid("RE"), call.sid, call.world.queue.now())
    call.world.recordings[recording.sid] = recording
    call.note("line", "recording", recording.sid)
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
    recording.seconds = round((call.world.queue.now() - recording.started).total_seconds())
    url = f"{call.world.api_url}/2010-04-01/Accounts/{call.world.account_sid}/Recordings/{recording.sid}"
    form = {"RecordingUrl": url, "RecordingSid": recording.sid, "RecordingDuration": str(recording.seconds)}
    callback = verb.get("recordingStatusCallback", "")
    if callback and "completed" in verb.get("recordingStatusCallbackEvent", "completed").split():
        told = form | {
            "AccountSid": call.world.account_sid,
            "CallSid": call.sid,
            "RecordingStatus": "completed",
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
        }
        method, address = verb.method("recordingStatusCallbackMethod"), resolve(document, callback)
        call.world.queue.after(PROCESSING, lambda: inform(call, method, address, told))
    return form
