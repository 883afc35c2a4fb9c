"""How long words take to be spoken."""

from __future__ import annotations

import re

from voicebot.nlu.languages import LANGUAGES

_SIGN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:['’.:,]\w+)*")
"""A Chinese sign, or a word or number in letters and digits."""


def seconds(text: str, language: str) -> float:
    """About how long `text` takes to be spoken in `language` (BCP-47 tag)."""
    return len(_SIGN.findall(text)) * 60 / LANGUAGES[language].words_a_minute
