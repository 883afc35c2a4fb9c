from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from voicebot.cli import server
from voicebot.services.ears import StreamEars, inline
from voicebot.timestamps import from_text


@pytest.fixture(params=server.ENDS)
def number(request: pytest.FixtureRequest) -> Iterator[signal.Signals]:
    """Each way of telling a worker to end; how this process takes it is put back."""
    before = {one: signal.getsignal(one) for one in server.ENDS}
    yield request.param
    for one, handler in before.items():
        signal.signal(one, handler)


def test_whoever_is_told_to_end_lets_go_of_the_streams_and_then_ends(number: signal.Signals) -> None:
    ears = StreamEars({}, lambda: from_text("2026-03-02T15:00:00.000Z"), capacity=1, pools=inline())
    ended: list[tuple[int, bool]] = []
    signal.signal(number, lambda told, _frame: ended.append((told, ears.is_closed)))
    server._close_when_told_to_end(ears)
    signal.raise_signal(number)
    assert ended == [(number, True)]
