"""Connection settings that stand in the fragment of a webhook's URL, such as `#rc=2&rp=5xx,ct`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from voicebot.simulator.transport import Timeouts

RETRY_REASONS = ("4xx", "5xx", "ct", "rt", "all")
# name -> (lowest, highest, default), in milliseconds or tries
# (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)
BOUNDS = {"ct": (100, 10_000, 5_000), "rt": (100, 15_000, 15_000), "tt": (100, 15_000, 15_000), "rc": (0, 5, 1)}


@dataclass(frozen=True)
class Overrides:
    """How patient a request is, how often it is repeated, and after which faults."""

    timeouts: Timeouts
    retries: int
    reasons: frozenset[str]

    def repeats_after(self, fault: str) -> bool:
        """Whether a fault is worth another try. A connection that broke in the midst of an answer never is."""
        return fault != "broken" and (fault in self.reasons or "all" in self.reasons)


def read_overrides(url: str) -> Overrides:
    """The settings in the fragment of `url`; Twilio's defaults where there are none.

    Raises ValueError naming the setting that cannot be read.
    """
    given = parse_qs(urlsplit(url).fragment)
    numbers = {name: _number(name, given[name][0]) if name in given else BOUNDS[name][2] for name in BOUNDS}
    reasons = frozenset(given.get("rp", ["ct"])[0].split(","))
    if unknown := reasons.difference(RETRY_REASONS):
        raise ValueError(f"rp={','.join(sorted(unknown))} is none of {', '.join(RETRY_REASONS)}")
    timeouts = Timeouts(numbers["ct"] / 1000, numbers["rt"] / 1000, numbers["tt"] / 1000)
    return Overrides(timeouts, numbers["rc"], reasons)


def _number(name: str, text: str) -> int:
    low, high, _ = BOUNDS[name]
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ValueError(f"{name}={text} is no whole number from {low} to {high}")
    return int(text)
