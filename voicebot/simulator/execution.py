"""Carries documents out, one after the other, until the call has nothing more to do."""

from __future__ import annotations

from collections.abc import Generator

from voicebot.simulator.amd import detect
from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import DocumentFault, load
from voicebot.simulator.lifecycle import answer_inbound
from voicebot.simulator.races import held_up
from voicebot.simulator.script import Afterwards, Cut, Ended, Script, Wait
from voicebot.simulator.signals import ChildEnded, ChildReady
from voicebot.simulator.twiml import Document
from voicebot.simulator.verbs.control import hang_up, redirect, reject
from voicebot.simulator.verbs.dial import dial
from voicebot.simulator.verbs.enqueue import enqueue, leave
from voicebot.simulator.verbs.gather import gather
from voicebot.simulator.verbs.record import record
from voicebot.simulator.verbs.sound import pause, play, say, sound
from voicebot.simulator.verbs.stream import connect, start, stop
from voicebot.simulator.verbs.waiting import Actors

APPLICATION_ERROR = "We are sorry. An application error has occurred. Goodbye."
# Seconds between a REST redirect and the request for the new document, as measured on live calls.
REDIRECT_DELAY = 0.3

ACTORS: Actors = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Record": record,
    "Dial": dial,
    "Enqueue": enqueue,
    "Leave": leave,
    "Start": start,
    "Stop": stop,
    "Connect": connect,
    "Redirect": redirect,
    "Hangup": hang_up,
    "Reject": reject,
}


def outbound(call: SimCall) -> Script[None]:
    """A call of ours was answered: look who answered if that was asked for, then do what the app says."""
    yield from detect(call)
    yield from follow(call, load(call, call.source))


def inbound(call: SimCall) -> Script[None]:
    """Somebody calls: ask the app before the call is answered."""
    yield from follow(call, load(call, call.source))


def dialled(call: SimCall, whisper: Source | None) -> Script[None]:
    """A number of a Dial was answered: whisper, then be connected with the caller until one of them is gone."""
    parent = call.parent
    if parent is None:
        return
    try:
        if whisper:
            call.is_whispering = True
            yield from follow(call, load(call, whisper))
            call.is_whispering = False
        call.plan(0, lambda: parent.signal(ChildReady(call)))
        yield Wait(None)
    except Cut:
        parent.signal(ChildEnded(call))
        raise
    finally:
        call.is_whispering = False


def redirected(call: SimCall, source: Source) -> Script[None]:
    """A live call was given another document by REST."""
    yield from follow(call, _moved(call, source))


def _moved(call: SimCall, source: Source) -> Script[Document]:
    with Afterwards(held_up(call)):
        yield Wait(REDIRECT_DELAY)
        return (yield from load(call, source))


def follow(call: SimCall, first: Script[Document]) -> Script[None]:
    """Carry out documents until none follows. A fault turns to the fallback URL once, and then ends the call."""
    step: Generator[Wait, object, Document | None] = first
    while True:
        try:
            document = yield from step
        except DocumentFault as fault:
            call.world.notify(fault.problem, call)
            fallback = call.source.fallback_url
            if not fallback or fault.url == fallback:
                yield from _apologise(call)
            extra = {"ErrorCode": str(fault.problem.code), "ErrorUrl": fault.url}
            step = load(call, Source(fallback, call.source.fallback_method), extra)
            continue
        if document is None:
            return
        step = perform(call, document)


def perform(call: SimCall, document: Document) -> Script[Document | None]:
    """Carry out the verbs of a document. The document that one of them leads to replaces the rest."""
    for verb in document.verbs:
        if verb.name != "Reject":
            answer_inbound(call)
        following = yield from ACTORS[verb.name](call, verb, document)
        if following is not None:
            return following
    return None


def _apologise(call: SimCall) -> Script[None]:
    """Say that something went wrong, and end the call."""
    answer_inbound(call)
    yield from sound(call, "application error", APPLICATION_ERROR, 4.0, "en-US")
    raise Ended
