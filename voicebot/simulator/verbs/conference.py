"""Being in a conference: the music before it begins, and the talk until it ends."""

from __future__ import annotations

from datetime import timedelta

from voicebot.simulator.call import Callback, SimCall, Source
from voicebot.simulator.conference import Conference, Participant
from voicebot.simulator.documents import DocumentFault, resolve
from voicebot.simulator.script import Afterwards, Script, Wait, until
from voicebot.simulator.signals import ConferenceEnded, ConferenceStarted, Pressed
from voicebot.simulator.twiml import Document, Verb
from voicebot.simulator.verbs.control import redirect
from voicebot.simulator.verbs.sound import pause, play, say
from voicebot.simulator.verbs.waiting import Actors, loop, music

DEFAULT_LIMIT = 14400
WAIT_ACTORS: Actors = {"Say": say, "Play": play, "Pause": pause, "Redirect": redirect}


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
        yield from music(call)
    elif url:
        try:
            yield from loop(call, Source(resolve(document, url), noun.method("waitMethod")), WAIT_ACTORS, 13238, dict)
        except DocumentFault as fault:
            call.world.notify(fault.problem, call)
    yield Wait(None)
