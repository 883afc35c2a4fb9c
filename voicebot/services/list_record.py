"""What every format of a list is read into: a header, and records below it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

Format = Literal["csv", "xlsx", "json"]

LONGEST_LINE = 256 * 1024
"""Characters. A line or object beyond it is no row of a list."""


class Record(NamedTuple):
    """One record. `text` is as it stands in the file; `problem` is set, and `cells` empty, where it cannot be read.

    `hidden`: somebody has filtered or folded the row away in the spreadsheet.
    """

    line: int
    cells: list[str]
    text: str
    problem: str = ""
    remedy: str = ""
    hidden: bool = False


class ListFile(Protocol):
    """An open list: what it is, its headings, and the records below them.

    `done` of `size` bytes are read. `separator` is what its rejects are written with. `notes` are sentences about what
    was taken for granted in reading it.
    """

    @property
    def path(self) -> Path: ...
    @property
    def format(self) -> Format: ...
    @property
    def encoding(self) -> str: ...
    @property
    def separator(self) -> str: ...
    @property
    def sheet(self) -> str: ...
    @property
    def headings(self) -> list[str]: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def size(self) -> int: ...
    @property
    def done(self) -> int: ...

    def records(self) -> Iterator[Record]:
        """The records below the header; blank ones are left out."""


def number_text(number: float) -> str:
    """A number as somebody would have typed it: `13812345678`, not `13812345678.0` or `1.38E+10`."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}"
