"""The rejects file: every refused row as it was, with where it stood, why, and the remedy, to be mended and loaded."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from voicebot.errors import OutsideError
from voicebot.leads.rows import Refusal
from voicebot.services.list_record import Record

ADDED = ("rejected line", "rejected because", "rejected remedy")


def rejects_file(source: Path, sheet: str = "") -> Path:
    """Where the rejects of a list are written."""
    part = "." + re.sub(r"[^\w.-]+", "_", sheet) if sheet else ""
    return source.with_name(f"{source.name}{part}.rejects.csv")


class Rejects:
    """The refused rows of one list, written aside until `finish` puts them in their place.

    The draft outlives a run that was cut short, so that the next one can go on: `keep` says up to where it holds.
    """

    def __init__(self, target: Path, headings: Sequence[str], separator: str, held: int = 0) -> None:
        self.target = target
        self.draft = target.with_suffix(".draft")
        self._width = len(headings)
        with _writing(target):
            self._file = self.draft.open("r+b" if held else "wb")
            self._file.truncate(held)
            self._file.seek(held)
        self._text = io.StringIO()
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator="\n")
        if not held:
            self._text.write("\ufeff")
            self._writer.writerow([*headings, *ADDED])

    def add(self, record: Record, refusal: Refusal) -> None:
        """One refused row. A row whose fields cannot be told apart goes into the first column as it is."""
        cells = list(record.cells or [record.text])[: self._width]
        cells += [""] * (self._width - len(cells))
        self._writer.writerow([*cells, refusal.line, refusal.problem, refusal.remedy])

    def keep(self) -> int:
        """Write what was added; how many bytes the draft now has."""
        with _writing(self.target):
            self._file.write(self._text.getvalue().encode("utf-8", "replace"))
            self._file.flush()
            self._text.seek(0)
            self._text.truncate()
            return self._file.tell()

    def finish(self, *, refused: bool) -> str:
        """Put the file in its place, and name it; without a refused row there is none, and an older one goes."""
        with _writing(self.target):
            self.keep()
            self._file.close()
            if refused:
                self.draft.replace(self.target)
                return str(self.target)
            self.draft.unlink()
            self.target.unlink(missing_ok=True)
            return ""

    def close(self) -> None:
        """Leave the draft as it is."""
        with suppress(OSError):
            self._file.close()


def held(target: Path, size: int) -> bool:
    """Whether the draft of an earlier run still holds what it wrote."""
    draft = target.with_suffix(".draft")
    return draft.is_file() and draft.stat().st_size >= size


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"the rejects cannot be written: {error.strerror}."
        raise OutsideError(str(target), problem, "Make the folder writable, with some space.") from None
