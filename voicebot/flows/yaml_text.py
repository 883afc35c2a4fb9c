"""YAML as flows use it: plain data with the line of every part.

Rule: a value means what it shows. Only `true` and `false` are booleans (so `yes`, `no` and `on` are words), a number
never starts with a zero, dates stay text, every key is text, and there are no anchors, aliases or tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from voicebot.errors import Place
from voicebot.flows.findings import Finding, FlowError, finding
from voicebot.flows.marks import Marks, Path

MAX_BYTES = 1_000_000
"""The largest file read; a flow of 500 steps in three languages stays below half of it."""

MAX_DEPTH = 30
"""How deep parts may be nested; the language itself needs 10."""

Data = dict[str, "Data"] | list["Data"] | str | int | float | bool | None

FULL_WIDTH_COLON = "："
FULL_WIDTH_PROBLEM = "there is a full-width colon, which YAML takes for a letter."
FULL_WIDTH_REMEDY = "Write an ordinary colon with a space after it."
"""What a Chinese keyboard gives for a colon, and what is to be done about it."""

_FULL_WIDTH = re.compile(rf"\s*(?:- )?\w+{FULL_WIDTH_COLON}")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\.[0-9]+)?")


def decode(content: bytes, file: str) -> str:
    """The text of a file. Raises FlowError when it is too large or no UTF-8."""
    if len(content) > MAX_BYTES:
        problem = f"the file has more than {MAX_BYTES:,} bytes."
        raise FlowError([finding(Place(file), "file", problem, "Split it into several flows and `call` them.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        problem = "the file is not UTF-8 text."
        raise FlowError([finding(Place(file, line), "file", problem, "Save it with the encoding UTF-8.")]) from None


def parse(text: str, file: str) -> tuple[Data, Marks]:
    """The data in `text` and where each part stands. Raises FlowError that names the line and the remedy."""
    builder = _Builder(text, file)
    data = builder.document()
    if builder.findings:
        raise FlowError(builder.findings)
    return data, Marks(file, builder.lines, builder.written)


class _Builder:
    """Turns the parser's events into data. Faults that leave the rest readable are gathered in `findings`."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.lines: dict[Path, int] = {}
        self.written: dict[Path, str] = {}
        self.findings: list[Finding] = []
        self.events: Iterator[Event] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> Data:
        try:
            return self._document()
        except yaml.YAMLError as fault:
            raise FlowError([self._syntax(fault)]) from None

    def _document(self) -> Data:
        start = next((event for event in self.events if isinstance(event, NodeEvent)), None)
        if start is None or (isinstance(start, ScalarEvent) and not start.value):
            raise self._stop(0, "the file is empty.", "Begin with `spec: 1` and `name: ...`.")
        data = self._value(start, ())
        second = next((event for event in self.events if isinstance(event, DocumentStartEvent)), None)
        if second is not None:
            raise self._stop(_line(second), "the file holds more than one document.", "Remove the line `---`.")
        return data

    def _value(self, event: Event, path: Path) -> Data:
        self.lines.setdefault(path, _line(event))
        self._refuse_references(event)
        if len(path) > MAX_DEPTH:
            raise self._stop(_line(event), f"parts are nested more than {MAX_DEPTH} deep.", "Check the indentation.")
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: Path) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Data]:
        pairs: dict[str, Data] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            self._refuse_references(event)
            if not isinstance(event, ScalarEvent):
                problem = 'a text that begins with "{" or "[" is not in quotes.'
                raise self._stop(_line(event), problem, 'Write "{{ name }}" with quotes around the whole text.')
            key = event.value
            if FULL_WIDTH_COLON in key:
                problem = f'"{key}" holds a full-width colon, which YAML takes for a letter.'
                raise self._stop(_line(event), problem, FULL_WIDTH_REMEDY)
            if key in pairs:
                problem = f'"{key}" stands here twice (first in line {self.lines[*path, key]}).'
                self._note(_line(event), "duplicate-key", problem, "Remove or rename one of them.")
            self.lines[*path, key] = _line(event)
            pairs[key] = self._value(next(self.events), (*path, key))
        return pairs

    def _scalar(self, event: ScalarEvent, path: Path) -> Data:
        if not event.implicit[0]:  # in quotes, or a block of text
            return str(event.value)
        plain = str(event.value)
        self.written[path] = plain
        if plain in _WORDS:
            return _WORDS[plain]
        if _LEADING_ZERO.fullmatch(plain):
            problem = f"{plain} begins with a zero, which a number would lose."
            self._note(_line(event), "quotes", problem, f'Put it in quotes: "{plain}".')
        if _INTEGER.fullmatch(plain):
            return int(plain) if len(plain) < 40 else plain
        return float(plain) if _FLOAT.fullmatch(plain) else plain

    def _refuse_references(self, event: Event) -> None:
        anchored = isinstance(event, AliasEvent) or getattr(event, "anchor", None)
        if anchored:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            problem = f'an unquoted text begins with "{sign}", which means something else in YAML.'
            raise self._stop(_line(event), problem, "Put the text in quotes.")
        if getattr(event, "tag", None):
            problem = 'an unquoted text begins with "!", which means something else in YAML.'
            raise self._stop(_line(event), problem, "Put the text in quotes.")

    def _note(self, line: int, code: str, problem: str, remedy: str) -> None:
        self.findings.append(finding(Place(self.file, line), code, problem, remedy))

    def _stop(self, line: int, problem: str, remedy: str) -> FlowError:
        return FlowError([*self.findings, finding(Place(self.file, line), "yaml", problem, remedy)])

    def _syntax(self, fault: yaml.YAMLError) -> Finding:
        mark = getattr(fault, "problem_mark", None)
        if "quoted scalar" in str(getattr(fault, "context", "")):
            place = Place(self.file, fault.context_mark.line + 1)  # type: ignore[attr-defined]
            return finding(place, "yaml", "a quotation mark is opened here and never closed.", "Close it.")
        if mark is None:  # a character that YAML does not allow, told by its position alone
            position = getattr(fault, "position", 0)
            line = self.text.encode()[:position].count(b"\n") + 1
            problem = "there is a control character that no text may hold."
            return finding(Place(self.file, line), "yaml", problem, "Remove it, or type the line anew.")
        if _FULL_WIDTH.match(self._source(mark.line - 1)):  # the parser stumbles only over the line below
            return finding(Place(self.file, mark.line), "yaml", FULL_WIDTH_PROBLEM, FULL_WIDTH_REMEDY)
        problem, remedy = _explained(str(getattr(fault, "problem", "")), self._source(mark.line))
        return finding(Place(self.file, mark.line + 1), "yaml", problem, remedy)

    def _source(self, index: int) -> str:
        lines = self.text.splitlines()
        return lines[index] if 0 <= index < len(lines) else ""


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _explained(problem: str, source: str) -> tuple[str, str]:
    """A parser's complaint about the line `source` in plain words, with a remedy."""
    indentation = source[: len(source) - len(source.lstrip())]
    value = source.split(": ", 1)[-1].lstrip("- ")
    if "\t" in indentation:
        return "the line is indented with a tab.", "Indent with spaces."
    if value.startswith(("{{", "{%")):
        return 'a text that begins with "{" is not in quotes.', "Put quotes around the whole text."
    if _FULL_WIDTH.match(source):
        return FULL_WIDTH_PROBLEM, FULL_WIDTH_REMEDY
    if "mapping values are not allowed" in problem:
        if source.count(": ") > 1:
            return 'there is a second ": " in the line.', "Put the text in quotes."
        return "the line is indented further than the one above it allows.", "Check the indentation."
    sign = re.search(r"[\[,{]\s*([*&!%@`#])", source) or re.match(r"([*&!%@`])", value)
    if sign:
        return f'an unquoted text begins with "{sign[1]}".', "Put the text in quotes."
    return f"this is no valid YAML: {problem}.", "Check the indentation, the colons and the quotes around here."
