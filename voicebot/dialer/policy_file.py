"""Reads the policy table; every fault is told by file and line. Rule: all of it is read as text: 08:00 is no number."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from voicebot.dialer.policy import Policy
from voicebot.errors import OutsideError, Place, VoicebotError

SHIPPED = Path(__file__).with_name("policy.yaml")

Lines = dict[tuple[str | int, ...], int]
"""The line of each value, by its path from the top."""


class PolicyError(VoicebotError):
    """The policy table cannot be used; `where` is the file and line of its first fault."""


def load_policy(path: Path | None = None) -> Policy:
    """The policy table in `path`, or the one that ships. Raises PolicyError, or OutsideError for an unreadable file."""
    path = path or SHIPPED
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError(Place(str(path)), "this file is not UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        raise OutsideError(str(path), f"the policy cannot be read: {error.strerror}.", "Check the path.") from None
    return policy_from_text(text, str(path))


@cache
def policy_from_text(text: str, file: str = "policy") -> Policy:
    """The policy table written in `text`; `file` is its name in messages."""
    values, lines = _compose(text, file)
    if not isinstance(values, dict) or "default" not in values:
        raise PolicyError(Place(file), 'there is no "default".', "Give the rules for countries that are not listed.")
    version = hashlib.sha256(text.encode()).hexdigest()
    default = values.pop("default")
    try:
        return Policy.model_validate({"version": version, "text": text, "default": default, "countries": values})
    except ValidationError as error:
        raise _told(error, file, lines) from None


def _told(error: ValidationError, file: str, lines: Lines) -> PolicyError:
    faults = []
    for fault in error.errors(include_url=False):
        path = tuple(part for part in fault["loc"] if part != "[key]")
        path = path[1:] if path[:1] == ("countries",) else path
        line = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), 0)
        message = fault["msg"].removeprefix("Value error, ")
        faults.append((line, f"{'.'.join(map(str, path)) or 'the table'}: {message}."))
    faults.sort()
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    remedy = "See docs/dialing.md for what a country's rules may hold."
    return PolicyError(Place(file, faults[0][0]), faults[0][1] + more, remedy)


def _compose(text: str, file: str) -> tuple[Any, Lines]:
    lines: Lines = {}
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return (_value(root, (), lines, file) if root else None), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise PolicyError(Place(file, line), f"this is not YAML: {error.problem}.", "Mend the line.") from None
    except yaml.YAMLError:
        raise PolicyError(Place(file), "this is not YAML text.", "Remove unprintable characters.") from None


def _value(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        table: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or key.value in table:
                raise PolicyError(Place(file, line), "this key is a list, or stands twice.", "Name it once.")
            table[key.value] = _value(value, (*path, key.value), lines, file)
            lines[(*path, key.value)] = line
        return table
    if isinstance(node, yaml.SequenceNode):
        return [_value(part, (*path, index), lines, file) for index, part in enumerate(node.value)]
    return node.value
