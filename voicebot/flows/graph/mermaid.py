"""A chart as Mermaid, which many editors, wikis and code hosts draw by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicebot.flows.graph.chart import Arrow, Box, Chart

WORDS = 60
"""Letters of a prompt that are shown."""

SHAPES = {
    "menu": ('(["', '"])'),
    "collect": ('(["', '"])'),
    "confirm": ('(["', '"])'),
    "record": ('(["', '"])'),
    "branch": ('{{"', '"}}'),
    "transfer": ('[["', '"]]'),
    "hangup": ('(("', '"))'),
}
"""How kinds of steps are told apart; all others are plain boxes."""


def mermaid(chart: Chart) -> str:
    """The chart as the text of a Mermaid flowchart."""
    return "\n".join(["flowchart TD", *_boxes(chart), *_arrows(chart)]) + "\n"


def _boxes(chart: Chart) -> Iterator[str]:
    for number, box in enumerate(chart.boxes):
        opens, closes = SHAPES.get(box.kind, ('["', '"]'))
        yield f"    s{number}{opens}{_told(box)}{closes}"


def _told(box: Box) -> str:
    if box.rows:
        return "<br/>".join((f"<b>{_plain(box.name)}</b>", *map(_plain, box.rows)))
    words = box.words if len(box.words) <= WORDS else f"{box.words[:WORDS].rstrip()}…"
    return f"<b>{_plain(box.name)}</b><br/>{_plain(words)}" if words else f"<b>{_plain(box.name)}</b>"


def _arrows(chart: Chart) -> Iterator[str]:
    numbers = {box.name: number for number, box in enumerate(chart.boxes)}
    for arrow in chart.arrows:
        yield f"    s{numbers[arrow.source]} -->{_label(arrow)} s{numbers[arrow.target]}"


def _label(arrow: Arrow) -> str:
    return f'|"{_plain("<br/>".join(arrow.labels), keep="<br/>")}"|' if arrow.labels else ""


def _plain(text: str, keep: str = "") -> str:
    """The text without what Mermaid would take for its own: it is written as numbered characters."""
    parts = text.split(keep) if keep else [text]
    return keep.join(_OWN.sub(lambda found: f"#{ord(found[0])};", part) for part in parts)


_OWN = re.compile(r'["#;<>&`|{}\\]')
