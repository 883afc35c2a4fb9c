"""Running a call again from its journal and pins, and comparing every document byte for byte."""

from __future__ import annotations

from dataclasses import dataclass, replace

from voicebot import __version__
from voicebot.errors import VoicebotError
from voicebot.flows.bundle import Bundle
from voicebot.flows.engine import begin
from voicebot.flows.events import EVENT
from voicebot.flows.state import Callee, State
from voicebot.phone.twiml import Page
from voicebot.phone.urls import CallUrls
from voicebot.services.centre import pinned_bundle
from voicebot.services.conversation import step
from voicebot.store import documents, journal
from voicebot.store.database import Database
from voicebot.store.journal import Entry


@dataclass(frozen=True)
class ReplayReport:
    """What came of running a call again. `difference` is the first one, in a sentence; empty when there is none.

    `erased`: the call's private values are gone, so that it cannot be run again; the chain alone was verified.
    `software` is the version that the call was made with.
    """

    call_id: str
    events: int
    documents: int
    software: str
    erased: bool = False
    difference: str = ""

    @property
    def same(self) -> bool:
        """Whether every event led to the same actions, and every document has the same bytes."""
        return not self.difference and not self.erased


def replay(db: Database, call_id: str) -> ReplayReport:
    """Run a call again. Raises VoicebotError when there is no such call."""
    entries = journal.read(db, "call", call_id)
    if not entries or entries[0].kind != "opened":
        raise VoicebotError(f"call {call_id}", "there is no such call.", "`voicebot calls` lists them.")
    events = [entry for entry in entries if entry.kind == "event"]
    stored = {row["number"]: row["body"] for row in documents.of_call(db, call_id)}
    report = ReplayReport(call_id, len(events), len(stored), str(entries[0].versions.get("software", "")))
    broken = journal.verify(db, "call", call_id)
    if broken is not None:
        return replace(report, difference=f"journal entry {broken.sequence}: {broken.problem}.")
    if any(entry.erased for entry in (entries[0], *events)):
        return replace(report, erased=True)
    difference = _run(db, entries[0], events, stored)
    return replace(report, difference=_explained(difference, report.software))


def _explained(difference: str, software: str) -> str:
    if difference and software != __version__:
        return f"{difference} The call was made by voicebot {software}; this is {__version__}."
    return difference


def _run(db: Database, opened: Entry, events: list[Entry], stored: dict[int, str]) -> str:
    """The first difference, or an empty text."""
    bundle, state, page = _beginning(db, opened)
    rendered: dict[int, str] = {}
    for entry in events:
        private = entry.private or {}
        number = entry.body["document"] or 0
        done = step(bundle, state, EVENT.validate_python(private["event"]), replace(page, number=number))
        if [action.model_dump(mode="json") for action in done.actions] != private["actions"]:
            return f"journal entry {entry.sequence} ({private['event']['kind']}): other actions follow."
        state = done.state
        if number:
            rendered[number] = done.body or ""
    return next(filter(None, (_compared(number, stored, rendered) for number in sorted({*stored, *rendered}))), "")


def _beginning(db: Database, opened: Entry) -> tuple[Bundle, State, Page]:
    """The call as it was opened: flow, state, and the page before its first document."""
    pinned = opened.body
    bundle = pinned_bundle(db, pinned["flow"])
    callee = Callee.model_validate((opened.private or {})["callee"])
    urls = CallUrls(pinned["base_url"], opened.subject_id, pinned["token"])
    return bundle, begin(bundle, callee), Page(urls, 0, callee.opt_out_key)


def _compared(number: int, stored: dict[int, str], rendered: dict[int, str]) -> str:
    if number not in stored:
        return f"document {number}: it follows from the journal, but was never kept."
    if number not in rendered:
        return f"document {number}: it was kept, but nothing in the journal leads to it."
    old, new = stored[number], rendered[number]
    if old == new:
        return ""
    place = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new))
    )
    window = slice(max(0, place - 20), place + 40)
    return f"document {number}, character {place + 1}: it was {old[window]!r} and is now {new[window]!r}."
