from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.world import LATER, NOW, ONE, TWO, Lead, add_number, enrolled, hashed
from voicebot.flows.actions import Conclude
from voicebot.leads.cadence import DAY, Retry
from voicebot.leads.outcomes import OUTCOMES, Outcome
from voicebot.leads.tables import ENROLMENT_STATUSES, GRADES
from voicebot.services.conclusion import Conclusion, Party, conclude
from voicebot.store import cases, enrolments, journal, leads, people
from voicebot.store.database import Database, Row
from voicebot.timestamps import plus


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "test.db", durable=False)
    yield database
    database.close()


def always(moment: str) -> tuple[str, str]:
    return moment, ""


def never(_moment: str) -> tuple[str, str]:
    return "", "no zone is known"


def end(
    db: Database, lead: Lead, outcome: Outcome, retries: Mapping[Outcome, Retry] | None = None, **result: Any
) -> Conclusion | None:
    window = result.pop("window", always)
    party = Party("c1", lead.enrolment, lead.person, lead.hash)
    with db.transaction():
        return conclude(db, party, Conclude(outcome=outcome, **result), LATER, window, retries)


def row(db: Database, lead: Lead) -> Row:
    found = enrolments.enrolment(db, lead.enrolment)
    assert found
    return found


def test_an_interested_lead_is_called_again_and_moves_up(db: Database) -> None:
    lead = enrolled(db, ONE)
    values = {"need": "yes", "authority": "yes", "means": "yes"}
    result = end(db, lead, "screened", grade="interested", values=values)
    assert result == Conclusion("due", plus(LATER, 2 * DAY), "interested")
    after = row(db, lead)
    assert (after["status"], after["stage"], after["grade"], after["contacts"], after["failures"]) == (
        "due", "follow_up", "interested", 1, 0,
    )  # fmt: skip
    shown = leads.lead(db, lead.lead)
    assert shown
    assert (shown["grade"], shown["stage"], shown["priority"]) == ("interested", "follow_up", "A")
    assert journal.read(db, "enrolment", lead.enrolment)[0].body["why"] == "interested"


def test_never_closes_and_keeps_the_reason(db: Database) -> None:
    lead = enrolled(db, ONE)
    assert end(db, lead, "refused", grade="never", reason="price") == Conclusion("done", "", "never")
    shown = leads.lead(db, lead.lead)
    assert shown
    assert (shown["stage"], shown["grade"], shown["reason"], shown["priority"]) == ("closed", "never", "price", "E")


def test_failures_count_until_the_person_is_reached(db: Database) -> None:
    lead = enrolled(db, ONE)
    for count in (1, 2):
        end(db, lead, "busy")
        assert row(db, lead)["failures"] == count
    end(db, lead, "partial")
    assert (row(db, lead)["failures"], row(db, lead)["contacts"]) == (0, 1)


def test_the_persons_wish_is_kept_and_moved_into_the_hours(db: Database) -> None:
    lead = enrolled(db, ONE)
    wish, allowed = plus(LATER, DAY), plus(LATER, DAY + 3600)
    result = end(db, lead, "callback", callback_at=wish, window=lambda moment: (plus(moment, 3600), ""))
    assert result == Conclusion("due", allowed, "as the person wished")
    assert row(db, lead)["callback_at"] == wish


def test_the_flows_own_retry_holds(db: Database) -> None:
    lead = enrolled(db, ONE)
    assert end(db, lead, "voicemail", {"voicemail": Retry(3600, 1)}) == Conclusion(
        "due", plus(LATER, 3600), "voicemail"
    )
    result = end(db, lead, "voicemail", {"voicemail": Retry(3600, 1)})
    assert result == Conclusion("done", "", "voicemail: all tries used up")


def test_no_allowed_hour_blocks_and_says_why(db: Database) -> None:
    lead = enrolled(db, ONE)
    end(db, lead, "busy", window=never)
    after = row(db, lead)
    assert (after["status"], after["next_at"], after["blocked_why"]) == ("due", "", "no zone is known")


