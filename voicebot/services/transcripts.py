"""What was said and done on a call, read from the journal for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voicebot.flows.actions import (
    ACTION,
    AnyAction,
    CancelTransfer,
    Conclude,
    LeftMessage,
    Line,
    Moved,
    OpenCase,
    OptOut,
    SendMessage,
    StartTransfer,
    Understood,
    Valued,
)
from voicebot.flows.events import (
    EVENT,
    Answered,
    AnyEvent,
    BargedIn,
    Deafened,
    Detected,
    Ended,
    Faulted,
    Heard,
    Hearing,
    Pressed,
    Recorded,
    Silence,
    StillSpeaking,
    Transferred,
    TransferResult,
    WhyDeaf,
)
from voicebot.services.discarding import SOUND
from voicebot.store import journal
from voicebot.store.database import Database
from voicebot.store.journal import Entry

Who = Literal["bot", "callee", "agent", "line", "note"]


@dataclass(frozen=True)
class Spoken:
    """One recognized word, with its seconds from the beginning of the stream, or of the recorded answer."""

    text: str
    start: float
    end: float
    confidence: float | None = None


@dataclass(frozen=True)
class Said:
    """One line of a transcript. `at` is the moment in UTC text; `note` says how it was taken.

    `words` are those of a callee, where they are known one by one.
    """

    at: str
    who: Who
    text: str
    note: str = ""
    words: tuple[Spoken, ...] = ()


ERASED = "(erased)"


def transcript(db: Database, call_id: str) -> list[Said]:
    """All that happened on a call, oldest first. Private values that were erased are said to be."""
    return [said for entry in journal.read(db, "call", call_id) for said in _said(entry)]


def _said(entry: Entry) -> Iterator[Said]:
    if entry.kind == "message":
        yield from _message_line(entry)
    if entry.kind == SOUND and entry.body["provider"] == "not deleted":
        yield Said(entry.at, "note", f"the provider still has the sound of an answer ({entry.body['recording']})")
    if entry.kind != "event":
        return
    if entry.private is None:
        yield from _without_private(entry)
        return
    event: AnyEvent = EVENT.validate_python(entry.private["event"])
    actions: list[AnyAction] = [ACTION.validate_python(action) for action in entry.private["actions"]]
    yield from event_lines(event, actions)


def _message_line(entry: Entry) -> Iterator[Said]:
    """What became of a text message; that it was wished is told by the event that did."""
    status, why = entry.body["status"], entry.body.get("why") or entry.body.get("code")
    if status != "reserved":
        yield Said(entry.at, "note", MESSAGE_NEWS[status] + (f" ({why})" if why else ""))


MESSAGE_NEWS: dict[str, str] = {
    "not written": "the text message cannot be sent",
    "sent": "the text message was sent",
    "delivered": "the text message was delivered",
    "undelivered": "the text message was not delivered",
    "failed": "the text message could not be sent",
    "refused": "the text message was not sent",
    "unknown": "nobody knows whether the text message was sent",
}
"""What became of a message, for people, by what the journal says."""


def _without_private(entry: Entry) -> Iterator[Said]:
    event, actions = entry.body["event"], entry.body["actions"]
    yield Said(entry.at, "line", f"{event['kind']} {ERASED}")
    for action in actions:
        if action["kind"] == "conclude":
            yield Said(entry.at, "note", f"outcome {action['outcome']}")


def event_lines(event: AnyEvent, actions: list[AnyAction]) -> Iterator[Said]:
    """The lines for one event and what the bot did about it."""
    first = _event_line(event)
    if first is not None:
        yield Said(event.at, first[0], first[1], _taken_as(actions), _words(event))
    for action in actions:
        for who, text in _action_lines(action):
            yield Said(event.at, who, text)


def _words(event: AnyEvent) -> tuple[Spoken, ...]:
    best = event.readings[0].words if isinstance(event, Heard) else ()
    return tuple(Spoken(word.text, word.start, word.end, word.confidence) for word in best)


def _event_line(event: AnyEvent) -> tuple[Who, str] | None:
    said = _callee_line(event)
    if said:
        return "callee", said
    match event:
        case Answered():
            return "line", "answered" + HEARD_BY[event.hearing]
        case Deafened():
            return "line", f"we hear nothing any more ({DEAF[event.why]}); the provider listens from now on"
        case Detected():
            return "line", f"answered by: {event.answered_by.replace('_', ' ')}"
        case Transferred():
            return "agent", _agent_line(event)
        case Ended():
            return "line", f"ended: {event.status.replace('_', ' ')}"
        case Faulted():
            return "note", f"fault: {event.problem}"
        case _:
            return None


def _callee_line(event: AnyEvent) -> str:
    """What the callee did, where it is they who did something."""
    match event:
        case Pressed():
            return f"pressed {event.digits}"
        case Heard():
            heard = event.readings[0]
            sure = "" if heard.confidence is None else f" ({heard.confidence:.2f})"
            return f"said: {heard.text}{sure}"
        case Silence():
            return "said nothing"
        case StillSpeaking():
            return "is still speaking"
        case BargedIn():
            return "speaks while the prompt plays: it is cut"
        case Recorded():
            return f"was recorded for {event.seconds:g} seconds"
        case _:
            return ""


HEARD_BY: dict[Hearing, str] = {
    "provider": "",
    "stream": ", heard on the call's own stream",
    "recording": ", answers are recorded and transcribed",
}
"""Who recognizes speech, for people."""

DEAF: dict[WhyDeaf, str] = {
    "not_opened": "the stream was not opened",
    "lost": "the stream broke",
    "recognizer": "the recognizer failed",
    "overloaded": "more calls than we can hear",
    "transcription": "a recording could not be transcribed",
}
"""Why we stopped listening, for people."""

RESULTS: dict[TransferResult, str] = {
    "accepted": "took the call",
    "declined": "declined",
    "busy": "was busy",
    "no_answer": "did not answer",
    "failed": "could not be rung",
    "nobody": "nobody is free",
    "ended": "the talk is over",
}
"""What became of a transfer, for people; the last two are said of no agent."""


def _agent_line(event: Transferred) -> str:
    said = RESULTS[event.result]
    return said if event.result in ("nobody", "ended") else f"{event.agent or 'the agent'} {said}"


def _taken_as(actions: list[AnyAction]) -> str:
    """How an answer was taken: the answer it counted as, the value read from it, and the reading behind it."""
    moved = next((action.answer for action in actions if isinstance(action, Moved) and action.answer), "")
    read = next((action for action in actions if isinstance(action, Understood)), None)
    reading = f"{read.intent} {read.score:.2f}{', uncertain' if read.uncertain else ''}" if read else ""
    valued = next((action for action in actions if isinstance(action, Valued)), None)
    notes = (
        f"answer {moved}" if moved else "",
        _value(valued) if valued else "",
        f"heard as {reading}" if reading else "",
    )
    return " · ".join(filter(None, notes))


def _value(read: Valued) -> str:
    until = f" to {read.until}" if read.until else ""
    return f"{read.value}{until} ({read.of} in: {read.heard})"


def _action_lines(action: AnyAction) -> Iterator[tuple[Who, str]]:
    match action:
        case OptOut():
            yield "note", f"written down: never to be called again (by {action.by}: {action.evidence})"
        case StartTransfer():
            card = ", ".join(f"{name} {value}" for name, value in action.card.items() if value)
            whom = f"queue {action.queue}" if action.queue else action.number
            yield "note", f"an agent is asked for ({whom})" + (f"; card: {card}" if card else "")
        case CancelTransfer():
            yield "note", f"the transfer is given up ({action.why.replace('_', ' ')})"
        case SendMessage():
            yield "note", f"text message wished: {action.text}"
        case OpenCase():
            owner = f" for {action.owner}" if action.owner else ""
            yield "note", f"a case is opened{owner}: {action.about} ({action.note}), due {action.due_at}"
        case LeftMessage():
            yield "note", "the message for machines was left"
        case Conclude():
            yield "note", _result(action)
        case Line():
            for speech in action.prompts:
                yield "bot", speech.text
            yield from _listening(action)
        case _:
            pass


def _listening(line: Line) -> Iterator[tuple[Who, str]]:
    kind = getattr(line, "kind", "")
    if kind == "bridge":
        yield "note", "put through to the agent"
    elif kind == "close":
        yield "line", "we hang up"


def _result(end: Conclude) -> str:
    """The result of a call in a line."""
    parts = [f"outcome {end.outcome}"]
    parts += [f"{name} {value}" for name, value in (("grade", end.grade), ("reason", end.reason)) if value]
    parts += [f"call back at {end.callback_at}"] if end.callback_at else []
    parts += ["to be reviewed by a human"] if end.review else []
    return ", ".join(parts)
