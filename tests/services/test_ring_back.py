"""Whoever missed us and rings back goes on with the campaign's own flow, and is never on two lines at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dialer.loop.rig import FLOW, Rig, add_lead, number, rig
from voicebot.flows.events import Ended, Heard, Pressed, Reading
from voicebot.services import campaigns, suppression
from voicebot.services.replay import replay
from voicebot.services.suppression import OptingOut
from voicebot.store import calls, journal
from voicebot.store.database import Row
from voicebot.timestamps import plus

OWN_WORDS, LINE = "Hello Alex, this is Springwood Water", "not be called"
HIDDEN = "+266696687"


class Killed(BaseException):
    pass


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Rig]:
    """A running campaign with one lead, whose flow is continued and tries again after an hour."""
    centre = start(tmp_path)
    yield centre
    centre.db.close()


def start(folder: Path, inbound: str = "continue") -> Rig:
    made = rig(folder)
    text = FLOW.read_text(encoding="utf-8").replace("times: 0", "times: 5")
    flow = folder / "short.yaml"
    flow.write_text(text.replace("type: outbound", f"type: outbound\ninbound: {inbound}"), encoding="utf-8")
    add_lead(made, number(0))
    campaigns.create(made.centre, "first", flow, made.at)
    campaigns.enrol(made.centre, "first", "fresh", made.at)
    campaigns.move(made.db, "first", "running", made.at)
    return made


def dialled(made: Rig, end: str = "no_answer") -> None:
    """They are dialled, and do not come to the telephone."""
    made.loop().tick(made.now)
    made.wait(20)
    made.end("1-1", end)  # type: ignore[arg-type]


def ring(made: Rig, caller: str = "", sid: str = "CAin") -> str:
    """Somebody rings us; the first thing they hear."""
    body = made.board.inbound(sid, caller or number(0), made.at)
    made.board.flush(made.at)
    return body


def call(made: Rig, call_id: str = "in-CAin") -> Row:
    found = calls.load(made.db, call_id)
    assert found is not None
    return found


def enrolment(made: Rig) -> Row:
    [row] = made.enrolments()
    return row


def concluded(made: Rig) -> list[str]:
    """The calls that have updated the enrolment."""
    return [entry.body["call"] for entry in journal.read(made.db, "enrolment", 1) if entry.kind == "concluded"]


def finish(made: Rig, call_id: str = "in-CAin") -> None:
    """They press 1, hear the goodbye, and the line is gone."""
    made.wait(5)
    made.board.handle(call_id, 1, Pressed(at=made.at, digits="1"))
    made.wait(5)
    made.end(call_id)


# --- who goes on ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["no_answer", "busy", "failed"])
def test_whoever_missed_us_hears_our_first_words(made: Rig, end: str) -> None:
    dialled(made, end)
    made.wait(600)
    assert OWN_WORDS in ring(made)
    row = call(made)
    assert (row["direction"], row["enrolment_id"], row["lead_id"], row["flow"]) == ("inbound", 1, 1, "short")


def test_their_call_ends_the_enrolment_once(made: Rig) -> None:
    dialled(made)
    made.wait(600)
    ring(made)
    finish(made)
    finish(made)
    row = enrolment(made)
    assert (row["status"], row["outcome"], row["contacts"]) == ("done", "completed", 1)
    assert concluded(made) == ["1-1", "in-CAin"]
    assert replay(made.db, "in-CAin").same


def test_a_promised_call_is_continued_however_long_ago_we_talked(made: Rig) -> None:
    dialled(made)
    with made.db.transaction():
        made.db.execute(
            "UPDATE enrolments SET outcome = 'callback', callback_at = :at, next_at = :at", at=plus(made.at, 10**6)
        )
        made.db.execute("UPDATE attempts SET posted_at = '2025-01-01T00:00:00.000Z'")
    assert OWN_WORDS in ring(made)


def test_the_same_request_twice_is_one_call(made: Rig) -> None:
    dialled(made)
    assert ring(made) == ring(made)
    assert made.db.value("SELECT count(*) FROM calls WHERE direction = 'inbound'") == 1


def test_opting_out_on_it_counts_as_on_any_call(made: Rig) -> None:
    dialled(made)
    ring(made)
    made.board.handle("in-CAin", 1, Heard(at=made.at, readings=(Reading(text="never call me again", confidence=0.9),)))
    made.end("in-CAin")
    assert made.db.value("SELECT source FROM suppressions") == "inbound"
    assert (enrolment(made)["status"], enrolment(made)["outcome"]) == ("done", "opted_out")


def test_their_call_counts_soon_though_nobody_tells_of_its_end(made: Rig) -> None:
    """A number may be set up without a status callback."""
    dialled(made)
    ring(made)
    made.wait(5)
    made.board.handle("in-CAin", 1, Pressed(at=made.at, digits="1"))
    made.wait(121)
    made.loop().tick(made.now)
    assert enrolment(made)["status"] == "done"


# --- who does not -----------------------------------------------------------------------------------------------------


def heard_the_line(made: Rig, caller: str = "") -> bool:
    body = ring(made, caller)
    return OWN_WORDS not in body and call(made)["flow"] == "opt_out" and call(made)["enrolment_id"] is None


def test_nobody_who_was_not_dialled(made: Rig) -> None:
    assert heard_the_line(made)


@pytest.mark.parametrize("caller", ["+12125550177", HIDDEN, "anonymous"])
def test_nobody_unknown(made: Rig, caller: str) -> None:
    dialled(made)
    assert heard_the_line(made, caller)


def test_nobody_whom_we_reached(made: Rig) -> None:
    made.loop().tick(made.now)
    made.answer("1-1")
    finish(made, "1-1")
    assert heard_the_line(made)


def test_nobody_who_opted_out(made: Rig) -> None:
    dialled(made)
    digest = made.db.value("SELECT hash FROM numbers")
    with made.db.transaction():
        suppression.suppress(made.db, OptingOut(digest, "manual", made.at))
    assert heard_the_line(made)


def test_nobody_after_a_week(made: Rig) -> None:
    dialled(made)
    made.now += timedelta(days=8)
    assert heard_the_line(made)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE campaigns SET status = 'paused'",
        "UPDATE enrolments SET status = 'review'",
        "UPDATE enrolments SET status = 'done'",
    ],
)
def test_nobody_whose_campaign_rests(made: Rig, change: str) -> None:
    dialled(made)
    with made.db.transaction():
        made.db.execute(change)
    assert heard_the_line(made)


def test_nobody_where_the_flow_does_not_allow_it(tmp_path: Path) -> None:
    made = start(tmp_path, "separate")
    dialled(made)
    assert heard_the_line(made)
    made.db.close()


def test_nobody_who_is_talking_with_us_already(made: Rig) -> None:
    made.loop().tick(made.now)
    made.answer("1-1")
    made.board.handle("1-1", 1, Heard(at=made.at, readings=(Reading(text="hm", confidence=0.9),)))
    assert heard_the_line(made)
    assert ("cancel", made.phone.calls[0].sid) not in made.phone.asked


# --- one person, one call ---------------------------------------------------------------------------------------------


def test_a_dial_that_is_due_waits_until_they_have_rung_off(made: Rig) -> None:
    dialled(made)
    ring(made)
    made.now += timedelta(hours=2)
    made.loop().tick(made.now)
    assert len(made.phone.calls) == 1
    assert enrolment(made)["status"] == "due"


@pytest.mark.parametrize("picked_up", [False, True])
def test_a_ringing_dial_is_called_off_and_does_not_count(made: Rig, picked_up: bool) -> None:
    """Also where their machine has answered it meanwhile, as it does when a line is busy with calling us."""
    made.loop().tick(made.now)
    if picked_up:
        made.answer("1-1")
    assert OWN_WORDS in ring(made)
    assert made.phone.asked[-1] == ("cancel", made.phone.calls[0].sid)
    made.end("1-1", "canceled")
    assert concluded(made) == []
    assert enrolment(made)["status"] == "in_call"
    finish(made)
    assert concluded(made) == ["in-CAin"]
    assert (enrolment(made)["status"], enrolment(made)["failures"]) == ("done", 0)


def test_news_of_the_dial_after_their_call_changes_nothing(made: Rig) -> None:
    made.loop().tick(made.now)
    ring(made)
    finish(made)
    before = tuple(enrolment(made))
    made.end("1-1", "canceled")
    assert tuple(enrolment(made)) == before
    assert concluded(made) == ["in-CAin"]
    assert made.attempts()[0]["status"] == "ended"


def test_who_rings_between_being_chosen_and_being_dialled_is_not_dialled(made: Rig) -> None:
    dialled(made)
    made.now += timedelta(hours=2)

    def rings(moment: str) -> None:
        if moment == "after" and len(made.attempts()) == 2:  # it has just been written down
            made.db.on_commit = None
            assert OWN_WORDS in made.board.inbound("CAin", number(0), made.at)

    made.db.on_commit = rings
    made.loop().tick(made.now)
    assert call(made)["status"] == "in_progress"
    assert len(made.phone.calls) == 1
    assert [attempt["status"] for attempt in made.attempts()] == ["ended", "refused"]
    finish(made)
    assert enrolment(made)["status"] == "done"
    assert made.board.sweep(plus(made.at, 600)) == 0


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_the_commit_they_are_taken_up_once(made: Rig, moment: str) -> None:
    made.loop().tick(made.now)

    def die(when: str) -> None:
        if when == moment:
            raise Killed

    made.db.on_commit = die
    with pytest.raises(Killed):
        ring(made)
    made.db.on_commit = None
    assert OWN_WORDS in ring(made)
    made.board.sweep(plus(made.at, 5))
    assert [asked for asked in made.phone.asked if asked[0] == "cancel"] == [("cancel", made.phone.calls[0].sid)]
    made.end("1-1", "canceled")
    finish(made)
    assert concluded(made) == ["in-CAin"]


def test_a_later_dial_counts_again(made: Rig) -> None:
    dialled(made)
    ring(made)
    made.wait(5)
    made.board.ended("in-CAin", Ended(at=made.at, status="completed"))  # they say nothing and ring off
    assert enrolment(made)["status"] == "due"
    made.now += timedelta(days=1)
    made.loop().tick(made.now)
    assert len(made.phone.calls) == 2
    made.end("1-2", "busy")
    assert concluded(made) == ["1-1", "in-CAin", "1-2"]
