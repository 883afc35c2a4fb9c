"""Dialling numbers: every one is a call of its own; the first to answer (and to hear the whisper out) is connected."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from voicebot.simulator.call import Callback, SimCall, Source
from voicebot.simulator.documents import DocumentFault, resolve
from voicebot.simulator.lifecycle import finish
from voicebot.simulator.problems import Problem
from voicebot.simulator.script import Afterwards, Script, Wait
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
        with Afterwards(partial(_release, call, children)):
            child = yield from _first_ready(children, result)
            if child:
                yield from _talk(call, verb, child, children, result)
                return


def _release(call: SimCall, children: list[SimCall]) -> None:
    """Hang up whoever is still there, and leave the caller to the app."""
    for child in children:
        _hang_up(child)
    if call.mind and not call.is_over:
        call.mind.left_alone()


def _hang_up(child: SimCall) -> None:
    finish(child, "completed" if child.status == "in-progress" else "canceled", 487)


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
    """The first child that can be talked to; None when all are gone, as `children` tells. The others stop ringing."""
    while children:
        signal = yield Wait(None, (ChildReady, ChildEnded))
        if isinstance(signal, ChildReady):
            for other in children:
                if other is not signal.child:
                    _hang_up(other)
            return signal.child
        if isinstance(signal, ChildEnded) and signal.child in children:
            children.remove(signal.child)
            status = signal.child.status if signal.child.is_over else "completed"
            result |= {"DialCallStatus": status, "DialCallSid": signal.child.sid, "DialBridged": "false"}
    return None


def _talk(call: SimCall, verb: Verb, child: SimCall, children: list[SimCall], result: dict[str, str]) -> Script[None]:
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
    if isinstance(signal, ChildEnded) and not child.is_over:
        # Redirected by REST, it is nobody's child any more.
        children.remove(child)
        return
    finish(child, "completed")
    result["DialCallDuration"] = str(child.duration)
