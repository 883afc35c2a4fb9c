from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicebot.leads.outcomes import OUTCOMES, REACHED, Outcome, stronger

ANY = st.none() | st.sampled_from(OUTCOMES)


@given(ANY, ANY, ANY)
def test_precedence_does_not_depend_on_the_order_of_arrival(
    a: Outcome | None, b: Outcome | None, c: Outcome | None
) -> None:
    assert stronger(a, b) == stronger(b, a)
    assert stronger(stronger(a, b), c) == stronger(a, stronger(b, c))
    assert stronger(a, a) == a
    assert stronger(a, None) == a
    assert stronger("opted_out", a) == "opted_out"


def test_who_was_reached() -> None:
    assert {"opted_out", "refused", "third_party"} <= REACHED
    assert not REACHED & {"voicemail", "hung_up", "busy", "no_answer", "failed"}
