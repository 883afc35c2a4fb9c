"""Gather: prompts, then keys or words, then the action; or on to the next verb when nothing came."""

from __future__ import annotations

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import inform, load, resolve
from voicebot.simulator.script import Cut, Script, Wait, until
from voicebot.simulator.signals import Pressed, SpeechEnded, SpeechStarted
from voicebot.simulator.twiml import Document, Verb
from voicebot.simulator.verbs.sound import pause, play, say

PROMPTS = {"Say": say, "Play": play, "Pause": pause}
MAX_SPEECH = 60.0
# Seconds of silence that end an utterance when speechTimeout is `auto`.
AUTO_END = 0.8


def gather(call: SimCall, verb: Verb, document: Document) -> Script[Document | None]:
    """Both kinds of input may be listened for; the kind that comes first is the only one that counts."""
    inputs = verb.get("input", "dtmf").split()
    kinds = (Pressed,) * ("dtmf" in inputs) + (SpeechStarted,) * ("speech" in inputs)
    call.note("line", "listening", f"{' '.join(inputs)} {_limits(verb)}".strip())
    cuts = kinds if verb.flag("bargeIn", default=True) else tuple(kind for kind in kinds if kind is Pressed)
    try:
        first = yield from until(cuts, _prompts(call, verb, document))
        if first is None:
            first = yield Wait(verb.number("timeout", 5), kinds)
    except Cut:
        if call.world.idle_gather_asks:
            action = resolve(document, verb.get("action", ""))
            inform(call, verb.method(), action, call.form() | _nothing(inputs))
        raise
    form = {}
    if isinstance(first, Pressed):
        form = yield from _keys(verb, first.key)
    elif isinstance(first, SpeechStarted):
        form = yield from _words(call, verb, document)
    if not form and verb.flag("actionOnEmptyResult", default=False):
        form = _nothing(inputs)
    if not form:
        call.note("line", "no input")
        return None
    action = resolve(document, verb.get("action", ""))
    return (yield from load(call, Source(action, verb.method()), form))


def _nothing(inputs: list[str]) -> dict[str, str]:
    """What an action is told where nothing came."""
    return {"Digits": ""} if "dtmf" in inputs else {"SpeechResult": ""}


def _prompts(call: SimCall, verb: Verb, document: Document) -> Script[None]:
    for prompt in verb.children:
        yield from PROMPTS[prompt.name](call, prompt, document)


def _keys(verb: Verb, key: str) -> Script[dict[str, str]]:
    """The keys up to the finish key (which is not part of them), the number wanted, or a pause of `timeout`."""
    finish, wanted = verb.get("finishOnKey", "#"), verb.number("numDigits", 10**9)
    digits = ""
    while key != finish:
        digits += key
        if len(digits) >= wanted:
            break
        signal = yield Wait(verb.number("timeout", 5), (Pressed,))
        if not isinstance(signal, Pressed):
            break
        key = signal.key
    return {"Digits": digits} if digits else {}


def _words(call: SimCall, verb: Verb, document: Document) -> Script[dict[str, str]]:
    """What is said until a silence of `speechTimeout`; utterances before that belong together."""
    end = verb.get("speechTimeout", verb.get("timeout", "5"))
    silence = AUTO_END if end == "auto" else float(end)
    parts: list[SpeechEnded] = []
    while True:
        ended = yield Wait(verb.number("maxSpeechTime", int(MAX_SPEECH)), (SpeechEnded,))
        if not isinstance(ended, SpeechEnded):
            break
        if ended.words:
            parts.append(ended)
            _partial(call, verb, document, " ".join(part.words for part in parts))
        if (yield Wait(silence, (SpeechStarted,))) is None:
            break
    if not parts:
        return {}
    form = {"SpeechResult": " ".join(part.words for part in parts)}
    known = [part.confidence for part in parts if part.confidence is not None]
    return form | ({"Confidence": str(round(min(known), 8))} if known else {})


def _partial(call: SimCall, verb: Verb, document: Document, words: str) -> None:
    """Tell the partialResultCallback what is understood so far; its answer is ignored."""
    if url := verb.get("partialResultCallback", ""):
        form = call.form() | {"UnstableSpeechResult": words}
        inform(call, verb.method("partialResultCallbackMethod"), resolve(document, url), form)


def _limits(verb: Verb) -> str:
    shown = ("numDigits", "finishOnKey", "timeout", "speechTimeout")
    return " ".join(f"{name}={verb.attributes[name]}" for name in shown if name in verb.attributes)
