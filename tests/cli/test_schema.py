"""`voicebot schema`."""

from __future__ import annotations

import json

from tests.cli.rig import Cli
from voicebot.flows.schema import schema


def test_the_schema_is_printed_as_it_is(cli: Cli) -> None:
    assert json.loads(cli.out("schema")) == schema()
