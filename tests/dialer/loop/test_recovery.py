"""Lost answers, lost news, killed processes: no lead is dialled twice, and none is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.dialer.loop.rig import Rig, campaign, number, refusal, rig
from voicebot.dialer.loop import TickReport, run
from voicebot.errors import OutsideError
from voicebot.phone.provider import PhoneUnknown
from voicebot.services import reports
from voicebot.store import cases, journal


@pytest.fixture
def lost(tmp_path: Path) -> Rig:
    """A call was made, and the provider's answer was lost."""
    made = campaign(rig(tmp_path))
    made.phone.answers = ["lost"]
    assert made.loop().tick(made.now).lost == 1
    return made


def pass_time(made: Rig, minutes: int) -> None:
    loop = made.loop()
    for _ in range(minutes):
        loop.tick(made.wait(60))


# --- lost answers -----------------------------------------------------------------------------------------------------


def test_a_lost_answer_is_never_tried_again_blindly(lost: Rig) -> None:
    assert lost.attempts()[0]["status"] == "unknown"
    assert lost.loop().tick(lost.wait(20)).placed == 0
    assert ("find", number(0)) not in lost.phone.asked, "a webhook may still come"
    pass_time(lost, 300)
    assert len(lost.phone.calls) == 1


def test_a_webhook_matches_it(lost: Rig) -> None:
    lost.wait(3)
    lost.answer("1-1")
    assert lost.attempts()[0]["status"] == "answered"
    lost.end("1-1")
    (attempt,) = lost.attempts()
    assert attempt["status"] == "ended"
    pass_time(lost, 5)
    assert ("find", number(0)) not in lost.phone.asked


def test_else_the_providers_list_does(lost: Rig) -> None:
    lost.phone.set_status(lost.phone.calls[0].sid, "busy")
    assert lost.loop().tick(lost.wait(40)).matched == 1
    (attempt,), (enrolment,) = lost.attempts(), lost.enrolments()
    assert (attempt["status"], attempt["sid"], attempt["outcome"]) == ("ended", lost.phone.calls[0].sid, "busy")
    assert enrolment["outcome"] == "busy"


def test_a_call_that_goes_on_is_matched_and_waited_for(lost: Rig) -> None:
    lost.phone.set_status(lost.phone.calls[0].sid, "in_progress")
    lost.loop().tick(lost.wait(40))
    assert lost.attempts()[0]["sid"] == lost.phone.calls[0].sid
    assert lost.enrolments()[0]["status"] == "in_call"
    lost.end("1-1")
    assert lost.attempts()[0]["status"] == "ended"


def test_another_attempts_call_is_not_taken_for_it(lost: Rig) -> None:
    with lost.db.transaction():
        lost.db.execute(
            """INSERT INTO attempts (id, number_hash, to_number, from_number, status, sid, created_at, ended_at)
            SELECT 'other', 'x', to_number, from_number, 'ended', :sid, created_at, created_at FROM attempts""",
            sid=lost.phone.calls[0].sid,
        )
    assert lost.loop().tick(lost.wait(40)).matched == 0


def test_what_stays_unknown_counts_and_a_human_decides(lost: Rig) -> None:
    lost.phone.calls = []
    pass_time(lost, 9)
    assert lost.enrolments()[0]["status"] == "in_call"
    pass_time(lost, 300)
    (attempt,), (enrolment,) = lost.attempts(), lost.enrolments()
    assert attempt["status"] == "unknown"
    assert attempt["ended_at"]
    assert (enrolment["status"], enrolment["attempts"]) == ("review", 1)
    assert [case["call_id"] for case in cases.open_cases(lost.db)] == ["1-1"]
    assert lost.phone.calls == [], "never tried again"
    assert "settled" in [entry.kind for entry in journal.read(lost.db, "attempt", "1-1")]


def test_a_provider_that_does_not_answer_is_asked_again(lost: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: str) -> list[object]:
        raise PhoneUnknown("timeout")

    with monkeypatch.context() as patch:
        patch.setattr(lost.phone, "find", silent)
        pass_time(lost, 20)
        assert lost.enrolments()[0]["status"] == "in_call", "not settled before it was looked for"
    assert lost.loop().tick(lost.wait(60)).matched == 1


# --- lost news --------------------------------------------------------------------------------------------------------


def test_an_overdue_call_is_asked_about(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path))
    made.loop().tick(made.now)
    made.phone.set_status(made.phone.calls[0].sid, "no_answer")
    report = made.loop().tick(made.wait(600))
    assert report.ended == 1
    assert made.enrolments()[0]["outcome"] == "no_answer"


def test_one_that_will_not_end_is_hung_up(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path))
    loop = made.loop()
    loop.tick(made.now)
    sid = made.phone.calls[0].sid
    made.phone.set_status(sid, "in_progress")
    loop.tick(made.wait(600))
    assert ("hang_up", sid) in made.phone.asked
    asked = len(made.phone.asked)
    loop.tick(made.wait(30))
    assert len(made.phone.asked) == asked, "asked once a minute"
    made.phone.set_status(sid, "completed")
    assert loop.tick(made.wait(40)).ended == 1


def test_a_new_process_asks_at_once_what_became_of_the_calls_it_finds(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path), 2)
    first = made.loop()
    first.tick(made.now)
    first.tick(made.wait(1))
    made.phone.set_status(made.phone.calls[1].sid, "busy")
    assert first.tick(made.wait(10)).ended == 0
    assert made.loop().tick(made.wait(10)).ended == 1
    assert [row["outcome"] for row in made.enrolments()] == ["", "busy"]


