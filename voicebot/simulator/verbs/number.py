"""Dialling numbers: every one is a call of its own; the first to answer (and to hear the whisper out) is connected."""

from __future__ import annotations

from datetime import timedelta

from voicebot.simulator.call import Callback, SimCall, Source
from voicebot.simulator.documents import DocumentFault, resolve
from voicebot.simulator.lifecycle import finish
from voicebot.simulator.problems import Problem
from voicebot.simulator.script import Script, Wait
from voicebot.simulator.signals import ChildEnded, ChildReady, Pressed
from voicebot.simulator.twiml import Document, Verb

DEFAULT_RING, DEFAULT_LIMIT = 30, 14400


def connect(call: SimCall, verb: Verb, document: Document, result: dict[str, str]) -> Script[None]:
    """Ring the numbers, all at once or one after the other, and stay until the connected one is gone."""
    numbers = verb.children or (Verb("Number", {}, verb.text),)
    rounds = [(number,) for number in numbers] if verb.flag("sequential", default=False) else [numbers]
    for round_ in rounds:
        children = [_place(call, verb, number, document) for number in round_]
        if call.mind:
            call.mind.is_entertained()
        try:
            child = yield from _first_ready(children, result)
            if child:
                yield from _talk(call, verb, child, result)
                return
        finally:
            for left in children:
                finish(left, "completed" if left.status == "in-progress" else "canceled", 487)
            if call.mind and not call.is_over:
                call.mind.left_alone()


def _place(call: SimCall, verb: Verb, number: Verb, document: Document) -> SimCall:
    whisper = callback = None
    if url := number.get("url", ""):
        whisper = Source(resolve(document, url), number.method())
    if url := number.get("statusCallback", ""):
        events = frozenset(number.get("statusCallbackEvent", "completed").split())
        callback = Callback(resolve(document, url), number.method("statusCallbackMethod"), events)
    ring = float(verb.number("timeout", DEFAULT_RING))
    return call.world.call_child(call, _caller_id(call, verb), number.text, whisper, callback, ring)


def _caller_id(call: SimCall, verb: Verb) -> str:
    """Who the dialled party sees: a number of this call, or one of the account."""
    caller_id = verb.get("callerId", call.from_)
    if caller_id not in (call.from_, call.to) and caller_id not in call.world.numbers:
        raise DocumentFault(Problem(13214, f'callerId="{caller_id}" is no number of this call or account'), "")
    return caller_id


def _first_ready(children: list[SimCall], result: dict[str, str]) -> Script[SimCall | None]:
    """The first child that can be talked to; None when all have ended. The others stop ringing."""
    waiting = list(children)
    while waiting:
        signal = yield Wait(None, (ChildReady, ChildEnded))
        if isinstance(signal, ChildReady):
            for other in waiting:
                if other is not signal.child:
                    finish(other, "completed" if other.status == "in-progress" else "canceled", 487)
            return signal.child
        if isinstance(signal, ChildEnded) and signal.child in waiting:
            waiting.remove(signal.child)
            result |= {"DialCallStatus": signal.child.status, "DialCallSid": signal.child.sid, "DialBridged": "false"}
    return None


def _talk(call: SimCall, verb: Verb, child: SimCall, result: dict[str, str]) -> Script[None]:
    """Caller and child are connected until one of them is gone, or the time is up."""
    result |= {"DialCallStatus": "completed", "DialCallSid": child.sid, "DialBridged": "true"}
    now = call.world.queue.now
    end = now() + timedelta(seconds=verb.number("timeLimit", DEFAULT_LIMIT))
    for one in (call, child):
        one.note("line", "bridged", child.to if one is call else call.sid)
        if one.mind:
            one.mind.bridged()
    kinds = (ChildEnded, Pressed) if verb.flag("hangupOnStar", default=False) else (ChildEnded,)
    signal: object = Pressed("")
    while isinstance(signal, Pressed) and signal.key != "*":
        signal = yield Wait((end - now()).total_seconds(), kinds)
    redirected = isinstance(signal, ChildEnded) and not child.is_over
    if not redirected:
        finish(child, "completed")
        result["DialCallDuration"] = str(child.duration)
