"""Where each part of a file stands: what lets a message say `flows/survey.yaml:41`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicebot.errors import Place

Path = tuple[str | int, ...]
"""The way from the top of a file to one of its parts: `("steps", "greet", "menu", "ask", 0)`."""


@dataclass(frozen=True)
class Marks:
    """The line of every part of one file, and every unquoted value as it was written."""

    file: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    written: Mapping[Path, str] = field(default_factory=dict)

    def at(self, *path: str | int) -> Place:
        """The place of `path`, or of the nearest part around it that the file has."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return Place(self.file, self.lines[path[:length]])
        return Place(self.file, self.lines.get((), 0))
