"""How a text message moves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialer.message_moves import MESSAGE_STATUSES, MOVES, OF_PROVIDER, OVER, MessageStatus, from_statuses


@given(st.lists(st.sampled_from(MESSAGE_STATUSES)))
def test_an_end_is_never_left(news: list[MessageStatus]) -> None:
    status: MessageStatus = "reserved"
    for target in news:
        before = status
        status = target if before in from_statuses(target) else before
        assert before not in OVER or status == before


def test_what_may_have_been_sent_is_never_sent_again() -> None:
    for status in ("sent", "unknown", "delivered", "undelivered", "failed", "refused"):
        assert not MOVES[status] & {"reserved", "posted"}


def test_every_word_of_the_provider_is_one_that_may_follow_a_request() -> None:
    assert set(OF_PROVIDER.values()) <= MOVES["posted"]
