"""Text messages that a flow sends: written down, sent once, never to somebody who has opted out."""

from __future__ import annotations

import pytest

from tests.services.rig import SETTINGS, Rig, refused, unknown
from voicebot.flows.events import Pressed
from voicebot.leads.hashing import number_hash
from voicebot.phone.params import MessageNews
from voicebot.phone.provider import PhoneRefused
from voicebot.phone.urls import token
from voicebot.services import messages, suppression
from voicebot.services.replay import replay
from voicebot.services.suppression import OptingOut
from voicebot.store import journal
from voicebot.store import messages as store
from voicebot.store.database import Row, SuppressedError

ANN = "+12025550150"


class Killed(BaseException):
    pass


def asked(rig: Rig) -> str:
    """A call that has been answered, and asked for the address."""
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    rig.press(call_id, "1")
    return call_id


def rows(rig: Rig) -> list[Row]:
    return rig.db.rows("SELECT * FROM messages ORDER BY id")


def only(rig: Rig) -> Row:
    [row] = rows(rig)
    return row


def told(rig: Rig, call_id: str) -> list[str]:
    """The statuses that the call's journal tells of its messages."""
    return [entry.body["status"] for entry in journal.read(rig.db, "call", call_id) if entry.kind == "message"]


def news(rig: Rig, status: str, code: int = 0, sid: str = "SM-1") -> None:
    messages.status(rig.centre, only(rig)["id"], MessageNews(sid, status, code), rig.tick())  # type: ignore[arg-type]


def lapse(rig: Rig, seconds: float) -> None:
    rig.board.sweep(rig.tick(seconds))


# --- sent -------------------------------------------------------------------------------------------------------------


def test_it_is_sent_after_the_commit(rig: Rig) -> None:
    call_id = asked(rig)
    row = only(rig)
    assert rig.phone.of("send") == [
        {
            "to": ANN, "from_": "+12025550100", "body": "Ann, we are at 1 Main Street.",
            "status_url": f"https://bot.example/voice/messages/{call_id}-m1/status"
            f"?t={token(SETTINGS.secret, call_id + '-m1')}#rc=2&rp=5xx,ct,rt",
        }
    ]  # fmt: skip
    assert (row["id"], row["status"], row["sid"]) == (f"{call_id}-m1", "sent", "SM-1")
    assert told(rig, call_id) == ["reserved", "sent"]


def test_the_same_text_is_sent_once_per_call(rig: Rig) -> None:
    call_id = asked(rig)
    rig.press(call_id, "1")
    rig.press(call_id, "2")
    assert [sent["body"] for sent in rig.phone.of("send")] == [
        "Ann, we are at 1 Main Street.", "We are open from nine to five.",
    ]  # fmt: skip
    assert [row["id"] for row in rows(rig)] == [f"{call_id}-m1", f"{call_id}-m2"]


def test_a_doubled_request_sends_nothing_more(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    assert rig.press(call_id, "1", document=1) == rig.press(call_id, "1", document=1)
    rig.press(call_id, "2", document=1)
    assert len(rig.phone.of("send")) == 1


def test_a_call_with_messages_replays(rig: Rig) -> None:
    call_id = asked(rig)
    news(rig, "delivered")
    rig.ended(call_id)
    assert replay(rig.db, call_id).same


def test_the_text_is_private(rig: Rig) -> None:
    asked(rig)
    assert not any("Main Street" in row["body"] for row in rig.db.rows("SELECT body FROM journal"))
    assert not any(ANN in row["body"] for row in rig.db.rows("SELECT body FROM journal"))


# --- not sent ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE leads SET consent_kind = ''", "no consent"),
        ("UPDATE numbers SET kind = 'fixed'", "takes no messages"),
        ("UPDATE numbers SET status = 'wrong'", "takes no messages"),
        ("UPDATE numbers SET country = 'FR'", "FR"),
        ("UPDATE numbers SET e164 = 'erased-1'", "not known"),
    ],
)
def test_what_stands_against_a_message_is_told(rig: Rig, change: str, why: str) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    with rig.db.transaction():
        rig.db.execute(change)
        if "leads" in change:
            rig.db.execute("UPDATE lists SET consent_kind = ''")
    rig.press(call_id, "1")
    assert rig.phone.of("send") == []
    [entry] = [entry for entry in journal.read(rig.db, "call", call_id) if entry.kind == "message"]
    assert why in entry.body["why"]


