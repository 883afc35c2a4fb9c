"""Text messages that come in: opting out, asking who we are, and what a human has to read."""

from __future__ import annotations

import pytest

from tests.services.rig import SETTINGS, Rig
from voicebot.leads.hashing import number_hash
from voicebot.phone.params import ReceivedMessage
from voicebot.services import replies, suppression
from voicebot.services.suppression import OptingOut
from voicebot.store import cases, journal
from voicebot.store.database import Row

ANN, STRANGER = "+12025550150", "+12025550199"


def write(rig: Rig, body: str, sender: str = ANN, sid: str = "", opt_out: str = "", media: int = 0) -> str:
    """Send us a message; what it is answered with. Each has an id of its own unless one is given."""
    at = rig.tick()
    news = ReceivedMessage(sid or f"SM-{at}", sender, "+12025550100", body, opt_out, media)
    answer = replies.receive(rig.centre, news, at)
    rig.board.flush(rig.now)
    return answer


def kept(rig: Rig) -> list[Row]:
    return rig.db.rows("SELECT * FROM messages ORDER BY created_at")


def suppress(rig: Rig, e164: str) -> None:
    with rig.db.transaction():
        suppression.suppress(rig.db, OptingOut(number_hash(e164, SETTINGS.secret), "manual", rig.now))


# --- opting out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "opt_out"), [("STOP", ""), ("退订", ""), ("arrêtez", "STOP"),
                                               ("Please stop calling me", "")])  # fmt: skip
def test_stopping_ends_calls_too(rig: Rig, body: str, opt_out: str) -> None:
    ringing = rig.open(e164=ANN)
    rig.status(ringing, "ringing")
    assert write(rig, body, opt_out=opt_out) == ""
    row = rig.db.one("SELECT * FROM suppressions")
    assert row is not None
    assert (row["source"], row["evidence"]) == ("message", body)
    assert rig.phone.of("cancel") == [f"CA-{ringing}"]
    assert rig.db.value("SELECT status FROM enrolments") == "done"
    assert cases.open_cases(rig.db) == []


def test_a_stranger_may_stop(rig: Rig) -> None:
    write(rig, "STOP", sender=STRANGER)
    assert rig.suppressed(STRANGER)
    assert kept(rig)[0]["person_id"] is None


@pytest.mark.parametrize("sender", ["Amazon", "72345", "+266696687"])
def test_what_is_no_number_is_kept_and_nothing_else(rig: Rig, sender: str) -> None:
    assert write(rig, "STOP", sender=sender) == ""
    assert write(rig, "How are you?", sender=sender) == ""
    assert rig.db.value("SELECT count(*) FROM suppressions") == 0
    assert cases.open_cases(rig.db) == []
    assert len(kept(rig)) == 2


def test_the_message_is_committed_with_the_opting_out_or_neither(rig: Rig) -> None:
    def die(moment: str) -> None:
        raise KeyboardInterrupt(moment)

    rig.open(e164=ANN)
    rig.db.on_commit = die
    with pytest.raises(KeyboardInterrupt):
        write(rig, "STOP", sid="SM1")
    rig.db.on_commit = None
    assert not rig.suppressed(ANN)
    assert kept(rig) == []
    write(rig, "STOP", sid="SM1")
    assert rig.suppressed(ANN)


# --- coming back ------------------------------------------------------------------------------------------------------


def test_only_a_human_lets_somebody_in_again(rig: Rig) -> None:
    rig.open(e164=ANN)
    write(rig, "STOP")
    assert write(rig, "START", opt_out="START") == ""
    assert rig.suppressed(ANN)
    [case] = cases.open_cases(rig.db)
    assert "consent anew" in case["note"]
    assert case["lead_id"] == 1


# --- help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "part"), [("HELP", "Write STOP"), ("帮助", "回复TD")])
def test_who_we_are_is_told_in_their_language(rig: Rig, body: str, part: str) -> None:
    rig.open(e164=ANN)
    answer = write(rig, body)
    assert part in answer
    assert "+12025550100" in answer
    assert cases.open_cases(rig.db) == []


def test_where_the_provider_answers_help_we_do_not(rig: Rig) -> None:
    assert write(rig, "HELP", opt_out="HELP") == ""


def test_nobody_who_has_opted_out_is_answered(rig: Rig) -> None:
    suppress(rig, STRANGER)
    assert write(rig, "HELP", sender=STRANGER) == ""


# --- words ------------------------------------------------------------------------------------------------------------


def test_words_are_kept_and_read_by_a_human_once(rig: Rig) -> None:
    rig.open(e164=ANN)
    write(rig, "Ring me tomorrow at three")
    write(rig, "And bring the blue one")
    write(rig, "goodbye")
    [case] = cases.open_cases(rig.db)
    assert (case["kind"], case["lead_id"]) == ("review", 1)
    assert [row["case_id"] for row in kept(rig)] == [case["id"], case["id"], None]
    entries = journal.read(rig.db, "person", 1)
    assert [entry.body["intent"] for entry in entries] == ["call_back_later", "none", "goodbye"]
    assert entries[0].private == {"text": "Ring me tomorrow at three"}
    assert "three" not in case["note"]


def test_after_the_case_is_closed_another_is_opened(rig: Rig) -> None:
    write(rig, "Where are you?", sender=STRANGER)
    [case] = cases.open_cases(rig.db)
    with rig.db.transaction():
        cases.close_case(rig.db, case["id"])
    write(rig, "Are you there?", sender=STRANGER)
    assert len(cases.open_cases(rig.db)) == 1


def test_a_complaint_is_one(rig: Rig) -> None:
    write(rig, "I want to make a complaint, terrible service", sender=STRANGER)
    assert cases.open_cases(rig.db)[0]["kind"] == "complaint"


def test_a_picture_is_for_a_human(rig: Rig) -> None:
    write(rig, "", media=1)
    assert len(cases.open_cases(rig.db)) == 1


def test_a_repeated_message_changes_nothing_and_is_answered_the_same(rig: Rig) -> None:
    rig.open(e164=ANN)
    first = write(rig, "HELP", sid="SM1")
    assert first
    suppress(rig, ANN)
    assert write(rig, "HELP", sid="SM1") == first
    assert len(kept(rig)) == 1


def test_what_may_be_an_opt_out_holds_every_call(rig: Rig) -> None:
    rig.open(e164=ANN)
    write(rig, "go away")
    assert rig.db.value("SELECT status FROM enrolments") == "review"
    assert not rig.suppressed(ANN)
    [case] = cases.open_cases(rig.db)
    assert "opt-out may have been meant" in case["note"]
