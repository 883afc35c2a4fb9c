"""A list as JSON: an array of objects, or one object a line, nested one level; read one by one, in bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from voicebot.errors import Place, VoicebotError
from voicebot.services.list_record import LONGEST_LINE, Format, Record, number_text

CHUNK = 1 << 16
MOST_COLUMNS = 500
"""Different keys over all objects; with more, the keys are hardly the names of columns."""

REMEDY = "Write an array of objects, or one object a line."


class JsonList:
    """An open list; see `list_record.ListFile`. Its columns are the keys of all objects; `a.b` is b within a."""

    format: Format = "json"
    separator = ","
    sheet = ""

    def __init__(self, path: Path, stream: BinaryIO, encoding: str) -> None:
        self.path, self.encoding = path, encoding
        self.size = path.stat().st_size
        self.notes: list[str] = []
        self._stream = stream
        self.headings = self._keys()

    @property
    def done(self) -> int:
        """Bytes read so far, of `size`."""
        return self._stream.tell()

    def records(self) -> Iterator[Record]:
        """The objects as records; empty ones are left out."""
        for line, text, value in self._values():
            cells, problem = self._flat(value)
            if problem:
                yield Record(line, [], text, problem, REMEDY if problem == NO_OBJECT else FLAT_REMEDY)
            elif any(cell.strip() for cell in cells.values()):
                yield Record(line, [cells.get(heading, "") for heading in self.headings], text)

    def _keys(self) -> list[str]:
        keys: dict[str, None] = {}
        for line, _, value in self._values():
            keys |= dict.fromkeys(self._flat(value)[0])
            if len(keys) > MOST_COLUMNS:
                problem = f"up to here the objects have more than {MOST_COLUMNS} different keys."
                raise VoicebotError(Place(str(self.path), line), problem, "Use the same keys in every object.")
        if not keys:
            raise VoicebotError(Place(str(self.path)), "the list is empty.", REMEDY)
        return list(keys)

    def _values(self) -> Iterator[tuple[int, str, Any]]:
        """Every value of the list, with the line it begins in and its text."""
        self._stream.seek(0)
        text = TextIOWrapper(self._stream, encoding=self.encoding)
        try:
            elements = _Elements(self.path, text)
            yield from elements.of_array() if elements.is_array() else elements.of_lines()
        finally:
            if not self._stream.closed:  # it is, where an intake was cut short
                text.detach()

    def _flat(self, value: Any) -> tuple[dict[str, str], str]:
        """An object as heading -> text, and why it cannot be read."""
        if not isinstance(value, dict):
            return {}, value.problem if isinstance(value, _Broken) else NO_OBJECT
        cells: dict[str, str] = {}
        for key, inner in value.items():
            if isinstance(inner, dict):
                parts = [(f"{key}.{name}", part) for name, part in inner.items()]
            elif isinstance(inner, list):
                parts = [(f"{key} {at}" if at > 1 else key, part) for at, part in enumerate(inner, start=1)]
            else:
                parts = [(key, inner)]
            for heading, part in parts:
                if isinstance(part, dict | list):
                    return {}, f'under "{heading}" it is nested more than one level deep'
                cells[heading.strip()] = _text(part)
        return cells, ""


NO_OBJECT = "this is not an object"
FLAT_REMEDY = "Export it flat: names and values, or one level below."


def _text(value: str | float | bool | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return number_text(value)
        case _:
            return str(value)


class _Broken:
    """Stands for a line that is not JSON."""

    def __init__(self, problem: str) -> None:
        self.problem = problem


class _Elements:
    """The elements of a JSON text, decoded one by one from a window that moves over it."""

    def __init__(self, path: Path, text: TextIOWrapper) -> None:
        self._path, self._text = path, text
        self._window, self._line, self._ended = "", 1, False
        self._decode = json.JSONDecoder().raw_decode

    def is_array(self) -> bool:
        return self._next_character() == "["

    def of_array(self) -> Iterator[tuple[int, str, Any]]:
        """Each element with its line; those that share a line are counted on, since a number stands for one row."""
        self._drop(1)
        line = 0
        while (character := self._next_character()) != "]":
            if character == ",":
                self._drop(1)
                continue
            value, end = self._whole()
            line = max(self._line, line + 1)
            yield line, self._window[:end], value
            self._drop(end)
            if self._next_character() not in (",", "]"):
                raise self._fault("here a comma or the end of the array was expected")
        self._drop(1)
        if self._next_character():
            raise self._fault("something follows the end of the array")

    def of_lines(self) -> Iterator[tuple[int, str, Any]]:
        """One value a line; the first must be one, or this is no such file."""
        self._text.seek(0)
        for line, text in enumerate(iter(lambda: self._text.readline(LONGEST_LINE), ""), start=1):
            stripped = text.strip().lstrip("\ufeff")
            if len(text) >= LONGEST_LINE:
                self._line = line
                raise self._fault(f"this line is longer than {LONGEST_LINE} characters")
            try:
                value = json.loads(stripped) if stripped else None
            except (ValueError, RecursionError):
                self._line = line
                if line == 1:
                    raise self._fault("this is neither an array of objects nor a line with a whole object") from None
                value = _Broken("this line is not a whole JSON object")
            if stripped:
                yield line, stripped, value

    def _whole(self) -> tuple[Any, int]:
        """The value that the window begins with, and where it ends."""
        while True:
            try:
                value, end = self._decode(self._window)
            except (ValueError, RecursionError) as error:
                if self._ended or len(self._window) > LONGEST_LINE:
                    self._line += getattr(error, "lineno", 1) - 1
                    raise self._fault(f"this is not JSON ({getattr(error, 'msg', 'too deep')})") from None
            else:
                if end < len(self._window) or self._ended:
                    return value, end
            self._read()

    def _next_character(self) -> str:
        while True:
            bare = self._window.lstrip(" \t\r\n\ufeff")
            self._drop(len(self._window) - len(bare))
            if bare or self._ended:
                return bare[:1]
            self._read()

    def _read(self) -> None:
        more = self._text.read(CHUNK)
        self._window, self._ended = self._window + more, not more

    def _drop(self, characters: int) -> None:
        self._line += self._window.count("\n", 0, characters)
        self._window = self._window[characters:]

    def _fault(self, problem: str) -> VoicebotError:
        return VoicebotError(Place(str(self._path), self._line), f"{problem}.", REMEDY)
