"""Redirect, Hangup and Reject: the verbs that say where to go next."""

from __future__ import annotations

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import load, resolve
from voicebot.simulator.lifecycle import finish
from voicebot.simulator.script import Ended, Script, Wait
from voicebot.simulator.twiml import Document, Verb


def redirect(call: SimCall, verb: Verb, document: Document) -> Script[Document]:
    """The document that follows; without a URL the present one again."""
    return (yield from load(call, Source(resolve(document, verb.text), verb.method())))


def hang_up(_call: SimCall, _verb: Verb, _document: Document) -> Script[None]:
    """The call ends."""
    yield Wait(0)
    raise Ended


def reject(call: SimCall, verb: Verb, _document: Document) -> Script[None]:
    """An inbound call is refused without being answered (and costs nothing); an answered one is hung up."""
    if call.status == "ringing":
        # Over, and with it this script: the wait below is never resumed.
        finish(call, "busy" if verb.get("reason", "rejected") == "busy" else "no-answer", 486)
    yield Wait(0)
    raise Ended
