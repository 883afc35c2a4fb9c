"""Being in a conference: the music before it begins, and the talk until it ends."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

from voicebot.simulator.call import Callback, SimCall, Source
from voicebot.simulator.conference import Conference, Participant
from voicebot.simulator.documents import DocumentFault, load, resolve
from voicebot.simulator.problems import Problem
from voicebot.simulator.script import Afterwards, Script, Wait, until
from voicebot.simulator.signals import ConferenceEnded, ConferenceStarted, Pressed
from voicebot.simulator.twiml import Document, Verb
from voicebot.simulator.verbs.control import redirect
from voicebot.simulator.verbs.sound import pause, play, say

DEFAULT_LIMIT = 14400
WAIT_VERBS = {"Say": say, "Play": play, "Pause": pause, "Redirect": redirect}


def meet(call: SimCall, verb: Verb, document: Document, result: dict[str, str]) -> Script[None]:
    """Join, wait for the beginning, and stay until the conference ends or one is put out of it."""
    noun = verb.children[0]
    participant = Participant(
        call,
        noun.get("participantLabel", ""),
        noun.flag("muted", default=False),
        starts=noun.flag("startConferenceOnEnter", default=True),
        ends=noun.flag("endConferenceOnExit", default=False),
    )
    conference = call.world.conferences.open(noun.text, _callback(noun, document))
    result["DialCallStatus"] = "answered"
    end = call.world.queue.now() + timedelta(seconds=verb.number("timeLimit", DEFAULT_LIMIT))
    kinds = (ConferenceEnded, Pressed) if verb.flag("hangupOnStar", default=False) else (ConferenceEnded,)
    conference.join(participant)
    with Afterwards(lambda: _go(call, conference, participant)):
        signal: object = None
        if conference.status == "init":
            signal = yield from until((ConferenceStarted, *kinds), _music(call, noun, document))
        while not isinstance(signal, ConferenceEnded) and signal != Pressed("*"):
            left = (end - call.world.queue.now()).total_seconds()
            signal = yield Wait(max(left, 0), kinds)
            if signal is None:
                break


def _go(call: SimCall, conference: Conference, participant: Participant) -> None:
    conference.leave(participant)
    if call.mind and not call.is_over:
        call.mind.left_alone()


def _callback(noun: Verb, document: Document) -> Callback | None:
    url = noun.get("statusCallback", "")
    if not url:
        return None
    events = frozenset(noun.get("statusCallbackEvent", "").split())
    return Callback(resolve(document, url), noun.method("statusCallbackMethod"), events)


def _music(call: SimCall, noun: Verb, document: Document) -> Script[None]:
    """What is heard before the conference begins: Twilio's music, the waitUrl's document over and over, or nothing."""
    url = noun.get("waitUrl", "music")
    if url == "music":
        call.note("app", "played", "(hold music)")
        if call.mind:
            call.mind.is_entertained()
    elif url:
        yield from _loop(call, Source(resolve(document, url), noun.method("waitMethod")))
    yield Wait(None)


def _loop(call: SimCall, source: Source) -> Script[None]:
    """Carry out the waitUrl's document again and again; a fault in it is recorded, and then there is silence."""
    try:
        while True:
            began = call.world.queue.now()
            step: Generator[Wait, object, Document | None] = load(call, source)
            while (document := (yield from step)) is not None:
                step = _once(call, document)
            if (call.world.queue.now() - began).total_seconds() < 1:
                yield Wait(1)
    except DocumentFault as fault:
        call.world.notify(fault.problem, call)


def _once(call: SimCall, document: Document) -> Script[Document | None]:
    for verb in document.verbs:
        if verb.name == "Hangup" and document.verbs[0].name == "Play":
            break
        if verb.name not in WAIT_VERBS:
            raise DocumentFault(Problem(13238, f"<{verb.name}>; allowed are {', '.join(WAIT_VERBS)}"), document.url)
        step: Generator[Wait, object, Document | None] = WAIT_VERBS[verb.name](call, verb, document)
        following = yield from step
        if following is not None:
            return following
    return None
