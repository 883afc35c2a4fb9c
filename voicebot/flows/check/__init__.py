"""The lint: what is wrong with a flow that loads, and what keeps one from loading, as findings by file and line.

Each module is one family of rules: `check(subject) -> findings`. A new family is one more module in FAMILIES.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from voicebot.errors import Place, VoicebotError
from voicebot.flows.bundle import SUFFIX
from voicebot.flows.check import endings, languages, opening, questions, speaking, variables, ways
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, FlowError, finding
from voicebot.flows.load import LoadedFlow, load_flow

FAMILIES = (ways.check, questions.check, variables.check, languages.check, opening.check, endings.check, speaking.check)


def check_flow(
    loaded: LoadedFlow,
    siblings: Mapping[str, LoadedFlow],
    *,
    broken: Mapping[str, FlowError] | None = None,
    opt_out_key: str = "*",
) -> list[Finding]:
    """What is wrong with a flow that loads, in the order of the lines.

    `siblings` are the flows of its folder by name: those it may call, and those that may call it. `broken` are those
    that cannot be loaded, by the name of their file.
    """
    subject = Subject(loaded, siblings, broken or {}, opt_out_key)
    try:
        subject.calls  # noqa: B018  (without the flows it calls, nothing else can be judged)
    except FlowError as fault:
        return list(fault.findings)
    return sorted({one for family in FAMILIES for one in family(subject)})


def check_paths(paths: Iterable[Path | str], opt_out_key: str = "*") -> list[Finding]:
    """What is wrong with the flows in `paths`; a folder stands for every flow in it. Sorted by file and line.

    Raises VoicebotError for a path that cannot be read, or a folder without flows.
    """
    found: set[Finding] = set()
    for file in dict.fromkeys(file for path in paths for file in _files(Path(path))):
        try:
            loaded = _loaded(file, _written(file))
        except FlowError as fault:
            found.update(fault.findings)
            continue
        siblings, broken = _beside(file)
        found.update(_name(file, loaded))
        found.update(check_flow(loaded, siblings, broken=broken, opt_out_key=opt_out_key))
    return sorted(found)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob(f"*{SUFFIX}"))
    if not files:
        raise VoicebotError(Place(str(path)), f"the folder has no flow (*{SUFFIX}).", "Name a flow or its folder.")
    return files


def _beside(file: Path) -> tuple[dict[str, LoadedFlow], dict[str, FlowError]]:
    """The flows in the folder of `file` by name: those that load, and why the others do not."""
    siblings, broken = {}, {}
    for beside in sorted(file.parent.glob(f"*{SUFFIX}")):
        try:
            siblings[beside.stem] = _loaded(beside, _written(beside))
        except FlowError as fault:
            broken[beside.stem] = fault
    return siblings, broken


@lru_cache(maxsize=256)
def _loaded(file: Path, _written: int) -> LoadedFlow:
    """The flow in `file` as of its last change: every flow of a folder looks at all the others."""
    return load_flow(file)


def _written(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0  # load_flow says why


def _name(file: Path, loaded: LoadedFlow) -> list[Finding]:
    if file.stem == loaded.flow.name:
        return []
    problem = f'the flow calls itself "{loaded.flow.name}", and its file is {file.name}.'
    return [finding(loaded.marks.at("name"), "flow-name", problem, f"Write `name: {file.stem}`, or rename the file.")]
