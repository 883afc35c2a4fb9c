"""How long words take to say."""

from __future__ import annotations

import unicodedata

# Characters a second. Ordinary telephone speech: about 150 English words a minute at six characters a word with
# its space, and some 270 Chinese characters a minute.
LATIN_PACE = 15.0
CJK_PACE = 4.5


def seconds_to_say(text: str) -> float:
    """The estimated length of spoken `text`, at least 0.3 s; empty text takes no time."""
    words = text.strip()
    if not words:
        return 0.0
    wide = sum(1 for sign in words if unicodedata.east_asian_width(sign) in "WF")
    return max(0.3, wide / CJK_PACE + (len(words) - wide) / LATIN_PACE)
