"""A chart as a picture that any browser shows: drawn by ourselves, without other programs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

from voicebot.flows.graph.chart import Arrow, Box, Chart
from voicebot.flows.graph.layout import Drawn, Line, Point, Size, layered

LETTER = 6.7
"""Width of a letter of the prompts, in pixels; a Chinese sign takes two."""

SMALL = 6.0
"""Width of a letter of a label."""

COLUMNS = 30
"""Letters in a line of a box."""

ROWS = 3
"""Lines of a prompt that are shown."""

ROW, HEAD, PADDING = 15.0, 17.0, 10.0
LABEL_ROW = 13.0

COLOURS: dict[str, tuple[str, str]] = {
    "menu": ("#eaf2fd", "#3b74c4"),
    "collect": ("#eaf2fd", "#3b74c4"),
    "confirm": ("#eaf2fd", "#3b74c4"),
    "record": ("#eaf2fd", "#3b74c4"),
    "branch": ("#fff5dc", "#b98516"),
    "transfer": ("#e5f6ea", "#2f8f4e"),
    "callback": ("#f3ebfb", "#7d4fb3"),
    "call": ("#f3ebfb", "#7d4fb3"),
    "hangup": ("#fbeaea", "#b84646"),
    "anytime": ("#f1f1ee", "#77776c"),
    "return": ("#f1f1ee", "#77776c"),
}
"""Fill and line by the kind of step: blue asks, yellow decides, green puts through, red ends, violet goes elsewhere."""

PLAIN = ("#ffffff", "#8a94a3")

STYLE = (
    "text{font-family:system-ui,'Segoe UI','Helvetica Neue','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',"
    "sans-serif;fill:#1f2733}"
    ".name{font-size:12.5px;font-weight:600}.kind{font-size:10px;fill:#6b7685}.words{font-size:11.5px;fill:#3c4654}"
    ".label{font-size:10.5px;fill:#4a5464}.title{font-size:18px;font-weight:600}"
    "path{fill:none;stroke:#7c8797;stroke-width:1.3}.back{stroke:#b0876a;stroke-dasharray:5 3}"
)

TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8z" style="fill:#7c8797;stroke:none"/></marker></defs>'
)
"""The head of an arrow."""

TOP = 40.0
"""Room for the title."""


def svg(chart: Chart) -> str:
    """The chart as the text of an SVG file."""
    rows = {box.name: _rows(box) for box in chart.boxes}
    sizes = {box.name: _size(box, rows[box.name]) for box in chart.boxes}
    arrows = [arrow for arrow in chart.arrows if arrow.source != arrow.target]
    layout = layered(sizes, [Line(arrow.source, arrow.target, _label_size(arrow)) for arrow in arrows])
    width, height = max(layout.size[0], len(chart.title) * 14 + 60), layout.size[1] + TOP
    extent = f'width="{width:.0f}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {extent} viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>{escape(chart.title)}</title><style>{STYLE}</style>",
        TIP,
        f'<rect {extent} fill="#fcfcfa"/>',
        f'<text class="title" x="26" y="32">{escape(chart.title)}</text>',
        f'<g transform="translate(0 {TOP:.0f})">',
        *(_line(drawn) for drawn in layout.lines),
        *(_label(arrow, drawn) for arrow, drawn in zip(arrows, layout.lines, strict=True) if arrow.labels),
        *(_box(box, rows[box.name], sizes[box.name], layout.boxes[box.name]) for box in chart.boxes),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _rows(box: Box) -> list[str]:
    """The first words of a box in lines."""
    if box.rows:
        return list(box.rows)
    rows = list(_wrapped(box.words))
    return rows if len(rows) <= ROWS else [*rows[: ROWS - 1], f"{rows[ROWS - 1].rstrip('，,。. ')}…"]


def _wrapped(text: str) -> Iterator[str]:
    row = ""
    for word in _words(text):
        if row and _columns(row + word.rstrip()) > COLUMNS:
            yield row.rstrip()
            row = ""
        row += word
    if row.strip():
        yield row.rstrip()


def _words(text: str) -> Iterator[str]:
    """What may stand on a line of its own: a word with the space after it, or a Chinese sign with its stop."""
    word = ""
    for letter in text:
        if word and (word.endswith(" ") or (_is_wide(letter) and letter not in "，。！？、；：”）")):
            yield word
            word = ""
        word += letter
    yield word


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _columns(text: str) -> int:
    return sum(2 if _is_wide(letter) else 1 for letter in text)


def _size(box: Box, rows: Sequence[str]) -> Size:
    head = _columns(box.name) * 7.2 + _columns(box.kind) * 5.4 + 16
    words = max((_columns(row) for row in rows), default=0) * LETTER
    return max(head, words, 90.0) + 2 * PADDING, HEAD + ROW * len(rows) + PADDING


def _label_size(arrow: Arrow) -> Size:
    if not arrow.labels:
        return 4.0, 0.0
    return max(map(_columns, arrow.labels)) * SMALL + 8, LABEL_ROW * len(arrow.labels) + 2


def _box(box: Box, rows: Sequence[str], size: Size, middle: Point) -> str:
    fill, line = COLOURS.get(box.kind, PLAIN)
    left, top = middle[0] - size[0] / 2, middle[1] - size[1] / 2
    corner = 15 if box.kind in ("hangup", "anytime", "return") else 5
    kind = "" if box.kind in ("anytime", "return") else box.kind
    parts = [
        _rect(middle, size, f'rx="{corner}" fill="{fill}" stroke="{line}" stroke-width="1.4"'),
        f'<text class="name" x="{left + PADDING:.1f}" y="{top + HEAD:.1f}">{escape(box.name)}</text>',
        f'<text class="kind" x="{left + size[0] - PADDING:.1f}" y="{top + HEAD:.1f}" text-anchor="end">{kind}</text>',
    ]
    for number, row in enumerate(rows, 1):
        y = top + HEAD + ROW * number
        parts.append(f'<text class="words" x="{left + PADDING:.1f}" y="{y:.1f}">{escape(row)}</text>')
    return "".join(parts)


def _rect(middle: Point, size: Size, look: str) -> str:
    left, top = middle[0] - size[0] / 2, middle[1] - size[1] / 2
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" {look}/>'


def _line(drawn: Drawn) -> str:
    """A smooth line: straight up and down where it passes a rank, bent in between."""
    start, *rest = drawn.points
    told = [f"M{start[0]:.1f} {start[1]:.1f}"]
    for (x, y), (following, below) in zip(drawn.points, rest, strict=False):
        if abs(x - following) < 0.5:
            told.append(f"L{following:.1f} {below:.1f}")
        else:
            half = (y + below) / 2
            told.append(f"C{x:.1f} {half:.1f} {following:.1f} {half:.1f} {following:.1f} {below:.1f}")
    kind = ' class="back"' if drawn.back else ""
    return f'<path{kind} d="{"".join(told)}" marker-end="url(#tip)"/>'


def _label(arrow: Arrow, drawn: Drawn) -> str:
    size = _label_size(arrow)
    x, y = drawn.label
    parts = [_rect(drawn.label, size, 'rx="3" fill="#fcfcfa" fill-opacity="0.92"')]
    for number, label in enumerate(arrow.labels):
        row = y - size[1] / 2 + LABEL_ROW * (number + 1) - 2
        parts.append(f'<text class="label" x="{x:.1f}" y="{row:.1f}" text-anchor="middle">{escape(label)}</text>')
    return "".join(parts)
