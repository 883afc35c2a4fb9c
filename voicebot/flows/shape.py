"""A model's complaints in an author's words: which line, what is wrong with it, what to write instead."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from voicebot.errors import did_you_mean
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Marks, Path
from voicebot.flows.model import RETURN, Flow
from voicebot.flows.steps import KINDS
from voicebot.flows.yaml_text import Data
from voicebot.nlu.languages import LANGUAGES

PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "a name has small letters, digits and underscores, and begins with a letter",
    r"^[0-9#]{1,20}$": "keys are the digits 0 to 9 and #, and * is the key that opts out",
    "^[0-9#]?$": "it is one key, 0 to 9 or #, or empty",
    "^[0-9#]$": "it is one key, 0 to 9 or #",
    "^[0-9]$": "it is one key, 0 to 9",
    r"^([0-9]+[mhd])?$": "a while is written like 30m, 2h or 14d",
    r"^[0-9]+[mhd]$": "a while is written like 30m, 2h or 14d",
}
"""Every pattern of the model in words."""

_TYPES = {
    "string_type": "text", "int_type": "a whole number", "int_parsing": "a whole number",
    "int_from_float": "a whole number", "float_type": "a number", "float_parsing": "a number",
    "bool_type": "true/false", "bool_parsing": "true/false", "tuple_type": "a list",
    "dict_type": "keys and values", "model_type": "keys and values", "model_attributes_type": "keys and values",
}  # fmt: skip
"""What was expected, by the kind of complaint."""

_BOUNDS = {
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "may have at most {max_length} characters",
    "too_short": "has too few entries (at least {min_length})",
    "too_long": "has too many entries (at most {max_length})",
}
"""How a bound is worded."""


def findings(fault: ValidationError, data: dict[str, Data], marks: Marks) -> list[Finding]:
    """One finding per fault, in the order of the lines."""
    by_value: dict[Path, list[ErrorDetails]] = {}
    for complaint in fault.errors(include_url=False):
        if complaint["type"] == "bare_prompt" and not complaint["ctx"]["languages"]:
            continue  # without a language no prompt is right, and that the flow names none is told once
        path, missing = _path(complaint["loc"], data), complaint["type"] == "missing"
        by_value.setdefault((*path, complaint["loc"][-1]) if missing else path, []).append(complaint)
    told = {path: group for path, group in by_value.items() if not _told_deeper(path, group, by_value)}
    return sorted(_finding(path, group, marks) for path, group in told.items())


def _path(loc: tuple[str | int, ...], data: Data) -> Path:
    """The parts of a complaint's location that the author wrote. The rest names types, or the one item of a list."""
    path: list[str | int] = []
    for part in loc:
        if isinstance(data, dict) and part in data:
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part]
        else:
            continue
        path.append(part)
    return tuple(path)


def _told_deeper(path: Path, group: list[ErrorDetails], others: Iterable[Path]) -> bool:
    """Whether `group` only says that the value is none of several types, and a part of it is told to be at fault."""
    of_union = len(group) > 1
    return of_union and any(len(other) > len(path) and other[: len(path)] == path for other in others)


def _finding(path: Path, group: list[ErrorDetails], marks: Marks) -> Finding:
    place, where = marks.at(*path), described(path)
    worded = [complaint for complaint in group if complaint["type"] in _WORDED]
    if worded and (len(group) == 1 or worded[0]["type"] != "literal_error"):
        code, words = _WORDED[worded[0]["type"]]
        return finding(place, code, *words(path, worded[0]))
    if any(_wanted(complaint) for complaint in group):
        return finding(place, "type", *_wrong_type(where, group, marks.written.get(path)))
    return finding(place, "shape", f"{where}: {group[0]['msg']}.")


def described(path: Path) -> str:
    """A path as an author would say it: `step "greet", menu.answers`."""
    if not path:
        return "the flow"
    if path[0] == "steps" and len(path) > 1:
        head, rest = f'step "{path[1]}"', path[2:]
    elif path[0] == "tests" and len(path) > 1:
        head, rest = f"test {int(path[1]) + 1}", path[2:]
    else:
        head, rest = "", path
    tail = ".".join(str(part + 1) if isinstance(part, int) else part for part in rest)
    return ", ".join(part for part in (head, tail) if part)


def _wrong_type(where: str, group: list[ErrorDetails], written: str | None) -> tuple[str, str]:
    value = group[0]["input"]
    kinds = dict.fromkeys(kind for complaint in group if (kind := _wanted(complaint)))
    wanted = _either(kind for kind in kinds if kind != "a whole number" or "a number" not in kinds)
    if wanted == "text" and written and isinstance(value, int | float):
        return f"{where} must be text, and {written} is not in quotes.", f'Write "{written}".'
    return f"{where} must be {wanted}, and is {_shown(value)}.", ""


def _wanted(complaint: ErrorDetails) -> str:
    if complaint["type"] == "literal_error":
        return str(complaint["ctx"]["expected"]).strip("'")
    return _TYPES.get(complaint["type"], "")


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, dict | list | tuple):
        return "keys and values" if isinstance(value, dict) else "a list"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _either(options: Iterable[str]) -> str:
    *most, last = options
    return f"{', '.join(most)} or {last}" if most else last


