"""The rejects file: every refused row as it was, with where it stood, why, and the remedy, to be mended and loaded."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from voicebot.errors import OutsideError
from voicebot.leads.rows import Refusal
from voicebot.services.list_file import Record

ADDED = ("rejected line", "rejected because", "rejected remedy")


def rejects_file(source: Path) -> Path:
    """Where the rejects of a list are written."""
    return source.with_name(source.name + ".rejects.csv")


class Rejects:
    """The refused rows of one list, written aside until `finish` puts them in their place."""

    def __init__(self, source: Path, headings: Sequence[str], separator: str) -> None:
        self.target = rejects_file(source)
        self._draft = self.target.with_suffix(".draft")
        self._width = len(headings)
        with _writing(self.target):
            self._file = self._draft.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file, delimiter=separator, lineterminator="\n")
            self._writer.writerow([*headings, *ADDED])
        self.count = 0

    def add(self, record: Record, refusal: Refusal) -> None:
        """One refused row. A row whose fields cannot be told apart goes into the first column as it is."""
        cells = list(record.cells or [record.text])[: self._width]
        cells += [""] * (self._width - len(cells))
        with _writing(self.target):
            self._writer.writerow([*cells, refusal.line, refusal.problem, refusal.remedy])
        self.count += 1

    def finish(self) -> None:
        """Put the file in its place; without a refused row there is none, and an older one goes."""
        with _writing(self.target):
            self._file.close()
            if self.count:
                self._draft.replace(self.target)
            else:
                self._draft.unlink()
                self.target.unlink(missing_ok=True)

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):
            self._file.close()
            self._draft.unlink(missing_ok=True)


@contextmanager
def rejects_of(source: Path, headings: Sequence[str], separator: str) -> Iterator[Rejects]:
    """The rejects of one run, written whole when it ends well. Raises OutsideError when they cannot be."""
    rejects = Rejects(source, headings, separator)
    try:
        yield rejects
        rejects.finish()
    except BaseException:
        rejects.abandon()
        raise


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"the rejects cannot be written: {error.strerror}."
        raise OutsideError(str(target), problem, "Make the folder writable, with some space.") from None
