"""A backup of everything an installation must not lose: the database, the secret that keys it, opt-outs that wait.

The sound of calls is copied only on request: it is large, and a copy outlives the days for which it may be kept.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from voicebot.errors import OutsideError, VoicebotError
from voicebot.services.centre import Centre
from voicebot.settings import secret_file
from voicebot.store import recordings, spool


def back_up(centre: Centre, folder: Path, *, with_recordings: bool = False) -> list[Path]:
    """Copy the centre into `folder`, which is made and must not hold a backup yet; the files written. Calls go on.

    Recordings are copied after the database: what is erased meanwhile is not copied any more. The spool is copied last:
    an opt-out that leaves it meanwhile is in both copies, and recording it twice changes nothing. Raises VoicebotError
    when the folder is in use, OutsideError when the disk or the database fails.
    """
    source = centre.db.path
    target = folder / source.name
    if target.exists():
        raise VoicebotError(str(target), "there is a backup already.", "Name a new folder for each backup.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        centre.db.back_up(target)
        written = [target, *(_sound(centre, target) if with_recordings else ())]
        for beside in (secret_file(source), spool.spool_file(centre.db)):
            if beside.exists():
                written.append(folder / beside.name)
                shutil.copy2(beside, written[-1])
    except OSError as error:
        raise OutsideError(str(folder), f"the backup cannot be written: {error.strerror}.", "Check the disk.") from None
    return written


def _sound(centre: Centre, target: Path) -> Iterator[Path]:
    """Copy the files of all recordings; one that is gone by now was erased, or was never there."""
    source, place = recordings.folder(centre.db.path), recordings.folder(target)
    place.mkdir(mode=0o700, exist_ok=True)
    for name in recordings.every_file(centre.db):
        with suppress(FileNotFoundError):
            shutil.copy2(source / name, place / name)
            yield place / name
