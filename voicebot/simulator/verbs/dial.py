"""Dial: connects the call with numbers, a conference or a queue, and then asks the action or goes on below."""

from __future__ import annotations

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import DocumentFault, inform, load, resolve
from voicebot.simulator.problems import Problem
from voicebot.simulator.script import Cut, Ended, Script
from voicebot.simulator.twiml import Document, Verb
from voicebot.simulator.verbs.conference import meet
from voicebot.simulator.verbs.number import connect
from voicebot.simulator.verbs.queue import take_out

NOUNS = {"Number": connect, "Conference": meet, "Queue": take_out}


def dial(call: SimCall, verb: Verb, document: Document) -> Script[Document | None]:
    """Without action it falls through. Cut by REST, or with the caller gone, the action is told, and not obeyed."""
    if call.is_whispering:
        raise DocumentFault(Problem(13201, "a whisper connects nobody; it ends, and then the two are connected"), "")
    action = resolve(document, verb.attributes["action"]) if verb.attributes.get("action") else ""
    result = {"DialCallStatus": "canceled"}
    try:
        noun = verb.children[0].name if verb.children else "Number"
        yield from NOUNS[noun](call, verb, document, result)
    except (Cut, Ended):
        if action:
            inform(call, verb.method(), action, call.form() | result)
        raise
    return (yield from load(call, Source(action, verb.method()), result)) if action else None
