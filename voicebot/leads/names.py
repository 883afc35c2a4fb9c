"""Names of people, taken apart: title, first and last name, as English, European and Chinese lists write them."""

from __future__ import annotations

import re
from typing import NamedTuple

TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "sr", "sra", "srta", "don", "doña", "m",
     "mme",
     "mlle", "monsieur", "madame", "señor", "señora", "me", "dipl.-ing", "ing"}
)  # fmt: skip
"""What may stand before a name, without the point. A single letter counts as one only with its point."""

CHINESE_TITLES = ("先生", "女士", "小姐", "太太", "老师", "经理", "总", "医生", "教授")
"""What may stand behind a Chinese name."""

DOUBLE_SURNAMES = frozenset(
    {"欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "端木",
     "南宫", "长孙",
     "独孤", "宇文", "轩辕", "呼延", "闻人", "歐陽", "司馬", "諸葛"}
)  # fmt: skip
"""Chinese surnames of two characters, the usual ones."""

PARTICLES = frozenset(
    {"van", "von", "de", "del", "della", "der", "den", "di", "da", "du", "la", "le", "zu", "ter", "dos"}
)
"""Words that begin a surname of several."""

_CHINESE = re.compile(r"[\u3400-\u9fff·]{2,}")
_SUFFIX = re.compile(r",?\s+(?:jr|sr|ii|iii|iv|phd|md)\.?$", re.IGNORECASE)


class Name(NamedTuple):
    """The parts of a name; a part that cannot be told is ''."""

    title: str = ""
    first: str = ""
    last: str = ""


def split_name(text: str) -> Name:
    """The parts of a whole name; a single word is left alone, since it may be either."""
    words = text.split()
    if len(words) == 1 and _CHINESE.fullmatch(words[0]):
        return _chinese(words[0])
    title = ""
    while len(words) > 1 and words[0].rstrip(".").casefold() in TITLES and len(words[0]) > 1:
        title = f"{title} {words.pop(0)}".strip()
    rest = _SUFFIX.sub("", " ".join(words))
    last, comma, first = (part.strip() for part in rest.partition(","))
    if comma and first and last:
        return Name(title, first, last)
    words = rest.split()
    if len(words) < 2:
        return Name(title, "", rest if title else "")
    begin = next((at for at, word in enumerate(words) if at and word.casefold() in PARTICLES), len(words) - 1)
    return Name(title, " ".join(words[:begin]), " ".join(words[begin:]))


def join_name(first: str, last: str) -> str:
    """A whole name from its parts: in Chinese the surname comes first, without a space."""
    if _CHINESE.fullmatch(f"{last}{first}"):
        return last + first
    return f"{first} {last}".strip()


def _chinese(text: str) -> Name:
    title = next((title for title in CHINESE_TITLES if text.endswith(title) and len(text) > len(title)), "")
    name = text.removesuffix(title)
    surname = 2 if name[:2] in DOUBLE_SURNAMES else 1
    if len(name) > surname + 2 or "·" in name:  # a foreign name in Chinese characters
        return Name(title, "", "")
    return Name(title, name[surname:], name[:surname])