def _unknown_key(path: Path, complaint: ErrorDetails) -> tuple[str, str]:
    known = _keys_at(path[:-1])
    where, suggestion = described(path[:-1]), did_you_mean(str(path[-1]), known)
    if complaint["input"] is None and not suggestion:
        problem = f'{where} has the key "{path[-1]}" without a value, which looks like the rest of a text with a comma.'
        return problem, "Between braces, put a text with a comma in quotes."
    problem = f'{where} has the key "{path[-1]}", and there is no such key here.'
    return problem, suggestion or f"Known are: {', '.join(known)}."


def _missing(path: Path, _: ErrorDetails) -> tuple[str, str]:
    model = _type_at(path[:-1])
    info = next((info for name, info in model.model_fields.items() if path[-1] in (name, info.alias)), None)
    meaning = f" ({info.description})" if info and info.description else ""
    return f'{described(path[:-1])} lacks "{path[-1]}"{meaning}.', f"Add `{path[-1]}: ...`."


def _not_listed(path: Path, complaint: ErrorDetails) -> tuple[str, str]:
    allowed = [option.strip("'") for option in re.split(", | or ", complaint["ctx"]["expected"])]
    wrong = str(complaint["input"])
    if complaint["loc"][-1] == "[key]":
        problem = f'{described(path[:-1])} has "{path[-1]}", which is none of the words allowed there.'
    else:
        problem = f"{described(path)} is {_shown(complaint['input'])}, which is none of the words allowed there."
    return problem, did_you_mean(wrong, allowed) or f"Allowed are: {', '.join(allowed)}."


def _not_matching(path: Path, complaint: ErrorDetails) -> tuple[str, str]:
    rule = PATTERNS[complaint["ctx"]["pattern"]]
    where = described(path[:-1] if complaint["loc"][-1] == "[key]" else path)
    return f'{where}: "{complaint["input"]}" will not do: {rule}.', ""


def _out_of_bounds(path: Path, complaint: ErrorDetails) -> tuple[str, str]:
    return f"{described(path)} {_BOUNDS[complaint['type']].format(**complaint['ctx'])}.", ""


def _bare_prompt(path: Path, complaint: ErrorDetails) -> tuple[str, str]:
    languages = complaint["ctx"]["languages"]
    remedy = f"Write {' and '.join(f'`{tag}: ...`' for tag in languages)} below it."
    return f"{described(path)} is one text, and the flow speaks {len(languages)} languages.", remedy


def _two_kinds(path: Path, complaint: ErrorDetails) -> tuple[str, str]:
    problem = f"{described(path)} is {complaint['ctx']['kinds']} at once, and a step is one thing."
    return problem, "Make two steps of it."


def _no_kind(path: Path, _: ErrorDetails) -> tuple[str, str]:
    return f"{described(path)} does nothing.", f"Give it one of: {', '.join(KINDS)}."


def _reserved(path: Path, _: ErrorDetails) -> tuple[str, str]:
    return f'no step may be called "{RETURN}", the word that leads back to the calling flow.', "Rename the step."


def _unknown_language(path: Path, complaint: ErrorDetails) -> tuple[str, str]:
    known = list(LANGUAGES)
    remedy = did_you_mean(str(complaint["input"]), known) or f"Known are: {', '.join(known)}."
    return f'{described(path)}: no language is called "{complaint["input"]}".', remedy


_WORDED: dict[str, tuple[str, Callable[[Path, ErrorDetails], tuple[str, str]]]] = {
    "extra_forbidden": ("unknown-key", _unknown_key),
    "missing": ("missing-key", _missing),
    "literal_error": ("not-listed", _not_listed),
    "string_pattern_mismatch": ("pattern", _not_matching),
    "bare_prompt": ("language", _bare_prompt),
    "kinds": ("two-kinds", _two_kinds),
    "no_kind": ("no-kind", _no_kind),
    "reserved": ("reserved", _reserved),
    "unknown_language": ("unknown-language", _unknown_language),
    **dict.fromkeys(_BOUNDS, ("bounds", _out_of_bounds)),
}
"""By kind of complaint: the finding's code, and who words it."""


# --- what the model knows at a path -----------------------------------------------------------------------------------


def _keys_at(path: Path) -> list[str]:
    return [info.alias or name for name, info in _type_at(path).model_fields.items()]


def _type_at(path: Path) -> type[BaseModel]:
    """The model that describes the part at `path`."""
    kind: Any = Flow
    for part in path:
        kind = _inside(_bare(kind, part), part)
    model: type[BaseModel] = _bare(kind, None)
    return model


def _bare(kind: Any, part: str | int | None) -> Any:
    """`kind` without Annotated, without None, and without the list that an author left out."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        return _bare(inner[0], part)
    if origin in (typing.Union, types.UnionType):
        return _bare(next(one for one in inner if one is not type(None)), part)
    if origin is tuple and not isinstance(part, int):
        return _bare(inner[0], part)
    return kind


def _inside(kind: Any, part: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return next(info.annotation for name, info in kind.model_fields.items() if part in (name, info.alias))
    return typing.get_args(kind)[-1 if typing.get_origin(kind) is dict else 0]
