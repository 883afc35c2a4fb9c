"""Older flows made new: one small pure function per version of the language, applied in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from voicebot.errors import Place
from voicebot.flows.findings import FlowError, finding
from voicebot.flows.model import SPEC
from voicebot.flows.yaml_text import Data

Upgrade = Callable[[dict[str, Data]], dict[str, Data]]

UPGRADES: dict[int, Upgrade] = {}
"""From version n to n + 1, by n."""


def upgraded(
    data: dict[str, Data], place: Place, newest: int = SPEC, upgrades: Mapping[int, Upgrade] = UPGRADES
) -> dict[str, Data]:
    """`data` in the language's version `newest`. Raises FlowError for a version that is newer or never was.

    A `spec` that is missing or no whole number is left to the model, which tells about the shape of everything.
    """
    spec = data.get("spec")
    if not isinstance(spec, int) or isinstance(spec, bool):
        return data
    if spec > newest:
        problem = f"the flow is written in version {spec} of the flow language, and this program knows up to {newest}."
        raise FlowError([finding(place, "spec", problem, "Install a newer voicebot.")])
    for version in range(spec, newest):
        if version not in upgrades:
            problem = f"there is no version {version} of the flow language."
            raise FlowError([finding(place, "spec", problem, f"Write `spec: {newest}`.")])
        data = {**upgrades[version](data), "spec": version + 1}
    return data
