"""How the verbs print: tables, rulers, times on two clocks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

EPILOG = "\b\nExample: {}"
"""The end of each verb's help; \\b keeps the line whole, to be copied."""


def table(rows: Iterable[Sequence[object]], headers: Sequence[str]) -> str:
    """A plain table. Chinese characters take two columns, as terminals draw them."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(width(row[i]) for row in [list(headers), *texts]) for i in range(len(headers))]
    ruler = ["-" * one for one in widths]
    lines = [list(headers), ruler, *texts]
    return "\n".join(
        "  ".join(pad(cell, wide) for cell, wide in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def counted(number: int, noun: str) -> str:
    """`1 lead`, `3 leads`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def width(text: str) -> int:
    """Columns that a terminal gives the text."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, columns: int) -> str:
    """The text filled up with spaces to `columns`."""
    return text + " " * (columns - width(text))


def clip(text: str, columns: int) -> str:
    """The text cut to `columns`, with an ellipsis where something is left out."""
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"
