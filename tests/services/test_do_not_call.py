"""Opting somebody out by hand takes back what is on its way to them."""

from __future__ import annotations

import pytest

from tests.services.rig import SETTINGS, Rig, unknown
from voicebot.leads.hashing import number_hash
from voicebot.services.do_not_call import suppress_by_hand
from voicebot.services.suppression import OptingOut, Suppressed

ANN = "+12025550150"


def by_letter(rig: Rig, e164: str = ANN) -> Suppressed:
    wish = OptingOut(number_hash(e164, SETTINGS.secret), "manual", rig.tick(), "a letter")
    return suppress_by_hand(rig.board, wish)


def test_ringing_call_is_taken_back(rig: Rig) -> None:
    call_id = rig.open(e164=ANN)
    rig.status(call_id, "ringing")
    assert by_letter(rig).new
    assert rig.suppressed(ANN)
    assert rig.phone.of("cancel") == [f"CA-{call_id}"]
    assert rig.db.value("SELECT count(*) FROM outbox WHERE done_at = ''") == 0


def test_evidence_is_kept(rig: Rig) -> None:
    by_letter(rig)
    row = rig.db.one("SELECT * FROM suppressions")
    assert row is not None
    assert (row["source"], row["evidence"], row["created_at"]) == ("manual", "a letter", rig.now)


def test_campaigns_of_the_person_end(rig: Rig) -> None:
    rig.open(e164=ANN)
    assert len(by_letter(rig).enrolments) == 1
    assert rig.db.value("SELECT status FROM enrolments") == "done"


def test_second_time_is_not_new(rig: Rig) -> None:
    assert by_letter(rig).new
    assert not by_letter(rig).new
    assert rig.db.value("SELECT count(*) FROM suppressions") == 1


def test_wish_holds_although_the_provider_does_not_answer(rig: Rig) -> None:
    call_id = rig.open(e164=ANN)
    rig.status(call_id, "ringing")
    rig.phone.trouble.append(unknown())
    by_letter(rig)
    assert rig.suppressed(ANN)
    assert rig.db.value("SELECT count(*) FROM outbox WHERE done_at = ''") == 1


def test_crash_before_the_commit_leaves_nothing(rig: Rig) -> None:
    def die(moment: str) -> None:
        raise KeyboardInterrupt(moment)

    rig.db.on_commit = die
    with pytest.raises(KeyboardInterrupt):
        by_letter(rig)
    rig.db.on_commit = None
    assert not rig.suppressed(ANN)
    assert rig.phone.of("cancel") == []
