"""Imports run down the floors of the house, never up, and never between two rooms of one floor."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FLOORS: list[list[str]] = [
    [
        "voicebot.timestamps",
        "voicebot.errors",
        "voicebot.logs",
        "voicebot.metrics",
        "voicebot.setting_shapes",
        "voicebot.settings",
    ],
    ["voicebot.nlu", "voicebot.leads", "voicebot.agents", "voicebot.dialer", "voicebot.simulator"],
    ["voicebot.flows"],
    ["voicebot.speech"],
    ["voicebot.store", "voicebot.phone"],
    ["voicebot.services"],
    ["voicebot.phone.webhooks", "voicebot.console"],
    ["app", "voicebot.dialer.loop"],
    ["voicebot.demo"],
    ["voicebot.cli"],
]
"""From the ground up. A module belongs to the entry with the longest matching name."""

ONE_ROOM = set(FLOORS[0])
"""The ground floor has no walls."""

HIGHER = {
    "voicebot.phone.webhooks": ("voicebot.phone.webhooks", "voicebot.phone.stream"),
    "voicebot.dialer.loop": (),
}
"""Modules of a lower package that stand higher, by the entry of FLOORS they belong to."""

FILES = [Path("app.py"), *sorted(Path("voicebot").rglob("*.py"))]


def _module(file: Path) -> str:
    return ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def _room(module: str) -> tuple[int, str]:
    for entry, members in HIGHER.items():
        if module in members:
            module = entry
    rooms = [
        (len(entry), floor, entry)
        for floor, entries in enumerate(FLOORS)
        for entry in entries
        if module == entry or module.startswith(f"{entry}.")
    ]
    return max(rooms)[1:] if rooms else (0, module)


def _imports(file: Path) -> set[str]:
    found: set[str] = set()
    package = _module(file) if file.name == "__init__.py" else _module(file).rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names if _is_module(f"{base}.{alias.name}"))}
    return {name for name in found if name == "app" or name.startswith("voicebot.")}


def _is_module(name: str) -> bool:
    path = Path(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@pytest.mark.parametrize("file", FILES, ids=str)
def test_imports_run_down(file: Path) -> None:
    module = _module(file)
    floor, room = _room(module)
    for imported in _imports(file):
        below, other = _room(imported)
        allowed = below < floor or other == room or {room, other} <= ONE_ROOM
        assert allowed, f"{module} (floor {floor}) imports {imported} (floor {below})"


def test_simulator_knows_nothing_of_us() -> None:
    for file in Path("voicebot/simulator").rglob("*.py"):
        foreign = {one for one in _imports(file) if not one.startswith(("voicebot.simulator", "voicebot.errors"))}
        assert not foreign, f"{file} imports {foreign}"


PURE = ("voicebot/flows", "voicebot/nlu", "voicebot/leads", "voicebot/agents")
IMPURE = {"time", "random", "socket", "sqlite3", "flask", "twilio", "requests", "threading", "secrets", "sqlite_utils"}


@pytest.mark.parametrize(
    "file",
    [
        *(file for folder in PURE for file in sorted(Path(folder).rglob("*.py"))),
        Path("voicebot/phone/params.py"),
        *sorted(set(Path("voicebot/dialer").glob("*.py")) - {Path("voicebot/dialer/loop.py")}),
    ],
    ids=str,
)
def test_core_is_pure(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    roots = {name.split(".")[0] for node in ast.walk(tree) for name in _roots(node)}
    assert not roots & IMPURE
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not calls & {"datetime.now", "datetime.utcnow", "date.today", "open", "os.getenv"}


def _roots(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
