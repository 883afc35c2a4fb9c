"""docs/dialing.md says what the tables say: each table in it is drawn anew here and must stand there as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from voicebot.dialer import campaign_moves
from voicebot.dialer.loop.place import REST_SECONDS
from voicebot.dialer.loop.reconcile import GRACE_SECONDS, SETTLE_SECONDS
from voicebot.dialer.policy import WEEKDAYS, Country, Layer, Week
from voicebot.dialer.policy_file import load_policy
from voicebot.leads.cadence import BY_GRADE, BY_OUTCOME, DAY, HOUR, MINUTE, MOST_DIALS, TERMINAL, Tries
from voicebot.services.attempts import LEASE_SECONDS

DOCS = Path(__file__).parents[2] / "docs" / "dialing.md"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    first = list(head)
    lines = [f"| {' | '.join(line)} |" for line in (first, *rows)]
    return "\n".join([lines[0], "|---" * len(first) + "|", *lines[1:]])


def hours(week: Week) -> str:
    """Days with the same hours told together: `monday-friday 09:00-20:00`."""
    runs: list[tuple[int, int, str]] = []
    for day, spans in enumerate(week):
        text = ", ".join(map(str, spans))
        if text and runs and runs[-1][1:] == (day - 1, text):
            runs[-1] = (runs[-1][0], day, text)
        elif text:
            runs.append((day, day, text))
    names = ((WEEKDAYS[first] + (f"-{WEEKDAYS[last]}" if last > first else ""), text) for first, last, text in runs)
    return "; ".join(f"{name} {text}" for name, text in names)


def row(name: str, layer: Layer) -> list[str]:
    caps = ", ".join(f"{cap.calls} in {cap.hours:g} h" for cap in layer.caps)
    return [
        name,
        hours(layer.windows.week) if layer.windows else "",
        caps,
        f"{layer.cooldown.hours:g} h" if layer.cooldown else "",
        f"{layer.ring.seconds} s" if layer.ring else "",
        layer.recording.rule if layer.recording else "",
        f"{layer.reviewed_on}" if isinstance(layer, Country) else "",
    ]


def layers() -> Iterable[tuple[str, Layer]]:
    policy = load_policy()
    for code, country in {"all others": policy.default, **policy.countries}.items():
        yield code, country
        yield from ((f"{code}, {region}", layer) for region, layer in country.regions.items())
        yield from ((f"{code}, {purpose}", layer) for purpose, layer in country.purposes.items())


def sources() -> Iterable[list[str]]:
    for name, layer in layers():
        parts = [("hours", layer.windows), ("pause", layer.cooldown), ("ring", layer.ring),
                 ("recording", layer.recording)]  # fmt: skip
        yield from ([name, what, part.source] for what, part in parts if part)
        yield from ([name, f"{cap.calls} in {cap.hours:g} h", cap.source] for cap in layer.caps)


def delay(seconds: int) -> str:
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if seconds >= unit and seconds % (unit / 2) == 0:
            return f"{seconds / unit:g} {name if seconds != unit else name[:-1]}"
    return f"{seconds} seconds"


def tries(rules: Iterable[tuple[str, Tries]]) -> Iterable[list[str]]:
    for name, rule in rules:
        yield [f"`{name}`", ", then ".join(map(delay, rule.after)) or "no further call"]


def tables() -> dict[str, str]:
    moves = ([f"`{before}`", ", ".join(f"`{one}`" for one in after) or "–"] for before, after in
             campaign_moves.MOVES.items())  # fmt: skip
    return {
        "countries": table(
            [
                "where",
                "hours",
                "attempts to one person",
                "pause after a conversation",
                "rings at least",
                "sound is kept",
                "gone over on",
            ],
            (row(*one) for one in layers()),
        ),
        "sources": table(["where", "rule", "source"], sources()),
        "outcomes": table(["how it ended", "next call after"], tries(BY_OUTCOME.items())),
        "grades": table(["grade", "next call after"], tries(BY_GRADE.items())),
        "campaigns": table(["a campaign that is", "can become"], moves),
        "terminal": ", ".join(f"`{outcome}`" for outcome in TERMINAL),
        "most": f"{MOST_DIALS}",
        "rest": f"{REST_SECONDS:.0f}",
        "grace": f"{GRACE_SECONDS:.0f}",
        "settle": f"{SETTLE_SECONDS / 60:.0f}",
        "lease": f"{LEASE_SECONDS:.0f}",
    }


@pytest.mark.parametrize("name", ["countries", "sources", "outcomes", "grades", "campaigns"])
def test_each_table_stands_in_the_documentation(name: str) -> None:
    assert tables()[name] in DOCS.read_text(encoding="utf-8")


def test_the_figures_in_the_text_are_those_of_the_code() -> None:
    text, drawn = DOCS.read_text(encoding="utf-8").replace("\n", " "), tables()
    for phrase in (
        f"dialled more than {drawn['most']} times",
        f"dialled for {drawn['rest']} seconds",
        f"list after {drawn['grace']} seconds",
        f"knows, {drawn['settle']} minutes later",
        f"due again after {drawn['lease']} seconds",
        f"no further call: {drawn['terminal']}.",
    ):
        assert phrase in text
