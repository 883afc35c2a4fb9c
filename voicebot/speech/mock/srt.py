"""Results as subtitles (SubRip)."""

from __future__ import annotations

import json
from collections.abc import Iterable


def subtitles(results: Iterable[str], words_per_line: int) -> str:
    """One subtitle for every `words_per_line` words of a result, numbered from 1; results without words have none."""
    lines = [
        words[place : place + words_per_line]
        for words in (json.loads(text).get("result", []) for text in results)
        for place in range(0, len(words), words_per_line)
    ]
    return "".join(
        f"{number}\n{_moment(line[0]['start'])} --> {_moment(line[-1]['end'])}\n"
        f"{' '.join(word['word'] for word in line)}\n\n"
        for number, line in enumerate(lines, 1)
    )


def _moment(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1_000_000) // 1000, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02},{milliseconds:03}"