def test_one_that_the_provider_does_not_know_has_failed(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path))
    made.loop().tick(made.now)
    made.phone.calls = []
    assert made.loop().tick(made.wait(600)).ended == 1
    assert made.enrolments()[0]["outcome"] == "failed"


def test_a_call_that_cannot_be_ended_does_not_keep_the_dialer_from_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign(rig(tmp_path), 2)
    made.loop().tick(made.now)
    made.phone.set_status(made.phone.calls[0].sid, "completed")

    def faulty(*_: object) -> None:
        raise KeyError("flow")

    monkeypatch.setattr("voicebot.services.conversation.notice", faulty)
    report = made.loop().tick(made.wait(600))
    assert (report.ended, report.placed) == (0, 1)
    monkeypatch.undo()
    assert made.loop().tick(made.wait(61)).ended == 1


# --- killed processes -------------------------------------------------------------------------------------------------


class KilledError(BaseException):
    """The process was killed here."""


LEADS = 3


def world_goes_on(made: Rig) -> None:
    """What the provider does meanwhile: every call is answered by nobody, and its webhook comes or is lost."""
    for index, call in enumerate(made.phone.calls):
        if call.status == "queued":
            made.phone.set_status(call.sid, "no_answer")
            attempt = made.db.one("SELECT id FROM attempts WHERE sid = :sid", sid=call.sid)
            if attempt and index % 2:
                made.end(attempt["id"], "no_answer")


def live(made: Rig, seconds: int, step: int = 20) -> None:
    loop = made.loop()
    for _ in range(seconds // step):
        loop.tick(made.wait(step))
        world_goes_on(made)


def killed_at(folder: Path, commit: int, answers: list[Exception | str]) -> tuple[Rig, bool]:
    """A centre whose process is killed at the n-th moment around a commit, and is then started again."""
    made = campaign(rig(folder), LEADS)
    made.phone.answers = list(answers)
    moments = 0

    def hook(_: str) -> None:
        nonlocal moments
        moments += 1
        if moments == commit:
            raise KilledError

    made.db.on_commit = hook
    died = False
    try:
        live(made, 200)
    except KilledError:
        died = True
    made.db.close()
    reborn = rig(folder)
    reborn.phone, reborn.now = made.phone, made.now
    reborn.phone.clock = lambda: reborn.now
    return reborn, died


ANSWERS: dict[str, list[Exception | str]] = {
    "well": [],
    "lost": ["", "lost", PhoneUnknown("timeout")],
    "refused": [refusal(21211, permanent=True), refusal(20429, permanent=False)],
}


@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_killed_anywhere_no_lead_is_dialled_twice_and_none_is_lost(
    tmp_path: Path, answers: list[Exception | str]
) -> None:
    commit, died = 0, True
    while died:
        commit += 1
        folder = tmp_path / str(commit)
        folder.mkdir()
        made, died = killed_at(folder, commit, answers)
        live(made, 1500)
        dialled = Counter(call.to for call in made.phone.calls)
        assert all(times == 1 for times in dialled.values()), f"killed at {commit}: {dialled}"
        assert [row["status"] in ("done", "review") for row in made.enrolments()] == [True] * LEADS, f"at {commit}"
        assert [row for row in made.attempts() if not row["ended_at"]] == []
        assert reports.invariants(made.db) == []
        made.db.close()
    assert commit > 15, "the process was killed at far too few places"


# --- the runner -------------------------------------------------------------------------------------------------------


def test_the_runner_sleeps_until_something_is_due(tmp_path: Path) -> None:
    made = campaign(rig(tmp_path), 2)
    slept: list[float] = []
    heard: list[TickReport] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        made.wait(seconds)

    run(made.loop(), clock=lambda: made.now, sleep=sleep, stop=lambda: len(slept) == 3, tell=heard.append)
    assert [report.placed for report in heard] == [1, 1, 0]
    assert slept[0] == 1
    assert slept[1] == 30


@pytest.mark.parametrize("fault", [OutsideError("bot.db", "the database is locked."), KeyError("locked")])
def test_no_fault_ends_the_runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    made = campaign(rig(tmp_path))
    loop = made.loop()
    tick, failures, heard = loop.tick, [fault], list[TickReport]()

    def failing(now: object, clock: object = None) -> TickReport:
        if failures:
            raise failures.pop()
        return tick(made.now)

    monkeypatch.setattr(loop, "tick", failing)
    slept: list[float] = []
    run(loop, clock=lambda: made.now, sleep=slept.append, stop=lambda: len(slept) == 2, tell=heard.append)
    assert "locked" in heard[0].problem
    assert slept[0] == 10
    assert heard[1].placed == 1


@pytest.mark.parametrize("rate", [0.3, 3.0, 7.0])
def test_the_loop_never_asks_to_be_called_in_vain(tmp_path: Path, rate: float) -> None:
    """A scheduler that calls it at `next_due` must not be held at one moment for ever."""
    made = campaign(rig(tmp_path), 12)
    made.centre = replace(made.centre, settings=replace(made.centre.settings, calls_per_second=rate))
    loop = made.loop()
    last, end = made.now, made.now + timedelta(hours=3)
    while made.now < end:
        report = loop.tick(made.now)
        due = loop.next_due(made.now)
        assert due > made.now or any(vars(report).values())
        if made.now.minute % 7 == 0:
            world_goes_on(made)
        last, made.now = made.now, max(due, made.now)
    assert last < end
    assert len(made.phone.calls) == 12
