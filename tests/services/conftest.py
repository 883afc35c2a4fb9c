"""The call centre that the tests of the services share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.rig import Rig, new_rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A centre with two agents of the queue `sales`."""
    made = new_rig(tmp_path)
    yield made
    made.db.close()