def test_the_database_refuses_a_message_to_a_suppressed_number(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    number = rig.db.one("SELECT * FROM numbers")
    assert number is not None
    with rig.db.transaction():
        suppression.suppress(rig.db, OptingOut(number["hash"], "manual", rig.now))
    with pytest.raises(SuppressedError), rig.db.transaction():
        store.reserve(rig.db, "m", call_id=call_id, number=number, from_number="+1", body="x", at=rig.now)


def test_opting_out_before_it_is_sent_stops_it(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    rig.phone.trouble.append(PhoneRefused(20429, "too many", permanent=False))
    rig.press(call_id, "1")
    assert only(rig)["status"] == "reserved"
    rig.press(call_id, "*")
    lapse(rig, 60)
    assert len(rig.phone.of("send")) == 1
    assert only(rig)["status"] == "refused"
    assert told(rig, call_id) == ["reserved", "refused"]


def test_nothing_is_sent_while_opt_outs_wait(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    suppression.spool_opt_out(rig.db, OptingOut(number_hash("+12025550177", SETTINGS.secret), "key", rig.now))
    rig.press(call_id, "1")
    assert rig.phone.of("send") == []
    suppression.drain_spool(rig.db)
    lapse(rig, 5)
    assert len(rig.phone.of("send")) == 1


# --- refused, lost, killed --------------------------------------------------------------------------------------------


def test_a_lost_answer_is_never_sent_again(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    rig.phone.trouble.append(unknown())
    rig.press(call_id, "1")
    for _ in range(8):
        lapse(rig, 100)
    assert len(rig.phone.of("send")) == 1
    assert only(rig)["status"] == "unknown"
    news(rig, "delivered", sid="SM-late")
    assert (only(rig)["status"], only(rig)["sid"]) == ("delivered", "SM-late")
    assert told(rig, call_id) == ["reserved", "unknown", "delivered"]


def test_a_refusal_for_the_moment_is_tried_again_some_times(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    rig.phone.trouble += [PhoneRefused(20429, "too many", permanent=False)] * 50
    rig.press(call_id, "1")
    for _ in range(20):
        lapse(rig, 40)
    assert len(rig.phone.of("send")) == messages.TRIES
    assert only(rig)["status"] == "refused"


def test_a_refusal_for_good_ends_it(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    rig.phone.trouble.append(refused(21614))
    rig.press(call_id, "1")
    lapse(rig, 60)
    assert len(rig.phone.of("send")) == 1
    assert only(rig)["status"] == "refused"
    assert not rig.suppressed(ANN)


@pytest.mark.parametrize("by", ["refusal", "callback"])
def test_whoever_has_unsubscribed_at_the_provider_is_never_called_again(rig: Rig, by: str) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    other = rig.open("text", e164=ANN)
    rig.status(other, "ringing")
    if by == "refusal":
        rig.phone.trouble.append(refused(21610))
    rig.press(call_id, "1")
    if by == "callback":
        news(rig, "failed", 21610)
        rig.board.flush(rig.now)
    assert rig.suppressed(ANN)
    row = rig.db.one("SELECT source, evidence FROM suppressions")
    assert row is not None
    assert (row["source"], "21610" in row["evidence"]) == ("message", True)
    lapse(rig, 5)
    assert rig.phone.of("cancel") == [f"CA-{other}"]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("at", [0, 1])
def test_killed_around_the_request_it_is_sent_once_at_most(rig: Rig, moment: str, at: int) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)
    rig.board.handle(call_id, 1, _pressed(rig), f"CA-{call_id}")
    commits = iter(range(100))

    def die(when: str) -> None:
        if when == moment and next(commits) == at:
            raise Killed

    rig.db.on_commit = die
    with pytest.raises(Killed):
        messages.flush(rig.centre, rig.phone, rig.tick())
    rig.db.on_commit = None
    for _ in range(3):
        lapse(rig, 60)
    assert len(rig.phone.of("send")) == (0 if (moment, at) == ("after", 0) else 1)
    assert only(rig)["status"] == ("sent" if (at == 0) == (moment == "before") else "unknown")


def test_killed_before_the_turn_is_committed_there_is_no_message(rig: Rig) -> None:
    call_id = rig.open("text", e164=ANN)
    rig.answer(call_id)

    def die(when: str) -> None:
        raise Killed(when)

    rig.db.on_commit = die
    with pytest.raises(Killed):
        rig.board.handle(call_id, 1, _pressed(rig), f"CA-{call_id}")
    rig.db.on_commit = None
    lapse(rig, 60)
    assert rows(rig) == []
    assert rig.phone.of("send") == []


def _pressed(rig: Rig) -> Pressed:
    return Pressed(at=rig.tick(), digits="1")


# --- what became of it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["delivered", "undelivered", "failed"])
def test_an_end_stays_whatever_comes_later_or_twice(rig: Rig, end: str) -> None:
    call_id = asked(rig)
    for status in (end, "sent", "delivered", "undelivered", "failed", end):
        news(rig, status)
    assert only(rig)["status"] == end
    assert only(rig)["ended_at"]
    assert told(rig, call_id) == ["reserved", "sent", end]


def test_news_of_a_message_that_nobody_has_changes_nothing(rig: Rig) -> None:
    messages.status(rig.centre, "7-1-m1", MessageNews("SM-1", "delivered", 0), rig.now)
    assert rows(rig) == []
