"""Placing calls: what is asked of the provider, what stands in the way, and what its answers lead to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.dialer.loop.rig import (
    EASTERN,
    FLOW,
    MONDAY,
    PACIFIC,
    Rig,
    add_lead,
    campaign,
    number,
    refusal,
    rig,
)
from voicebot.leads.hashing import number_hash
from voicebot.services import campaigns, suppression
from voicebot.services.suppression import OptingOut
from voicebot.store import journal, outbox
from voicebot.store.database import SuppressedError
from voicebot.timestamps import from_text, to_text


@pytest.fixture
def made(tmp_path: Path) -> Rig:
    return campaign(rig(tmp_path))


def opt_out(made: Rig, index: int = 0) -> None:
    digest = made.db.value("SELECT hash FROM numbers WHERE e164 = :e164", e164=number(index))
    with made.db.transaction():
        suppression.suppress(made.db, OptingOut(digest, "manual", made.at))


def test_a_call_is_written_down_and_carries_our_id(made: Rig) -> None:
    report = made.loop().tick(made.now)
    assert report.placed == 1
    (call,), (attempt,), (enrolment,) = made.phone.calls, made.attempts(), made.enrolments()
    assert (call.to, call.from_) == (number(0), "+12025550100")
    assert (attempt["id"], attempt["status"], attempt["sid"]) == ("1-1", "posted", call.sid)
    assert f"/voice/{attempt['id']}/answer" in made.phone.urls[call.sid]
    assert (enrolment["status"], enrolment["attempts"]) == ("in_call", 1)
    kinds = [entry.kind for entry in journal.read(made.db, "attempt", "1-1")]
    assert kinds == ["reserved", "posted", "placed"]


def test_a_whole_call_closes_the_lead(made: Rig) -> None:
    loop = made.loop()
    loop.tick(made.now)
    made.wait(5)
    made.answer("1-1")
    made.wait(5)
    made.end("1-1")
    (attempt,), (enrolment,) = made.attempts(), made.enrolments()
    assert attempt["status"] == "ended"
    assert attempt["outcome"] == enrolment["outcome"] != ""
    for _ in range(50):
        loop.tick(made.wait(3600))
    assert len(made.phone.calls) == 1


def test_calls_are_spaced_and_capped(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path), 8)
    loop = made.loop()
    assert [loop.tick(made.wait(0.5)).placed for _ in range(9)] == [1, 0, 1, 0, 1, 0, 1, 0, 1]
    assert [loop.tick(made.wait(1)).placed for _ in range(5)] == [0] * 5  # five calls are open
    made.end("1-1", "busy")
    assert loop.tick(made.wait(1)).placed == 1


def test_two_dialers_keep_the_rate_together(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path), 4)
    one, two = made.loop("one"), made.loop("two")
    placed = [loop.tick(made.now).placed for _ in range(3) for loop in (one, two) if made.wait(0.25)]
    assert sum(placed) == 2
    assert len({call.to for call in made.phone.calls}) == 2


def test_nobody_is_dialled_outside_the_hours_of_any_zone(tmp_path: Path) -> None:
    made = rig(tmp_path)
    made.now = MONDAY.replace(hour=14)  # 10:00 in New York, 07:00 in California
    add_lead(made, number(0), zones=EASTERN + PACIFIC)
    campaign(made, 0)
    loop = made.loop()
    while not loop.tick(made.now).placed:
        made.wait(60)
        assert made.now < MONDAY.replace(hour=17)
    assert made.now == MONDAY.replace(hour=16)


def test_a_lead_that_became_due_too_late_is_moved(made: Rig) -> None:
    made.now = MONDAY.replace(hour=23) + timedelta(hours=2)  # 21:00 in New York
    assert made.loop().tick(made.now).passed == 1
    (enrolment,) = made.enrolments()
    assert enrolment["next_at"] == to_text(MONDAY.replace(day=2, hour=13))
    assert enrolment["blocked_why"] == ""
    assert made.phone.calls == []


@pytest.mark.parametrize(
    ("lead", "why"),
    [
        ({"consent": ""}, "no consent is recorded"),
        ({"zones": ()}, "the time zone is unknown"),
        ({"zones": ("Mars/Olympus",)}, "unknown: Mars/Olympus"),
        ({"name": ""}, "the flow needs name"),
    ],
)
def test_what_is_not_known_to_be_allowed_is_not_dialled(tmp_path: Path, lead: dict[str, object], why: str) -> None:
    made = rig(tmp_path)
    add_lead(made, number(0), **lead)  # type: ignore[arg-type]
    campaign(made, 0)
    loop = made.loop()
    for _ in range(60):
        loop.tick(made.wait(3600))
    assert made.phone.calls == []
    (enrolment,) = made.enrolments()
    assert why in enrolment["blocked_why"]
    assert enrolment["next_at"] > made.at
    blocked = [entry for entry in journal.read(made.db, "enrolment", 1) if entry.kind == "blocked"]
    assert len(blocked) <= 1, "the same reason every day"
    assert why in next(iter(campaigns.progress(made.db, "first").held))


def test_a_record_that_was_completed_is_dialled_the_next_day(tmp_path: Path) -> None:
    made = rig(tmp_path)
    add_lead(made, number(0), zones=())
    campaign(made, 0)
    with made.db.transaction():
        made.db.execute("""UPDATE numbers SET zones = '["America/New_York"]'""")
    assert made.loop().tick(made.wait(24 * 3600)).placed == 1


def test_one_person_is_one_person(tmp_path: Path) -> None:
    made = rig(tmp_path)
    add_lead(made, number(0))
    add_lead(made, number(1), person_id=1)
    campaign(made, 0)
    campaigns.create(made.centre, "second", FLOW, made.at)
    campaigns.enrol(made.centre, "second", "fresh", made.at)
    campaigns.move(made.db, "second", "running", made.at)
    loop = made.loop()
    for _ in range(5):
        loop.tick(made.wait(1))
    assert len(made.phone.calls) == 1, "on another line with us"
    for turn in range(200):
        for attempt in made.attempts():
            if attempt["status"] == "posted":
                made.end(attempt["id"], "no_answer")
        loop.tick(made.wait(60))
        if turn == 100:
            assert len(made.phone.calls) == 3, "three in 24 hours, over two numbers and two campaigns"
    assert len(made.phone.calls) == 3


# --- opting out -------------------------------------------------------------------------------------------------------


def test_an_opt_out_that_came_after_enrolling_ends_the_work(made: Rig) -> None:
    opt_out(made)
    assert made.loop().tick(made.now).placed == 0
    assert made.enrolments()[0]["status"] == "done"


def test_a_number_suppressed_behind_the_enrolments_back_is_not_dialled(made: Rig) -> None:
    with made.db.transaction():
        made.db.execute(
            "INSERT INTO suppressions (number_hash, source, created_at) SELECT hash, 'import', :at FROM numbers",
            at=made.at,
        )
    assert made.loop().tick(made.now).passed == 1
    (enrolment,) = made.enrolments()
    assert (enrolment["status"], enrolment["blocked_why"]) == ("done", "the number is on the do-not-call record")


def test_an_opt_out_between_reserving_and_asking_stops_the_call(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path))
    commits: list[str] = []

    def hook(moment: str) -> None:
        commits.append(moment)
        if len(commits) == 2:  # the attempt has just been reserved
            made.db.on_commit = None
            opt_out(made)

    made.db.on_commit = hook
    loop = made.loop()
    loop._swept_at = made.now  # nothing to sweep: the first commit is the reservation
    assert loop.tick(made.now).withdrawn == 1
    assert made.phone.calls == []
    assert made.attempts()[0]["status"] == "refused"
    assert made.enrolments()[0]["status"] == "done"


def test_an_opt_out_while_the_provider_is_asked_takes_the_call_back(made: Rig) -> None:
    place = made.phone.place

    def slow(**request: object) -> str:
        sid = place(**request)  # type: ignore[arg-type]
        opt_out_with_outbox(made)
        return sid

    made.phone.place = slow  # type: ignore[method-assign]
    made.loop().tick(made.now)
    assert ("cancel", made.phone.calls[0].sid) in made.phone.asked


def opt_out_with_outbox(made: Rig) -> None:
    """As a webhook of the person's other call would do it."""
    digest = made.db.value("SELECT hash FROM numbers WHERE e164 = :e164", e164=number(0))
    with made.db.transaction():
        for live in suppression.suppress(made.db, OptingOut(digest, "key", made.at)).live:
            outbox.add(made.db, "cancel", "call", str(live.call_id), made.at)


