"""The documents: nothing in them points nowhere, and nothing that exists is missing from them."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
import pytest

from voicebot.cli import VERBS, main
from voicebot.settings import TABLE

PAGES = [Path("README.md"), *sorted(Path("docs").glob("*.md")), Path("flows/README.md"), Path("CHANGELOG.md")]
COMMANDS = Path("docs/commands.md")
PROGRAM = click.Context(main, info_name="voicebot", **main.context_settings)


def command(verb: str) -> click.Command:
    assert isinstance(main, click.Group)
    found = main.get_command(PROGRAM, verb)
    assert found is not None
    return found


# --- the page of all verbs --------------------------------------------------------------------------------------------

HEAD = """\
# Commands

Every verb of `voicebot`; `voicebot VERB --help` shows the same. Where an option says "by default", leaving it out is
the usual way. Settings that concern all verbs: [settings.md](settings.md).

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | done, and something was found: a fault in a flow, a failed test, a refused row, a difference, a breach |
| 2 | the input, an option or a setting is at fault; the message says where, what, and the remedy |
| 3 | something outside is: a file, the disk, the database, a port |

With `--json` a verb prints what a program reads: one document, or (`calls`, `leads`, `messages`, `talk`) one object a
line. Everything that is not a result (progress, mistakes) goes to standard error. There are colours on a terminal only.
"""


def commands_page() -> str:
    """The page as the verbs themselves say it."""
    return "\n".join([HEAD, *(section(verb) for verb in VERBS)])


def section(verb: str) -> str:
    found = command(verb)
    usage = " ".join(
        ["voicebot", verb, *(piece for piece in found.collect_usage_pieces(click.Context(found, parent=PROGRAM)))]
    )
    example = (found.epilog or "").partition("Example: ")[2]
    options = [row for parameter in found.params for row in option_rows(parameter)]
    table = ["", "| option | meaning | default |", "|---|---|---|", *options] if options else []
    return "\n".join([f"## {verb}", "", cleandoc(found.help or ""), "", "```", usage, example, "```", *table, ""])


def option_rows(parameter: click.Parameter) -> Iterator[str]:
    if isinstance(parameter, click.Option):
        value = "" if parameter.is_flag else f" {parameter.metavar or parameter.type.name.upper()}"
        names = ", ".join(f"`{name}{value}`" for name in reversed(parameter.opts))
        choices = f" One of {', '.join(parameter.type.choices)}." if isinstance(parameter.type, click.Choice) else ""
        required = " Required." if parameter.required else ""
        default = f"`{parameter.default}`" if parameter.show_default else ""
        yield f"| {names} | {parameter.help}{choices}{required} | {default} |"


def test_page_of_commands_is_what_the_verbs_say(update: bool) -> None:
    if update:
        COMMANDS.write_text(commands_page(), encoding="utf-8")
    assert COMMANDS.read_text(encoding="utf-8") == commands_page(), "run pytest tests/test_docs.py --update"


# --- commands in documents --------------------------------------------------------------------------------------------


def commands_in(text: str) -> Iterator[list[str]]:
    """The words of every `voicebot ...` line, in blocks and in the middle of a sentence."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in lines:
        said = re.match(r"\s*(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?voicebot (?!VERB|\.\.\.)(.+)", line)
        if said and "[OPTIONS]" not in line:
            yield shlex.split(said[1], comments=True)


WRITTEN = [(page, words) for page in PAGES for words in commands_in(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "words"), WRITTEN, ids=[f"{page.name} {' '.join(words)}" for page, words in WRITTEN])
def test_command_in_a_document_can_be_typed(page: Path, words: list[str]) -> None:
    verb, *rest = words
    if verb.startswith("--"):
        return
    assert verb in VERBS, f"{page}: {words}"
    if rest and rest != ["--help"] and "…" not in rest:
        command(verb).make_context(verb, rest, parent=PROGRAM)


def test_documents_speak_of_commands() -> None:
    assert {words[0] for page, words in WRITTEN if page == Path("README.md")} >= {"talk", "check", "serve", "dial"}


# --- links, maps, tables ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        file, _, anchor = target.partition("#")
        path = page.parent / file if file else page
        assert path.exists(), f"{page}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {_anchor(heading) for heading in headings}, f"{page}: {target}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_map_names_every_folder() -> None:
    text = Path("README.md").read_text(encoding="utf-8")
    folders = [path.parent.as_posix() + "/" for path in Path("voicebot").glob("*/__init__.py")]
    assert [folder for folder in [*folders, "flows/", "tests/"] if f"`{folder}`" not in text] == []
    for named in re.findall(r"^\| `([^`]+)`", text, re.MULTILINE):
        assert Path(named).exists(), named


def test_readme_leads_to_every_document() -> None:
    text = Path("README.md").read_text(encoding="utf-8")
    assert [page for page in Path("docs").glob("*.md") if page.as_posix() not in text] == []


def test_every_setting_is_explained() -> None:
    text = Path("docs/settings.md").read_text(encoding="utf-8")
    assert [one.name for one in TABLE if f"| `{one.name}` | `{one.variable}` |" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_settings_in_documents_exist(page: Path) -> None:
    known = {one.variable for one in TABLE}
    named = set(re.findall(r"VOICEBOT_[A-Z_]*[A-Z]", page.read_text(encoding="utf-8")))
    assert named <= known


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = Path("docs/dependencies.md").read_text(encoding="utf-8")
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=~! \[]", requirement)[0] for requirement in wanted}
    explained = set(re.findall(r"[\w*-]+", "\n".join(re.findall(r"^\| ([^|]+)", text, re.MULTILINE))))
    assert {name for name in names if name not in explained and not name.startswith("types-")} == set()


def test_make_verbs_in_documents_exist() -> None:
    made = set(re.findall(r"^([a-z]+):", Path("Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"^(?:`|)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)) <= made


# --- what must not be committed ---------------------------------------------------------------------------------------

HOME = r"(?<![\w.])/(?:home|root|work|Users)/\w"
REGISTRY = r"https?://[\w.-]*(?:pypi|artifactory|nexus|devpi|mirror)[\w.-]*"


def committed() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [path for path in map(Path, listed.stdout.decode().split("\0")) if path.is_file()]


def test_nothing_of_this_machine_is_committed() -> None:
    if not committed():
        pytest.skip("this copy is not a git checkout")
    for path in committed():
        text = path.read_bytes().decode("utf-8", "replace")
        found = [*re.finditer(HOME, text), *re.finditer(REGISTRY, text)]
        assert path.samefile(__file__) or not found, f"{path}: {found[0][0]}"