@pytest.mark.parametrize(("outcome", "status"), [("wrong_number", "wrong"), ("invalid_number", "invalid")])
def test_a_dead_number_is_rung_nowhere_and_the_person_lives_on(db: Database, outcome: Outcome, status: str) -> None:
    lead = enrolled(db, ONE)
    elsewhere = enrolled(db, ONE, "second", lead.person)
    with db.transaction():
        add_number(db, lead.person, TWO)
    other = enrolled(db, TWO, person=lead.person)
    assert end(db, lead, outcome) == Conclusion("done", "", outcome)
    assert [row(db, each)["status"] for each in (lead, elsewhere, other)] == ["done", "due", "due"]
    moved = leads.lead(db, elsewhere.lead)
    assert moved
    assert moved["e164"] == TWO  # on the first list it is another lead already, on the second it is not
    dead = people.number_by_hash(db, lead.hash)
    assert dead
    assert dead["status"] == status


def test_the_dead_are_called_on_no_number(db: Database) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        add_number(db, lead.person, TWO)
    other = enrolled(db, TWO, "second", lead.person)
    end(db, lead, "deceased")
    assert [row(db, each)["status"] for each in (lead, other)] == ["done", "done"]
    assert [row(db, each)["reason"] for each in (lead, other)] == ["deceased", "deceased"]


def test_an_uncertain_opt_out_freezes_the_person_and_opens_a_case(db: Database) -> None:
    lead = enrolled(db, ONE)
    elsewhere = enrolled(db, ONE, "second", lead.person)
    result = end(db, lead, "partial", review=True)
    assert result
    assert result.status == "review"
    assert [row(db, each)["status"] for each in (lead, elsewhere)] == ["review", "review"]
    (case,) = cases.open_cases(db)
    assert (case["lead_id"], case["call_id"], case["due_at"]) == (lead.lead, "c1", plus(LATER, 2 * DAY))


@pytest.mark.parametrize("held", ["paused", "review"])
def test_a_call_does_not_let_go_of_what_a_human_holds(db: Database, held: str) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        db.execute("UPDATE enrolments SET status = :held", held=held)
    end(db, lead, "busy")
    assert row(db, lead)["status"] == held


def test_an_inbound_caller_has_no_enrolment(db: Database) -> None:
    with db.transaction():
        known = people.add_person(db, NOW)
        add_number(db, known, ONE)
        party = Party("c1", None, known, hashed(ONE))
        assert conclude(db, party, Conclude(outcome="wrong_number", review=True), NOW, always) is None
    number = people.number_by_hash(db, hashed(ONE))
    assert number
    assert number["status"] == "wrong"
    assert len(cases.open_cases(db)) == 1


RESULTS = st.builds(
    Conclude,
    outcome=st.sampled_from(OUTCOMES),
    grade=st.none() | st.sampled_from(GRADES),
    callback_at=st.sampled_from(["", plus(LATER, DAY)]),
    review=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ENROLMENT_STATUSES), RESULTS, st.booleans())
def test_laws(status: str, result: Conclude, allowed: bool) -> None:
    """Only what is due has a next moment, what is done stays done, and why is always told."""
    with TemporaryDirectory() as folder:
        db = Database(Path(folder) / "t.db", durable=False)
        lead = enrolled(db, ONE)
        with db.transaction():
            db.execute("UPDATE enrolments SET status = :status", status=status)
            party = Party("c1", lead.enrolment, lead.person, lead.hash)
            found = conclude(db, party, result, LATER, always if allowed else never)
        after = row(db, lead)
        assert found
        assert found.why
        assert after["status"] == found.status
        assert bool(after["next_at"]) <= (found.status not in ("done", "review") or status == "review")
        if found.status == "due":
            assert after["next_at"] > LATER or after["blocked_why"]
        if status == "done":
            assert found.status == "done"
        assert after["lease_by"] == ""
        db.close()


@pytest.mark.parametrize("outcome", ["wrong_number", "invalid_number"])
def test_a_wrong_number_gives_way_to_the_next_one_of_the_person(db: Database, outcome: Outcome) -> None:
    lead = enrolled(db, ONE)
    with db.transaction():
        other = add_number(db, lead.person, TWO)
    concluded = end(db, lead, outcome)
    assert concluded == Conclusion("due", LATER, "that number was none of theirs; the next one is tried")
    shown = leads.lead(db, lead.lead)
    assert shown
    assert (shown["number_id"], shown["e164"], shown["stage"]) == (other, TWO, "screening")
    party = Party("c2", lead.enrolment, lead.person, hashed(TWO))
    with db.transaction():
        last = conclude(db, party, Conclude(outcome=outcome), LATER, always)
    assert last == Conclusion("done", "", outcome)
    shown = leads.lead(db, lead.lead)
    assert shown
    assert shown["stage"] == "closed"