def test_the_database_itself_refuses(made: Rig) -> None:
    opt_out(made)
    with pytest.raises(SuppressedError), made.db.transaction():
        made.db.execute(
            """INSERT INTO attempts (id, number_hash, to_number, from_number, status, created_at)
            SELECT 'x', hash, e164, '', 'reserved', :at FROM numbers""",
            at=made.at,
        )


def test_a_full_spool_is_drained_before_anybody_is_dialled(made: Rig) -> None:
    digest = made.db.value("SELECT hash FROM numbers")
    suppression.spool_opt_out(made.db, OptingOut(digest, "key", made.at))
    report = made.loop().tick(made.now)
    assert (report.drained, report.placed) == (1, 0)
    assert made.enrolments()[0]["status"] == "done"


# --- what the provider answers ----------------------------------------------------------------------------------------


def test_an_opt_out_spooled_during_the_tick_stops_the_call(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path))

    def spooled(moment: str) -> None:
        if moment == "after" and made.attempts() and not suppression.spool_pending(made.db):
            suppression.spool_opt_out(made.db, OptingOut(number_hash(number(0), "s" * 32), "key", made.at))

    made.db.on_commit = spooled
    assert made.loop().tick(made.now).placed == 0
    made.db.on_commit = None
    made.loop().tick(made.wait(120))
    assert made.phone.calls == []
    assert made.enrolments()[0]["outcome"] == "opted_out"


