"""What is heard while one waits, in a queue or for a conference: a document over and over, of few verbs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping

from voicebot.simulator.call import SimCall, Source
from voicebot.simulator.documents import DocumentFault, load
from voicebot.simulator.problems import Problem
from voicebot.simulator.script import Script, Wait
from voicebot.simulator.twiml import Document, Verb

Actor = Callable[[SimCall, Verb, Document], Generator[Wait, object, Document | None]]
Actors = Mapping[str, Actor]


class Left(Exception):  # noqa: N818
    """Raised by <Leave>: the waiting is over."""


def music(call: SimCall) -> Script[None]:
    """Twilio's own music, for as long as it takes; nobody loses patience."""
    call.note("app", "played", "(hold music)")
    if call.mind:
        call.mind.is_entertained()
    yield Wait(None)


def loop(call: SimCall, source: Source, actors: Actors, code: int, form: Callable[[], dict[str, str]]) -> Script[None]:
    """Carry out the document of a waitUrl again and again, asked for with `form()`.

    Raises DocumentFault, with `code` for a verb that is not among `actors`, and Left.
    """
    while True:
        began = call.world.queue.now()
        yield from once(call, load(call, source, form()), actors, code)
        if (call.world.queue.now() - began).total_seconds() < 1:
            yield Wait(1)


def once(call: SimCall, first: Script[Document], actors: Actors, code: int) -> Script[None]:
    """Carry out a document, and those that it leads to, once."""
    step: Generator[Wait, object, Document | None] = first
    while (document := (yield from step)) is not None:
        step = _perform(call, document, actors, code)


def _perform(call: SimCall, document: Document, actors: Actors, code: int) -> Script[Document | None]:
    for verb in document.verbs:
        if verb.name == "Hangup" and document.verbs[0].name == "Play" and len(document.verbs) == 2:
            break  # a sound file in place of a document: here it does not end the call
        if verb.name not in actors:
            problem = Problem(code, f"<{verb.name}>; allowed are {', '.join(actors)}", fatal=True)
            raise DocumentFault(problem, document.url)
        following = yield from actors[verb.name](call, verb, document)
        if following is not None:
            return following
    return None
