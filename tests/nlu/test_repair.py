"""Broken words are mended, but never into their opposite."""

from __future__ import annotations

import pytest

from voicebot.nlu.repair import Repairs
from voicebot.nlu.sounds import sound

REPAIRS = Repairs(
    vocabulary=frozenset(
        [
            "repeat",
            "that",
            "number",
            "remove",
            "calling",
            "agent",
            "operator",
            "no",
            "not",
            "yes",
            "stop",
            "call",
            "interested",
        ]
    ),
    untouchable=frozenset({"no", "not", "yes", "know", "stop", "interested", "uninterested"}),
    alike={"cooling": frozenset({"calling"}), "calling": frozenset({"cooling"}), "knot": frozenset({"not"})},
)


def mends(*words: str) -> list[str]:
    """What the first place may be read as, besides what was heard."""
    return [arc.word for arc in REPAIRS.lattice(words)[0] if arc.repair]


@pytest.mark.parametrize(
    ("heard", "mended"),
    [
        (("operater",), ["operator"]),
        (("rimove",), ["remove"]),
        (("cooling",), ["calling"]),
        (("re", "peat"), ["repeat"]),
        (("a", "gent"), ["agent"]),
    ],
)
def test_broken_word_is_mended(heard: tuple[str, ...], mended: list[str]) -> None:
    assert mends(*heard) == mended


@pytest.mark.parametrize(
    "word", ["know", "knot", "no", "nott", "yess", "stopp", "uninterested", "number", "zebra", "it"]
)
def test_word_is_left_as_it_was_heard(word: str) -> None:
    assert mends(word) == []


def test_repair_tells_what_it_did() -> None:
    assert REPAIRS.lattice(("re", "peat"))[0][-1].repair == "re peat->repeat"


@pytest.mark.parametrize(("one", "other"), [("wrong", "rong"), ("phone", "fone"), ("debt", "det"), ("knight", "night")])
def test_same_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)
