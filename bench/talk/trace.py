"""One call as both sides wrote it down: what the callee did and when (the simulator's log), and what became of it (the
journal).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from voicebot.demo.voice import CarriedVoice
from voicebot.flows.actions import Ask
from voicebot.nlu.text import split
from voicebot.services.listening import listening_to
from voicebot.speech.ear import Listening
from voicebot.store import calls, documents, journal
from voicebot.store.database import Database

BYTES_PER_SECOND = 8000

DOCUMENT = re.compile(r"[?&]d=(\d+)")
"""Which document a URL of ours is about."""

LANGUAGE = "en-US"


@dataclass(frozen=True)
class Spoken:
    """Something that the callee said, and when its sound began and ended on the line."""

    words: str
    began: datetime
    ended: datetime


@dataclass(frozen=True)
class Turn:
    """An event that led to document number `document`; `words` are what was heard, or the keys.

    `asked` is how the callee was listened to before it, and `at` the moment that the event itself tells.
    """

    kind: str
    document: int
    words: str
    asked: Listening | None
    at: datetime


@dataclass(frozen=True)
class Call:
    """`spoken` and `keys` are the callee's doings; `moved` when REST moved the call, by document number.

    `numbers` are those of the documents that are kept; `opened` and `closed` tell of the stream.
    """

    call_id: str
    outcome: str
    spoken: tuple[Spoken, ...]
    keys: tuple[str, ...]
    moved: dict[int, datetime]
    turns: tuple[Turn, ...]
    numbers: tuple[int, ...]
    opened: datetime
    closed: datetime

    @property
    def lost(self) -> Counter[str]:
        """What the callee said or keyed in that no turn was made of."""
        return self._done() - self._counted()

    @property
    def doubled(self) -> Counter[str]:
        """Turns that the callee did nothing for, or not so often."""
        return self._counted() - self._done()

    @property
    def has_gaps(self) -> bool:
        """Whether the documents are anything but 1, 2, 3 and so on."""
        return self.numbers != tuple(range(1, len(self.numbers) + 1))

    @property
    def is_deafened(self) -> bool:
        """Whether the provider had to listen, at any time."""
        return any(turn.kind == "deafened" for turn in self.turns) or self.opened == self.closed

    def _done(self) -> Counter[str]:
        return Counter([*(plain(one.words) for one in self.spoken), *self.keys])

    def _counted(self) -> Counter[str]:
        return Counter(turn.words for turn in self.turns if turn.kind in ("heard", "pressed"))


def plain(words: str) -> str:
    """The words as a recognizer tells them."""
    return " ".join(word for word in split(words) if word[0].isalnum())


def call_of(db: Database, seen: dict[str, Any]) -> Call:
    """A call of the simulator, with what the database knows of it."""
    log = [{**entry, "at": datetime.fromisoformat(entry["at"])} for entry in seen["log"]]
    row = calls.by_sid(db, seen["sid"])
    call_id = row["id"] if row else ""
    opened, closed = ([one["at"] for one in log if one["what"] == what] for what in ("streaming", "stream ended"))
    return Call(
        call_id,
        row["outcome"] if row else "",
        tuple(_spoken(one["text"], one["at"]) for one in log if one["what"] == "spoke"),
        tuple(_keys(log)),
        {int(found[1]): one["at"] for one in log
         if one["what"] == "redirected" and (found := DOCUMENT.search(one["text"]))},
        tuple(_turns(journal.read(db, "call", call_id))),
        tuple(row["number"] for row in documents.of_call(db, call_id)),
        next(iter(opened), log[0]["at"]),
        next(iter(closed), log[0]["at"]),
    )  # fmt: skip


def _spoken(words: str, began: datetime) -> Spoken:
    length = len(CarriedVoice().sound(words, LANGUAGE, 0)) / BYTES_PER_SECOND
    return Spoken(words, began, began + timedelta(seconds=length))


def _keys(log: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What was keyed in at a time, without the key that ends it."""
    keys = ""
    for one in log:
        if one["what"] == "pressed":
            keys += one["text"]
        elif one["what"] == "asked" and keys:
            yield keys.rstrip("#")
            keys = ""
    if keys:
        yield keys


def _turns(entries: Iterable[journal.Entry]) -> Iterator[Turn]:
    events = [entry for entry in entries if entry.kind == "event" and entry.private]
    for before, entry in pairwise([None, *events]):
        assert entry is not None and entry.private is not None  # noqa: S101, PT018  (None is the first one only)
        event = entry.private["event"]
        heard = plain(event["readings"][0]["text"]) if event["kind"] == "heard" else event.get("digits", "")
        asked = _asked(before) if before else None
        yield Turn(event["kind"], entry.body["document"] or 0, heard, asked, datetime.fromisoformat(event["at"]))


def _asked(entry: journal.Entry) -> Listening | None:
    actions = (entry.private or {})["actions"]
    ask = next((action for action in actions if action["kind"] == "ask"), None)
    return listening_to(entry.body["document"], Ask.model_validate(ask)) if ask else None
