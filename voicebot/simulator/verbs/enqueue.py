"""Enqueue and Leave: waiting in a queue until somebody dials it, with the waitUrl's document over and over.

https://www.twilio.com/docs/voice/twiml/enqueue, https://www.twilio.com/docs/voice/twiml/leave
"""

from __future__ import annotations

from collections.abc import Generator

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import DocumentFault, inform, load, resolve
from voicebot.simulator.queues import CallQueue, Meeting, Member
from voicebot.simulator.script import Afterwards, Cut, Ended, Script, Wait, until
from voicebot.simulator.signals import Dequeued, MeetingChanged
from voicebot.simulator.twiml import Document, Verb
from voicebot.simulator.verbs.control import hang_up, redirect
from voicebot.simulator.verbs.gather import gather
from voicebot.simulator.verbs.sound import pause, play, say
from voicebot.simulator.verbs.waiting import Actors, Left, loop, music, once


def leave(call: SimCall, _verb: Verb, _document: Document) -> Generator[Wait, object, Document | None]:
    """Out of the queue; anywhere else it does nothing."""
    yield Wait(0)
    if call.is_queued:
        raise Left
    return None


WHISPER_ACTORS: Actors = {"Say": say, "Play": play, "Pause": pause, "Redirect": redirect}
WAIT_ACTORS: Actors = {**WHISPER_ACTORS, "Gather": gather, "Leave": leave, "Hangup": hang_up}


def enqueue(call: SimCall, verb: Verb, document: Document) -> Script[Document | None]:
    """Without action it falls through. Cut by REST, or with the caller gone, the action is told, and not obeyed."""
    action = resolve(document, verb.attributes["action"]) if verb.attributes.get("action") else ""
    result = {"QueueResult": "queue-full"}
    queue = call.world.queues.open(verb.text)
    if len(queue.members) < min(queue.max_size, verb.number("maxQueueSize", queue.max_size)):
        member = queue.join(call)
        call.note("line", "queued", queue.name)
        result |= {"QueueSid": queue.sid, "QueueResult": "hangup"}
        with Afterwards(lambda: _go(call, queue, member)):
            try:
                result["QueueResult"] = yield from _wait(call, verb, document, queue, member)
            except (Cut, Ended) as reason:
                if isinstance(reason, Cut):
                    result["QueueResult"] = "redirected-from-bridged" if _is_bridged(member) else "redirected"
                if action:
                    inform(call, verb.method(), action, call.form() | result | _time(queue, member))
                raise
        result |= _time(queue, member)
    call.note("line", "dequeued", result["QueueResult"])
    if call.mind:
        call.mind.left_alone()
    return (yield from load(call, Source(action, verb.method()), result)) if action else None


def _go(call: SimCall, queue: CallQueue, member: Member) -> None:
    call.is_queued = False
    queue.leave(member)
    if member.meeting:
        member.meeting.part(call.world.queue)


def _is_bridged(member: Member) -> bool:
    return bool(member.meeting and member.meeting.is_ready)


def _time(queue: CallQueue, member: Member) -> dict[str, str]:
    return {"QueueTime": str(round(member.meeting.queued_for if member.meeting else queue.waited(member)))}


def _wait(call: SimCall, verb: Verb, document: Document, queue: CallQueue, member: Member) -> Script[str]:
    """The QueueResult: how the waiting, or the talk after it, came to its end."""
    call.is_queued = True
    try:
        signal = yield from until((Dequeued,), _entertain(call, verb, document, queue, member))
        if not isinstance(signal, Dequeued):
            return "leave"
        call.is_queued = False
        return (yield from _talk(call, queue, signal.meeting))
    except DocumentFault as fault:
        call.world.notify(fault.problem, call)
        return "error"


def _entertain(call: SimCall, verb: Verb, document: Document, queue: CallQueue, member: Member) -> Script[None]:
    """Music, or the waitUrl's document until it says <Leave>."""
    url = verb.get("waitUrl", "")
    if not url:
        yield from music(call)
        return

    def form() -> dict[str, str]:
        return {
            "QueueSid": queue.sid,
            "QueuePosition": str(queue.position(member)),
            "QueueTime": str(round(queue.waited(member))),
            "AvgQueueTime": str(queue.average_wait),
            "CurrentQueueSize": str(len(queue.members)),
        }

    try:
        yield from loop(call, Source(resolve(document, url), verb.method("waitUrlMethod")), WAIT_ACTORS, 12200, form)
    except Left:
        return


def _talk(call: SimCall, queue: CallQueue, meeting: Meeting) -> Script[str]:
    """Hear the whisper of whoever dialled the queue, and talk until one of the two is gone."""
    if meeting.whisper:
        form = {
            "QueueSid": queue.sid,
            "QueueTime": str(round(meeting.queued_for)),
            "DequeingCallSid": meeting.dialler.sid,
        }
        first = load(call, meeting.whisper, form)
        gone = yield from until((MeetingChanged,), once(call, first, WHISPER_ACTORS, 12200))
        if gone or meeting.is_over:
            return "hangup" if call.is_over else "error"
    meeting.ready(call.world.queue)
    call.note("line", "bridged", meeting.dialler.sid)
    if call.mind:
        call.mind.bridged()
    while not meeting.is_over:
        yield Wait(None, (MeetingChanged,))
    return "bridged"
