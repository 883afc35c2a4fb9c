"""Start, Stop and Connect with a Stream (https://www.twilio.com/docs/voice/twiml/stream)."""

from __future__ import annotations

from voicebot.simulator.call import Callback, SimCall, Source
from voicebot.simulator.documents import load, resolve
from voicebot.simulator.script import Afterwards, Script, Wait
from voicebot.simulator.signals import Pressed, StreamClosed
from voicebot.simulator.streams import StreamPlan, start_stream
from voicebot.simulator.twiml import Document, Verb


def start(call: SimCall, verb: Verb, document: Document) -> Script[None]:
    """A stream of what is heard on the call; the next verb does not wait for it."""
    yield Wait(0)
    start_stream(call, _plan(verb.children[0], document, is_bidirectional=False))


def stop(call: SimCall, verb: Verb, _document: Document) -> Script[None]:
    """End the stream of that name; where there is none nothing happens."""
    yield Wait(0)
    name = verb.children[0].get("name", "")
    for stream in call.streams:
        if name in (stream.plan.name, stream.sid) and not stream.plan.is_bidirectional:
            stream.stop()


def connect(call: SimCall, verb: Verb, document: Document) -> Script[Document | None]:
    """A stream in both directions; the next verb waits until the application closes it."""
    yield Wait(0)
    stream = start_stream(call, _plan(verb.children[0], document, is_bidirectional=True))
    with Afterwards(stream.stop):
        while stream.status != "stopped":
            signal = yield Wait(None, (Pressed, StreamClosed))
            if isinstance(signal, Pressed):
                stream.pressed(signal.key)
    if call.mind:
        call.mind.left_alone()
    if not (action := verb.attributes.get("action", "")):
        return None
    return (yield from load(call, Source(resolve(document, action), verb.method()), {"StreamSid": stream.sid}))


def _plan(noun: Verb, document: Document, *, is_bidirectional: bool) -> StreamPlan:
    callback = None
    if url := noun.get("statusCallback", ""):
        callback = Callback(resolve(document, url), noun.method("statusCallbackMethod"))
    parameters = {one.attributes["name"]: one.get("value", "") for one in noun.children if one.get("name", "")}
    track = noun.get("track", "inbound_track")
    return StreamPlan(noun.get("url", ""), noun.get("name", ""), track, parameters, callback, is_bidirectional)
