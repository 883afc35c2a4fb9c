"""How a key of the telephone is named: `press {{ opt_out_key | key }}`."""

from __future__ import annotations

from collections.abc import Callable

NAMES = {"en": {"*": "star", "#": "pound"}, "zh": {"*": "星号键", "#": "井号键"}}
"""Keys that are not read as they are written. North America says pound, and elsewhere it is understood."""


def namer(language: str) -> Callable[[object], str]:
    """The filter that names one key in `language`. It raises ValueError for what is no key."""

    def key(value: object) -> str:
        text = str(value)
        if len(text) != 1 or text not in "0123456789*#":
            raise ValueError(f'"{text}" is no key of a telephone; there are 0 to 9, * and #')
        return NAMES[language].get(text, text)

    return key
