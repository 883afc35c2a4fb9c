"""The command line as somebody types it, on an installation of the test's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner, Result

from voicebot.cli import main

FLOW = "flows/prescreen.yaml"


@dataclass(frozen=True)
class Cli:
    """A folder, and the settings that point the verbs at it."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "voicebot.db"

    def with_settings(self, **settings: str) -> Cli:
        return Cli(self.folder, {**self.settings, **settings})

    def run(self, *words: str | Path, typed: str = "") -> Result:
        """Run a verb, in the project's folder, without the settings of this machine."""
        foreign = {name: None for name in os.environ if name.startswith("VOICEBOT_")}
        ours = {"database": str(self.database), **self.settings}
        environ = {**foreign, **{f"VOICEBOT_{name.upper()}": text for name, text in ours.items()}}
        return CliRunner().invoke(main, [str(word) for word in words], input=typed, env=environ)

    def out(self, *words: str | Path, typed: str = "", code: int = 0) -> str:
        """What a verb prints when it ends with this code."""
        result = self.run(*words, typed=typed)
        assert result.exit_code == code, result.output + repr(result.exception)
        return result.stdout

    def complaint(self, *words: str | Path, code: int = 2) -> str:
        """The sentence that a mistake is answered with; nothing else is printed."""
        result = self.run(*words)
        assert isinstance(result.exception, SystemExit), repr(result.exception)
        assert (result.exit_code, result.stdout) == (code, ""), result.output
        assert "Traceback" not in result.stderr
        return result.stderr.strip()

    def list_file(self, text: str | bytes, name: str = "leads.csv") -> Path:
        """A list of leads with this content."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path
