"""Dialling a queue: one is connected with the first who waits in it (https://www.twilio.com/docs/voice/twiml/queue)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import resolve
from voicebot.simulator.queues import CallQueue, Meeting
from voicebot.simulator.script import Afterwards, Script, Wait
from voicebot.simulator.signals import MeetingChanged, Pressed
from voicebot.simulator.twiml import Document, Verb

DEFAULT_WAIT, DEFAULT_LIMIT = 30, 14400


def take_out(call: SimCall, verb: Verb, document: Document, result: dict[str, str]) -> Script[None]:
    """Wait until somebody is in the queue, at most the Dial's timeout, and talk with them until one of the two is gone.

    Where Twilio's documentation is silent: nobody came is `no-answer`, a queue that does not exist is `failed`.
    """
    noun = verb.children[0]
    queue = call.world.queues.named(noun.text)
    if queue is None:
        result["DialCallStatus"] = "failed"
        return
    whisper = Source(resolve(document, noun.get("url", "")), noun.method()) if noun.get("url", "") else None
    if call.mind:
        call.mind.is_entertained()
    meeting = yield from _first(call, queue, whisper, verb.number("timeout", DEFAULT_WAIT))
    if meeting is None:
        result["DialCallStatus"] = "no-answer"
    else:
        result |= {"DialCallSid": meeting.waiting.sid, "DialBridged": "false"}
        with Afterwards(partial(meeting.part, call.world.queue)):
            yield from _talk(call, verb, meeting, result)
    if call.mind and not call.is_over:
        call.mind.left_alone()


def _first(call: SimCall, queue: CallQueue, whisper: Source | None, patience: float) -> Script[Meeting | None]:
    """The meeting with the first in the queue; None when nobody came in time."""
    end = call.world.queue.now() + timedelta(seconds=patience)
    queue.diallers.append(call)
    with Afterwards(lambda: queue.diallers.remove(call)):
        while (meeting := queue.take(call, whisper)) is None:
            if (yield Wait(_left(call, end), (MeetingChanged,))) is None:
                break
    return meeting


def _talk(call: SimCall, verb: Verb, meeting: Meeting, result: dict[str, str]) -> Script[None]:
    while not meeting.is_ready and not meeting.is_over:
        yield Wait(None, (MeetingChanged,))
    if meeting.is_over:
        return
    now = call.world.queue.now
    began = now()
    result |= {"DialCallStatus": "completed", "DialBridged": "true"}
    call.note("line", "bridged", meeting.waiting.sid)
    if call.mind:
        call.mind.bridged()
    end = began + timedelta(seconds=verb.number("timeLimit", DEFAULT_LIMIT))
    kinds = (MeetingChanged, Pressed) if verb.flag("hangupOnStar", default=False) else (MeetingChanged,)
    signal: object = MeetingChanged()
    with Afterwards(lambda: result.update(DialCallDuration=str(round((now() - began).total_seconds())))):
        while signal is not None and signal != Pressed("*") and not meeting.is_over:
            signal = yield Wait(_left(call, end), kinds)


def _left(call: SimCall, end: datetime) -> float:
    return max(0.0, (end - call.world.queue.now()).total_seconds())
