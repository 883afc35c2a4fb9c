"""How long words take to be spoken."""

from __future__ import annotations

import re

WORDS_A_MINUTE = {"en-US": 170, "zh-CN": 290}
"""Words (signs, in Chinese) that a synthetic voice speaks in a minute at its usual pace.

People talk at about 150 words a minute in English and 250 signs in Mandarin; the voices that the flows use are somewhat
quicker. The figures are meant to be on the quick side, so that only what is surely too long is told to be.
"""

_SIGN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:['’.:,]\w+)*")
"""A Chinese sign, or a word or number in letters and digits."""


def seconds(text: str, language: str) -> float:
    """About how long `text` takes to be spoken in `language` (BCP-47 tag)."""
    return len(_SIGN.findall(text)) * 60 / WORDS_A_MINUTE[language]
