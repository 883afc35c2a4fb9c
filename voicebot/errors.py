"""What goes wrong, said so that the reader can mend it: where, what, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, order=True)
class Place:
    """A spot in a file that somebody wrote. Lines count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Located(Protocol):
    """Anything that can name itself in front of a message."""

    def __str__(self) -> str: ...


class VoicebotError(Exception):
    """A fault that a user can mend. It is printed as `where: problem remedy`, never as a traceback.

    `exit_code` is what a command ends with: 1 the work was done and something was found,
    2 the input or a setting is at fault, 3 something outside (disk, database, network) is at fault.
    """

    exit_code = 2

    def __init__(self, where: Located | str, problem: str, remedy: str = "") -> None:
        super().__init__(where, problem, remedy)
        self.where, self.problem, self.remedy = where, problem, remedy

    def __str__(self) -> str:
        message = f"{self.where}: {self.problem}" if str(self.where) else self.problem
        return f"{message} {self.remedy}".rstrip()


class OutsideError(VoicebotError):
    """Disk, database or network failed us; the same call may succeed later."""

    exit_code = 3


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str:
    """`Did you mean "confirm_time"?`, or an empty text when nothing known looks like `word`."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  (only a faulty input pays for the import)

    best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=60)
    return f'Did you mean "{best[0]}"?' if best else ""
