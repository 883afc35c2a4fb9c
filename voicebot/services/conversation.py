"""One event on one call, inside the caller's transaction: advance, apply, journal, render, keep.

Rule: `step` is pure and does everything that decides the bytes of a document; `replay` runs it again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any

from voicebot import __version__, metrics
from voicebot.flows.actions import AnyAction, AnyLine, Line, OptOut
from voicebot.flows.bundle import Bundle
from voicebot.flows.engine import advance, opts_out
from voicebot.flows.events import AnyEvent, Deafened, Faulted, Heard, Pressed
from voicebot.flows.state import State
from voicebot.phone.twiml import Page, render
from voicebot.phone.urls import CallUrls
from voicebot.services import effects
from voicebot.services.centre import Centre, pinned_bundle
from voicebot.store import calls, documents, journal, outbox, seen
from voicebot.store.database import Row

ROUNDS = 8
"""Events that one event may cause (a transfer with nobody there, and again); more than that is a flow in a circle."""

PUBLIC: dict[str, tuple[str, ...]] = {
    "answered": ("hearing",),
    "cancel_transfer": ("transfer", "why"),
    "conclude": ("outcome", "grade", "reason", "review"),
    "deafened": ("why",),
    "detected": ("answered_by",),
    "ended": ("status",),
    "moved": ("steps",),
    "opt_out": ("by",),
    "start_transfer": ("transfer", "queue"),
    "transferred": ("result", "agent"),
    "understood": ("intent", "option", "score", "uncertain"),
    "valued": ("slot", "of"),
}
"""What the journal may keep for good of an event or an action; everything else is private and can be erased."""


# --- pure -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """What one event comes to. `problem` tells of a fault, after which the callee hears an apology."""

    state: State
    actions: tuple[AnyAction, ...]
    body: str | None
    problem: str = ""

    @property
    def line(self) -> AnyLine | None:
        """What the callee hears next, if the line is told something new."""
        return next((action for action in self.actions if isinstance(action, Line)), None)


def step(bundle: Bundle, state: State, event: AnyEvent, page: Page) -> Step:
    """Advance the call and render its next document. A fault of the flow or of ours ends in an apology."""
    try:
        return _advanced(bundle, state, event, page)
    except Exception as fault:  # whatever it is, the callee must hear something
        problem = f"{type(fault).__name__}: {fault}"[:500]
        apology = _advanced(bundle, state, Faulted(at=event.at, problem=problem), page)
        return replace(_rescued(bundle, state, event, apology), problem=problem)


def _advanced(bundle: Bundle, state: State, event: AnyEvent, page: Page) -> Step:
    after, actions = advance(bundle, state, event)
    line = actions[-1] if actions and isinstance(actions[-1], Line) else None
    return Step(after, actions, render(line, replace(page, language=after.language)) if line else None)


def _rescued(bundle: Bundle, state: State, event: AnyEvent, apology: Step) -> Step:
    """The apology, with the opting out that the faulty turn would have lost."""
    evidence = _opting_out(bundle, state, event)
    if evidence is None or apology.state.opted_out:
        return apology
    by = OptOut(by="key" if isinstance(event, Pressed) else "words", evidence=evidence)
    after = apology.state.model_copy(update={"opted_out": True, "outcome": "opted_out"})
    return replace(apology, state=after, actions=(by, *apology.actions))


def _opting_out(bundle: Bundle, state: State, event: AnyEvent) -> str | None:
    """The keys or words that opt out; None when they do not. Never raises."""
    try:
        if not opts_out(bundle, state, event):
            return None
    except Exception:  # it runs because something is broken already
        if not (isinstance(event, Pressed) and state.callee.opt_out_key in event.digits):
            return None
    match event:
        case Pressed(digits=digits):
            return digits
        case Heard(readings=readings):
            return readings[0].text
        case _:
            return None


def event_key(event: AnyEvent) -> str:
    """What tells a request from any other to the same document: the event without its moment."""
    text = event.model_dump_json(exclude={"at"})
    return f"{event.kind}:{sha256(text.encode()).hexdigest()[:32]}"


def page_of(call: Row, state: State, number: int) -> Page:
    """Where document `number` of a call stands."""
    return Page(CallUrls(call["base_url"], call["id"], call["token"]), number, state.callee.opt_out_key)


# --- in the transaction -----------------------------------------------------------------------------------------------


def carry(centre: Centre, call: Row, event: AnyEvent, key: str) -> str | None:
    """Carry `event` through the call, with all it causes; the new document, or None when the line goes on as it is."""
    db, bundle = centre.db, pinned_bundle(centre.db, call["pin"])
    state = State.model_validate_json(call["state"])
    page = page_of(call, state, call["document"] + 1)
    body: str | None = None
    line: AnyLine | None = None
    waiting: deque[AnyEvent] = deque([event])
    for turn in range(ROUNDS + 1):
        if not waiting:
            break
        now = waiting.popleft()
        if turn == ROUNDS:
            now, waiting = Faulted(at=event.at, problem="the flow asks for agents in a circle"), deque()
        done = step(bundle, state, now, page)
        state, body, line = done.state, done.body or body, done.line or line
        _write_down(centre, call, now, done, page.number)
        for action in done.actions:
            news = effects.apply(centre, call, action, now.at)
            if news is not None:
                waiting.append(news)
    if body is not None:
        documents.insert(db, call["id"], page.number, key, body, event.at)
    calls.advance(
        db,
        call["id"],
        document=page.number if body is not None else call["document"],
        state=state.model_dump_json(),
        phase=state.phase,
        language=state.language,
        outcome=state.outcome or "",
    )
    if isinstance(event, Deafened):
        metrics.DEAFENED.labels(event.why).inc()
    if line is not None:
        db.when_committed(partial(centre.ears.line, call["id"], page.number, line, event.at))
    return body


def notice(centre: Centre, call_id: str, event: AnyEvent, key: str) -> bool:
    """News that comes beside the line, counted once. Where the callee must be told, their live call is moved to it.

    False when there is no such call, or the line goes on as it is.
    """
    call = calls.load(centre.db, call_id)
    if call is None or not seen.first_time(centre.db, f"{call_id}:{key}", call_id, event.at):
        return False
    if carry(centre, call, event, key) is None:
        return False
    outbox.add(centre.db, "move", "call", call_id, event.at, document=call["document"] + 1)
    return True


def _write_down(centre: Centre, call: Row, event: AnyEvent, done: Step, number: int) -> None:
    private: dict[str, Any] = {
        "event": event.model_dump(mode="json"),
        "actions": [action.model_dump(mode="json") for action in done.actions],
    }
    body: dict[str, Any] = {
        "event": _public(private["event"]),
        "actions": [_public(action) for action in private["actions"]],
        "document": number if done.body is not None else None,
    }
    if done.problem:  # its words may quote the callee
        body["problem"], private["problem"] = done.problem.partition(":")[0], done.problem
    journal.append(
        centre.db,
        ("call", call["id"]),
        "event",
        event.at,
        body,
        private=private,
        versions={"software": __version__, "flow": call["pin"]},
    )


def _public(values: Mapping[str, Any]) -> dict[str, Any]:
    kind: str = values["kind"]
    return {"kind": kind, **{name: values[name] for name in PUBLIC.get(kind, ())}}
