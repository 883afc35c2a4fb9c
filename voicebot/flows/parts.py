"""Every prompt, condition and target of a flow with the way to it, found by what the model says they are."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from voicebot.flows.marks import Path
from voicebot.flows.model import Flow
from voicebot.flows.steps import EXPRESSION, TARGET, VALUES, Effects, Prompt

What = Literal["prompt", "expression", "target", "values"]


@dataclass(frozen=True)
class Part:
    """One text of a flow. A prompt's `value` is a text per language, that of `values` the variables to be set.

    `around` are the steps, answers and handlers it stands in, outermost first.
    """

    path: Path
    what: What
    value: Any
    around: tuple[Effects, ...]

    @property
    def step(self) -> str:
        """The step it stands in, or an empty text for a part of the flow as a whole."""
        return str(self.path[1]) if self.path[0] == "steps" else ""


def parts_of(flow: Flow) -> Iterator[Part]:
    """Every prompt, expression, target and set of variables of `flow`, in the order of the model."""
    return _model(flow, (), ())


def _model(model: BaseModel, path: Path, around: tuple[Effects, ...]) -> Iterator[Part]:
    if isinstance(model, Effects):
        around = (*around, model)
    for name, annotation in _annotations(type(model)):
        value = getattr(model, name)
        if value is not None:
            alias = type(model).model_fields[name].alias or name
            yield from _value(annotation, value, (*path, alias), around)


@lru_cache(maxsize=64)
def _annotations(model: type[BaseModel]) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(model, include_extras=True)
    return tuple((name, hints[name]) for name in model.model_fields)


_MARKED: dict[str, What] = {TARGET: "target", EXPRESSION: "expression", VALUES: "values"}


def _value(annotation: Any, value: Any, path: Path, around: tuple[Effects, ...]) -> Iterator[Part]:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation == Prompt:
        yield Part(path, "prompt", value, around)
    elif origin is Annotated:
        mark = next((_MARKED[mark] for mark in inner[1:] if isinstance(mark, str) and mark in _MARKED), None)
        if mark and value not in ("", {}):
            yield Part(path, mark, value, around)
        elif not mark:
            yield from _value(inner[0], value, path, around)
    elif origin in (typing.Union, types.UnionType):
        options = [option for option in inner if option is not type(None)]
        if len(options) == 1:  # something or nothing
            yield from _value(options[0], value, path, around)
    elif isinstance(value, BaseModel):
        yield from _model(value, path, around)
    elif origin is tuple:
        for index, item in enumerate(value):
            yield from _value(inner[0], item, (*path, index), around)
    elif origin is dict:
        for key, item in value.items():
            yield from _value(inner[1], item, (*path, key), around)
