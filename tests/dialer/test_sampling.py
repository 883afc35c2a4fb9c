"""The trial sample: as large as asked for, in proportion, and the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.dialer.sampling import stratified


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=300), st.floats(0.01, 1), st.integers(0, 9))
def test_a_sample_is_a_small_likeness(strata: list[str], share: float, seed: int) -> None:
    people = dict(enumerate(strata))
    drawn = stratified(people, share, seed)
    assert len(drawn) == max(1, round(len(people) * share))
    for stratum, size in Counter(strata).items():
        taken = sum(people[one] == stratum for one in drawn)
        assert abs(taken - size * len(drawn) / len(people)) <= 1 + 1e-9
    assert drawn == stratified(people, share, seed)


def test_another_seed_draws_others() -> None:
    people = dict.fromkeys(range(1000), "x")
    assert stratified(people, 0.05, 1) != stratified(people, 0.05, 2)
    assert stratified({}, 0.05, 1) == set()


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_that_is_none(share: float) -> None:
    with pytest.raises(ValueError, match="a share is"):
        stratified({1: "x"}, share, 0)
