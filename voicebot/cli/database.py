"""Opening the centre for a verb, as the settings say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from app import join
from voicebot.services.switchboard import Switchboard
from voicebot.settings import Settings, load_settings
from voicebot.timestamps import to_text


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Switchboard]:
    """The centre's switchboard, closed again afterwards. Raises VoicebotError when it cannot be opened."""
    board = join(settings or load_settings())
    try:
        yield board
    finally:
        board.centre.db.close()


def now() -> str:
    """This moment, as the database writes it."""
    return to_text(datetime.now(UTC))
