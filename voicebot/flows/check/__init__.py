"""The lint: what is wrong with a flow that loads, and what keeps one from loading, as findings by file and line.

Each module is one family of rules: `check(subject) -> findings`. A new family is one more module in FAMILIES.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from voicebot.errors import Place, VoicebotError
from voicebot.flows.bundle import SUFFIX
from voicebot.flows.check import (
    endings,
    ends,
    hearing,
    languages,
    measure,
    opening,
    promises,
    questions,
    speaking,
    variables,
    ways,
)
from voicebot.flows.check.ends import Paths, walk
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, FlowError, finding
from voicebot.flows.load import LoadedFlow, load_flow

FAMILIES = (ways.check, questions.check, variables.check, languages.check, opening.check, endings.check, speaking.check,
            hearing.check, measure.check, promises.check, ends.check)  # fmt: skip


def check_flow(
    loaded: LoadedFlow,
    siblings: Mapping[str, LoadedFlow],
    *,
    broken: Mapping[str, FlowError] | None = None,
    perhaps_called: frozenset[str] = frozenset(),
    opt_out_key: str = "*",
) -> list[Finding]:
    """What is wrong with a flow that loads, in the order of the lines.

    `siblings` are the flows of its folder by name: those it may call, and those that may call it. `broken` are those
    that cannot be loaded, by the name of their file; `perhaps_called` names the flows that these speak of.
    """
    subject = Subject(loaded, siblings, broken or {}, perhaps_called, opt_out_key)
    try:
        subject.calls  # noqa: B018  (without the flows it calls, nothing else can be judged)
    except FlowError as fault:
        return list(fault.findings)
    return sorted({one for family in FAMILIES for one in family(subject)})


def paths_of(file: Path) -> Paths:
    """Every way through the flow in `file`, walked. Raises FlowError where it, or a flow it calls, cannot be loaded."""
    folder = _read(file.parent)
    return walk(Subject(load_flow(file), folder.flows, folder.broken).calls)


def check_paths(paths: Iterable[Path | str], opt_out_key: str = "*") -> list[Finding]:
    """What is wrong with the flows in `paths`; a folder stands for every flow in it. Sorted by file and line.

    Raises VoicebotError for a path that cannot be read, or a folder without flows.
    """
    found: set[Finding] = set()
    folders: dict[Path, _Folder] = {}
    for file in dict.fromkeys(file for path in paths for file in _files(Path(path))):
        try:
            loaded = load_flow(file)
        except FlowError as fault:
            found.update(fault.findings)
            continue
        if file.parent not in folders:
            folders[file.parent] = _read(file.parent)
        folder = folders[file.parent]
        found.update(_name(file, loaded))
        found.update(
            check_flow(
                loaded,
                folder.flows,
                broken=folder.broken,
                perhaps_called=folder.perhaps_called,
                opt_out_key=opt_out_key,
            )
        )
    return sorted(found)


@dataclass(frozen=True)
class _Folder:
    """The flows of a folder by the name of their file: those that load, and why the others do not."""

    flows: Mapping[str, LoadedFlow]
    broken: Mapping[str, FlowError]
    perhaps_called: frozenset[str]


CALL = re.compile(r"\bflow: *[\"']?(\w+)")
"""A call of another flow, in a file that cannot be loaded."""


def _read(folder: Path) -> _Folder:
    flows, broken = {}, {}
    named: set[str] = set()
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            flows[file.stem] = load_flow(file)
        except FlowError as fault:
            broken[file.stem] = fault
            named.update(CALL.findall(file.read_bytes().decode("utf-8", "replace")))
    return _Folder(flows, broken, frozenset(named))


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob(f"*{SUFFIX}"))
    if not files:
        raise VoicebotError(Place(str(path)), f"the folder has no flow (*{SUFFIX}).", "Name a flow or its folder.")
    return files


def _name(file: Path, loaded: LoadedFlow) -> list[Finding]:
    if file.stem == loaded.flow.name:
        return []
    problem = f'the flow calls itself "{loaded.flow.name}", and its file is {file.name}.'
    return [finding(loaded.marks.at("name"), "flow-name", problem, f"Write `name: {file.stem}`, or rename the file.")]
