"""What is wrong with a flow: findings of the loader and of the lint, and the exceptions that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from voicebot.errors import Place, VoicebotError

Severity = Literal["error", "issue"]
"""error: the flow cannot be loaded. issue: it can, but should not ship."""


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: where, which kind of fault, what is wrong, and what to write instead."""

    place: Place
    code: str
    severity: Severity
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}".rstrip()


class FlowError(VoicebotError):
    """A flow that cannot be loaded. `findings` holds every fault that was seen, in the order of the lines."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(sorted(findings))
        first = self.findings[0]
        super().__init__(first.place, first.problem, first.remedy)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


def error(place: Place, code: str, problem: str, remedy: str = "") -> Finding:
    """A finding that keeps the flow from loading."""
    return Finding(place, code, "error", problem, remedy)


def issue(place: Place, code: str, problem: str, remedy: str = "") -> Finding:
    """A finding that should keep the flow from shipping."""
    return Finding(place, code, "issue", problem, remedy)
