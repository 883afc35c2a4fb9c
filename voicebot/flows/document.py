"""The reference of the flow language, drawn from the model itself.

`python -m voicebot.flows.document docs/flow-language.md` writes it anew between the marks in that file.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from voicebot.flows import model as flow_model
from voicebot.flows import steps
from voicebot.flows.findings import CODES
from voicebot.flows.model import DEFAULTS
from voicebot.flows.prompts import render
from voicebot.flows.spoken import filters
from voicebot.flows.templates import ATTRIBUTES, PLAIN_FILTERS, PLAIN_TESTS
from voicebot.leads.outcomes import OUTCOMES, Outcome
from voicebot.leads.tables import GRADES, Grade
from voicebot.nlu.intents import INTENTS, NONE
from voicebot.nlu.languages import LANGUAGES

BEGIN, END = "<!-- reference: begin -->", "<!-- reference: end -->"
"""What stands between these marks is drawn from the model."""

TITLES: dict[type[BaseModel], str] = {
    flow_model.Flow: "The flow",
    flow_model.Need: "A field under `needs`",
    steps.Settings: "Settings",
    flow_model.Limits: "Limits",
    flow_model.Machine: "Machine",
    flow_model.CallOn: "The day of the first call under `call_on`",
    flow_model.Retry: "A further try under `retry`",
    flow_model.Anytime: "An intent under `anytime`",
    steps.Step: "A step",
    steps.Effects: "Effects",
    steps.OpenedCase: "A case under `case`",
    steps.Question: "What all questions share",
    steps.Menu: "The step `menu`",
    steps.Answer: "An answer",
    steps.Handler: "A handler of a question",
    steps.Exit: "The exit of a question",
    steps.Collect: "The step `collect`",
    steps.Rule: "A rule of `collect`",
    steps.Recording: "The step `record`",
    steps.Confirm: "The step `confirm`",
    steps.Case: "An arm of `branch`",
    steps.Transfer: "The step `transfer`",
    steps.Callback: "The step `callback`",
    steps.Call: "The step `call`",
    steps.Send: "The step `send`",
    steps.Hangup: "The step `hangup`",
    flow_model.FlowTest: "A test",
    flow_model.TestTurn: "A turn of a test",
    flow_model.Expected: "`expect` of a test",
}
"""Every part of a flow in the order of the reference."""

EXAMPLES: dict[str, object] = {
    "number": 1250, "ordinal": 3, "rating": 8, "money": "49.50", "date": "2026-03-03", "time": "15:30",
    "datetime": "2026-03-03T15:30", "digits": "0815", "phone": "+12025550100", "key": "*",
}  # fmt: skip
"""A value for each spoken form."""

NAMES = {
    "caller": "who is calling, as the flow says it",
    "opt_out_key": "the key that opts out; speak it with the filter `key`",
    "callback_number": "the number that the callee sees and may ring back; speak it with `phone`",
    "now": "the callee's own date and time",
    "value": "in the `check` of a rule: the value that was given",
}
"""Names that templates know besides facts, needs and variables."""


def reference() -> str:
    """The whole reference, in Markdown."""
    parts = [_keys(model, title) for model, title in TITLES.items()]
    return "\n\n".join([*parts, _templates(), _spoken(), _intents(), _lists(), _findings()])


SHARED = (steps.Effects, steps.Question)
"""Parts that others are built on: their keys are told once."""


def _keys(model: type[BaseModel], title: str) -> str:
    hints = typing.get_type_hints(model, include_extras=True)
    base = next((base for base in SHARED if base is not model and issubclass(model, base)), None)
    rows = [
        (
            f"`{info.alias or name}`",
            _bounded(_takes(hints[name]), info),
            _default(model, name, info),
            str(info.description),
        )
        for name, info in model.model_fields.items()
        if base is None or name not in base.model_fields
    ]
    parts = [f"### {title}", _first_words(model)]
    if rows:
        parts.append(_table(("key", "takes", "by default", "meaning"), rows))
    if base is not None:
        parts.append(f"{'And' if rows else 'It has'} the keys of [{TITLES[base]}](#{_anchor(TITLES[base])}).")
    return "\n\n".join(parts)


def _first_words(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


_NAMED: tuple[tuple[Any, str], ...] = (
    (steps.Prompt, "prompt"), (steps.Prompts, "prompt or list of prompts"), (steps.Keyed, "key or list of keys"),
    (steps.Words, "word or list of words"), (steps.Target, "step"), (steps.Expression, "condition"),
    (steps.Name, "name"), (flow_model.StepName, "name"), (flow_model.LanguageTag, "language"),
    (Outcome, "[outcome](#outcomes-and-grades)"), (Grade, "[grade](#outcomes-and-grades)"),
    (steps.Scalar, "value"), (flow_model.Fact, "value, or one text per language"),
    (flow_model.AnytimeKeys, "key or list of keys"),
)  # fmt: skip


def _takes(kind: Any) -> str:
    """What a key takes, in words."""
    named = next((words for known, words in _NAMED if kind == known), "")
    if named:
        return named
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        return _takes(inner[0])
    if origin is Literal:
        return " / ".join(f"`{option}`" for option in inner if option != "")
    if origin in (typing.Union, types.UnionType):
        words = dict.fromkeys(word for one in inner if one is not type(None) and (word := _takes(one)))
        return " or ".join(words)
    if origin is dict:
        return f"{_takes(inner[0])}: {_takes(inner[1])}"
    if origin is tuple:
        return f"list of {_takes(inner[0])}"
    return _plain(kind)


def _plain(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"[{TITLES[kind].replace('`', '')}](#{_anchor(TITLES[kind])})"
    return {str: "text", int: "number", float: "number", bool: "true/false"}[kind]


def _bounded(words: str, info: FieldInfo) -> str:
    low = next((mark.ge for mark in info.metadata if hasattr(mark, "ge")), None)
    high = next((mark.le for mark in info.metadata if hasattr(mark, "le")), None)
    return f"{words}, {low} to {high}" if high is not None else words


def _default(model: type[BaseModel], name: str, info: FieldInfo) -> str:
    if info.is_required():
        return "must be given"
    value = getattr(DEFAULTS, name) if model is steps.Settings else info.default
    if value is None or value in ("", (), {}) or isinstance(value, BaseModel):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _templates() -> str:
    rows = [(f"`{name}`", meaning) for name, meaning in NAMES.items()]
    allowed = (
        f"Parts of a moment: {_listed(f'.{one}' for one in ATTRIBUTES)}. Filters of Jinja2: {_listed(PLAIN_FILTERS)}; "
        "and `default`. `days_away` counts the days from today to a date: `due | days_away <= 14`. "
        f"Tests: {_listed(('defined', *PLAIN_TESTS))}."
    )
    return f"### Names in templates\n\n{_table(('name', 'stands for'), rows)}\n\n{allowed}"


def _spoken() -> str:
    tags = list(LANGUAGES)
    rows = [
        (f"`{name}`", f"`{EXAMPLES[name]}`", *(_aloud(name, tag) for tag in tags))
        for name in filters(LANGUAGES[tags[0]].data)
    ]
    return "### Spoken forms\n\n" + _table(("filter", "value", *tags), rows)


def _aloud(name: str, tag: str) -> str:
    return render(f"{{{{ value | {name} }}}}", tag, {"value": EXAMPLES[name]})


def _intents() -> str:
    rows = [(f"`{name}`", intent.meaning) for name, intent in INTENTS.items() if name != NONE]
    return "### Intents\n\n" + _table(("intent", "the callee means"), rows)


def _lists() -> str:
    return (
        f"### Outcomes and grades\n\nOutcomes, the strongest first: {_listed(OUTCOMES)}.\n\n"
        f"Grades, the warmest first: {_listed(GRADES)}.\n\nLanguages: {_listed(LANGUAGES)}."
    )


def _findings() -> str:
    rows = [(f"`{code}`", severity, meaning) for code, (severity, meaning) in CODES.items()]
    return "### Findings\n\n" + _table(("code", "kind", "meaning"), rows)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _anchor(title: str) -> str:
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(_rows([head, tuple("---" for _ in head), *rows]))


def _rows(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        yield f"| {' | '.join(row)} |"


def redrawn(text: str) -> str:
    """`text` with the reference drawn anew between its marks. Raises ValueError where the marks are missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the marks {BEGIN} and {END} are missing")
    return f"{before}{BEGIN}\n\n{reference()}\n\n{END}{after}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(redrawn(file.read_text(encoding="utf-8")), encoding="utf-8")
