"""What sounds alike has one key."""

from __future__ import annotations

import pytest

from voicebot.nlu.sounds import sound, syllable


@pytest.mark.parametrize(
    ("one", "other"),
    [("write", "right"), ("know", "no"), ("sees", "cease"), ("在", "再"), ("水", "睡"), ("四", "是"), ("您", "零")],
)
def test_near_sounds_have_one_key(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("character", "read"), [("打", "da"), ("电", "dian"), ("女", "nv"), ("略", "nue")])
def test_common_character_has_its_syllable(character: str, read: str) -> None:
    assert syllable(character) == read


@pytest.mark.parametrize("character", ["龘", "嗯", "😀", "é", "。", "\x00"])
def test_of_anything_else_nothing_is_known(character: str) -> None:
    assert syllable(character) == ""