def test_a_provider_that_answers_slowly_cannot_make_a_telephone_ring_after_its_hours(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path), 2)
    made.now = MONDAY.replace(hour=23, minute=50)  # ten to eight in New York
    made.loop().tick(made.now)
    assert len(made.phone.calls) == 1
    assert made.loop().tick(made.wait(1), lambda: made.now + timedelta(minutes=11)).placed == 0
    assert made.enrolments()[1]["next_at"][:16] == "2026-06-02T13:00"


def test_a_number_that_does_not_exist(made: Rig) -> None:
    made.phone.answers = [refusal(21211, permanent=True)]
    assert made.loop().tick(made.now).refused == 1
    (attempt,), (enrolment,) = made.attempts(), made.enrolments()
    assert (attempt["status"], attempt["outcome"]) == ("refused", "invalid_number")
    assert (enrolment["status"], enrolment["outcome"]) == ("done", "invalid_number")
    assert made.db.value("SELECT status FROM numbers") == "invalid"
    assert made.db.value("SELECT status FROM calls") == "failed"


def test_a_refusal_that_is_not_the_leads_fault(made: Rig) -> None:
    made.phone.answers = [refusal(20003, permanent=False)]
    loop = made.loop()
    report = loop.tick(made.now)
    assert (report.withdrawn, report.placed) == (1, 0)
    assert "no (code 20003)" in report.problem
    (enrolment,) = made.enrolments()
    assert (enrolment["status"], enrolment["attempts"]) == ("due", 0)
    assert loop.tick(made.wait(30)).problem == report.problem
    assert loop.next_due(made.now) <= made.now + timedelta(seconds=30)
    assert loop.tick(made.wait(31)).placed == 1
    assert [attempt["id"] for attempt in made.attempts()] == ["1-1", "1-2"]


def test_machines_are_detected_only_where_the_flow_and_the_centre_want_it(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path))
    made.loop().tick(made.now)
    assert made.phone.amd == ["detect"]


def test_the_loop_knows_when_it_is_needed(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path), 2)
    loop = made.loop()
    assert loop.next_due(made.now) == made.now
    loop.tick(made.now)
    assert loop.next_due(made.now) == made.now + timedelta(seconds=1)
    campaigns.move(made.db, "first", "paused", made.at)
    assert loop.next_due(made.now) == made.now + timedelta(seconds=30)
    assert loop.tick(made.wait(1)).placed == 0
    campaigns.move(made.db, "first", "running", made.at)
    assert loop.tick(made.now).placed == 1


def test_who_was_promised_a_call_comes_first(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path), 3)
    made.wait(60)
    with made.db.transaction():
        made.db.execute("UPDATE enrolments SET callback_at = :at, next_at = :at WHERE id = 3", at=made.at)
    made.loop().tick(made.now)
    assert made.phone.calls[0].to == number(2)
    assert from_text(made.enrolments()[2]["next_at"]) == made.now


@pytest.mark.parametrize(
    ("last", "promised", "hours"), [("partial", False, 20), ("partial", True, 1), ("transfer_failed", False, 1)]
)
def test_who_has_talked_with_us_is_left_alone_unless_they_wait_for_us(
    made: Rig, last: str, promised: bool, hours: float
) -> None:
    loop = made.loop()
    loop.tick(made.now)
    made.answer("1-1")
    made.end("1-1")
    ended = made.now
    with made.db.transaction():
        made.db.execute("UPDATE calls SET outcome = :last", last=last)
        made.db.execute(
            "UPDATE enrolments SET status = 'due', outcome = :last, next_at = :at, callback_at = :wish",
            last=last,
            at=to_text(ended + timedelta(hours=1)),
            wish=to_text(ended + timedelta(hours=1)) if promised else "",
        )
    while len(made.phone.calls) == 1:
        loop.tick(made.wait(600))
    assert made.now - ended == timedelta(hours=hours)


def test_a_lead_that_was_left_without_an_hour_is_judged_again(made: Rig) -> None:
    with made.db.transaction():
        made.db.execute("UPDATE enrolments SET next_at = '', blocked_why = 'the time zone is unknown'")
    loop = made.loop()
    loop.tick(made.now)
    assert loop.tick(made.wait(24 * 3600)).placed == 1


def test_a_campaign_whose_flow_is_lost_does_not_hold_up_the_others(made: Rig) -> None:
    add_lead(made, number(1), list_name="other")
    campaigns.create(made.centre, "second", FLOW, made.at)
    campaigns.enrol(made.centre, "second", "other", made.at)
    campaigns.move(made.db, "second", "running", made.at)
    with made.db.transaction():
        made.db.execute("UPDATE campaigns SET flow_pin = 'gone' WHERE name = 'first'")
        made.db.execute("UPDATE enrolments SET next_at = '2026-01-01T00:00:00.000Z' WHERE campaign_id = 1")
    report = made.loop().tick(made.now)
    assert (report.passed, report.placed) == (1, 1)
    assert "the flow of this call is gone" in made.enrolments()[0]["blocked_why"]
