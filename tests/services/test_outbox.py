from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest

from tests.services.rig import Rig, new_rig, refused, unknown
from voicebot.flows.events import Answered, Detected, Ended, Pressed
from voicebot.services import legs, outbox
from voicebot.services.replay import replay
from voicebot.timestamps import plus


def _verdict(rig: Rig) -> str:
    call_id = rig.open()
    rig.answer(call_id)
    rig.board.detected(call_id, Detected(at=rig.tick(), answered_by="machine_beep"), f"CA-{call_id}")
    return call_id


def test_a_move_whose_answer_is_lost_is_repeated_a_few_times(rig: Rig) -> None:
    _verdict(rig)
    rig.phone.trouble = [unknown() for _ in range(9)]
    rig.board.flush(rig.tick(0))
    rig.board.flush(rig.tick(0))
    assert len(rig.phone.of("move")) == 1
    for _ in range(9):
        rig.board.flush(rig.tick(30))
    assert len(rig.phone.of("move")) == outbox.TRIES


def test_a_refused_move_is_not_repeated(rig: Rig) -> None:
    _verdict(rig)
    rig.phone.trouble = [refused(20003)]
    rig.board.flush(rig.tick())
    rig.board.flush(rig.tick())
    assert len(rig.phone.of("move")) == 1
    assert rig.db.value("SELECT result FROM outbox") == "refused 20003"


def test_nothing_is_asked_about_a_call_that_is_over(rig: Rig) -> None:
    call_id = _verdict(rig)
    rig.ended(call_id)
    rig.board.flush(rig.tick())
    assert rig.phone.asked == []


def test_a_request_waits_for_the_providers_own_id(rig: Rig) -> None:
    call_id = rig.open()
    rig.board.handle(call_id, 0, Answered(at=rig.tick()))
    rig.board.detected(call_id, Detected(at=rig.tick(), answered_by="machine_beep"))
    assert rig.board.flush(rig.tick()) == 0
    rig.status(call_id, "in_progress")
    assert len(rig.phone.of("move")) == 1


# --- killed between any two commits -------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: nothing catches this."""


class Killer:
    """Kills the process at the n-th commit, before or after it."""

    def __init__(self, moment: Literal["before", "after"], countdown: int) -> None:
        self.moment, self.countdown = moment, countdown

    def __call__(self, moment: Literal["before", "after"]) -> None:
        if moment == self.moment:
            self.countdown -= 1
            if self.countdown == 0:
                raise Killed


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("countdown", range(1, 12))
def test_killed_anywhere_no_agent_is_rung_twice_and_no_caller_is_left_waiting(
    tmp_path: Path, moment: Literal["before", "after"], countdown: int
) -> None:
    rig = new_rig(tmp_path)
    call_id = rig.open()
    rig.db.on_commit = Killer(moment, countdown)
    with suppress(Killed):
        _conversation(rig, call_id)
    rig.db.on_commit = None
    rig.db.close()
    _conversation(rig, call_id)  # the provider asks again, as it does when no answer comes
    rig.board.sweep(rig.tick(outbox.CLAIM_SECONDS + 1))
    rung = [placed["to"] for placed in rig.phone.of("place")]
    assert len(rung) == len(set(rung))
    assert rig.suppressed()
    rig.board.ended(call_id, Ended(at=rig.tick(), status="completed"))
    assert rig.db.value("SELECT count(*) FROM journal WHERE kind = 'concluded'") == 1
    assert rig.call(call_id)["outcome"] == "opted_out"
    assert replay(rig.db, call_id).same
    rig.db.close()


def _conversation(rig: Rig, call_id: str) -> None:
    """The caller asks for an agent, who accepts; then the caller opts out after all."""
    sid = f"CA-{call_id}"
    rig.board.handle(call_id, 0, Answered(at=rig.tick()), sid)
    rig.board.handle(call_id, 1, Pressed(at=rig.tick(), digits="1"), sid)
    rig.board.flush(rig.tick())
    leg = f"{call_id}-1-1"
    legs.answer(rig.centre, leg, rig.tick())
    legs.press(rig.centre, leg, 1, "1", rig.tick())
    rig.board.flush(rig.tick())
    rig.board.handle(call_id, 2, Pressed(at=rig.tick(), digits="*"), sid)
    rig.board.flush(rig.tick())


def test_a_ring_that_was_claimed_and_never_finished_is_given_up(rig: Rig) -> None:
    call_id = rig.open()
    rig.answer(call_id)
    rig.phone.before = _die
    with pytest.raises(Killed):
        rig.press(call_id, "1")
    rig.phone.before = None
    rig.board.sweep(plus(rig.now, outbox.CLAIM_SECONDS + 1))
    assert [placed["to"] for placed in rig.phone.of("place")] == ["+12025550111", "+12025550112"]
    assert "The caller has gone" in rig.leg_answers(f"{call_id}-1-1")


def _die() -> None:
    raise Killed
