from __future__ import annotations

import pytest

from voicebot.leads.names import Name, join_name, split_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann Lee", Name("", "Ann", "Lee")),
        ("Dr. Ann van der Berg", Name("Dr.", "Ann", "van der Berg")),
        ("Lee, Ann", Name("", "Ann", "Lee")),
        ("Herr Prof. Schmidt", Name("Herr Prof.", "", "Schmidt")),
        ("M. Dupont", Name("M.", "", "Dupont")),
        ("M Night Shyamalan", Name("", "M Night", "Shyamalan")),
        ("John Smith Jr.", Name("", "John", "Smith")),
        ("Ann", Name()),
        ("", Name()),
        ("王芳", Name("", "芳", "王")),
        ("欧阳小明", Name("", "小明", "欧阳")),
        ("王先生", Name("先生", "", "王")),
        ("阿诺德·施瓦辛格", Name()),
    ],
)
def test_names(text: str, name: Name) -> None:
    assert split_name(text) == name


def test_chinese_names_begin_with_the_surname() -> None:
    assert (join_name("芳", "王"), join_name("Ann", "Lee"), join_name("", "Lee")) == ("王芳", "Ann Lee", "Lee")
