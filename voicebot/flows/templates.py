"""The small, safe part of Jinja2 that flows are written in, bound to the spoken forms of a language.

Rule: a template may insert, compare and choose. It has no loops, calls, powers or attributes, so that it ends at once,
whatever an author writes or a lead's fields hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.environment import Template, TemplateExpression
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from voicebot.errors import did_you_mean
from voicebot.flows.spoken import filters
from voicebot.flows.spoken.values import as_date
from voicebot.nlu.languages import LANGUAGES

MAX_TEMPLATE = 2000
"""Characters of one template: about two minutes of speech, and half of what Twilio's <Say> takes."""

MAX_DEPTH = 30
"""How deep the parts of one template may be nested."""

TAGS = ("if", "elif", "else", "endif")
"""What may stand in `{% ... %}`."""

ATTRIBUTES = ("year", "month", "day", "hour", "minute")
"""Parts of a date or time that a template may ask for: `now.hour < 12`."""

PLAIN_FILTERS = ("lower", "upper", "trim", "round", "int", "float", "length", "abs")
"""Filters of Jinja2 that flows may use beside the spoken forms."""

PLAIN_TESTS = ("number", "string", "true", "false")
"""Tests of Jinja2 that flows may use beside `defined`."""

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Name, nodes.Const, nodes.List, nodes.Tuple,
    nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Add,
    nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Concat, nodes.Filter, nodes.Test, nodes.Getattr,
    nodes.Keyword,
)  # fmt: skip


class _Environment(SandboxedEnvironment):
    """A sandbox in which only numbers are multiplied, so that no text grows without bound."""

    intercepted_binops = frozenset({"*"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            raise TypeError("only numbers can be multiplied")
        return super().call_binop(context, operator, left, right)


def problem_in(template: str) -> str:
    """Why `template` does not parse, or an empty text."""
    return _problem(_template_tree, template)


def problem_in_expression(expression: str) -> str:
    """Why `expression` does not parse, or an empty text."""
    return _problem(_expression_tree, expression)


def _problem(parse: Callable[[str], nodes.Node], source: str) -> str:
    try:
        parse(source)
    except TemplateSyntaxError as fault:
        return str(fault.message)
    except RecursionError:
        return "it is nested too deeply"
    return ""


@dataclass(frozen=True)
class Names:
    """The names in a template: `needed` before it can be spoken, `tested` by it, so perhaps empty."""

    needed: frozenset[str]
    tested: frozenset[str]


def names_in(template: str) -> Names:
    """The names in a template that parses. What `is defined` or `default` guards is not needed."""
    return _names(_template_tree(template))


def names_in_expression(expression: str) -> Names:
    """The names in an expression that parses; see `names_in`."""
    return _names(_expression_tree(expression))


def _names(tree: nodes.Node) -> Names:
    guards = [node for node in _all(tree) if isinstance(node, nodes.Test | nodes.Filter)]
    guarded = {
        name.name for guard in guards if guard.name in ("defined", "default") for name in guard.find_all(nodes.Name)
    }
    choices = [node.test for node in _all(tree) if isinstance(node, nodes.If | nodes.CondExpr)]
    tested = {node.name for choice in choices for node in _all(choice) if isinstance(node, nodes.Name)}
    names = {node.name for node in _all(tree) if isinstance(node, nodes.Name)}
    return Names(frozenset(names - guarded), frozenset(tested | guarded))


def _all(tree: nodes.Node) -> list[nodes.Node]:
    return [tree, *tree.find_all(nodes.Node)]


@lru_cache(maxsize=8)
def _environment(language: str) -> _Environment:
    data = LANGUAGES[language].data
    environment = _Environment(undefined=StrictUndefined, finalize=_spoken, autoescape=False)
    plain = {name: environment.filters[name] for name in PLAIN_FILTERS}
    environment.filters = {**plain, "default": _default, **OWN_FILTERS, **filters(data)}
    environment.tests = {**{name: environment.tests[name] for name in PLAIN_TESTS}, "defined": _defined}
    environment.globals = {}
    return environment


def _defined(value: object) -> bool:
    """Whether there is a value: a field that a lead lacks is as good as none."""
    return not isinstance(value, Undefined) and value is not None and value != ""


def _default(value: object, instead: object = "") -> object:
    return value if _defined(value) else instead


def _spoken(value: object) -> object:
    """A value without a spoken form; moments are written as flows write them."""
    if value is None:
        raise TypeError("a value is empty")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M}"
    return f"{value:%H:%M}" if isinstance(value, time) else value


@pass_context
def _days_away(context: Context, value: object) -> int:
    """Days from the callee's today to a date; negative ones for the past."""
    return (as_date(value) - as_date(context["now"])).days


OWN_FILTERS = {"days_away": _days_away}
"""Filters that count instead of speaking."""

_ANY = next(iter(LANGUAGES))
"""Expressions and the checks of syntax depend on no language."""


@lru_cache(maxsize=4096)
def _template_tree(template: str) -> nodes.Template:
    if len(template) > MAX_TEMPLATE:
        raise TemplateSyntaxError(f"it has {len(template)} characters, and a prompt may have {MAX_TEMPLATE}", 1)
    for tag in re.findall(r"{%[-+]?\s*(\w*)", template):
        if tag not in TAGS:
            raise TemplateSyntaxError(f'"{tag}" is not part of the flow language', 1)
    tree = _environment(_ANY).parse(template)
    _refuse(tree)
    return tree


@lru_cache(maxsize=4096)
def _expression_tree(expression: str) -> nodes.Expr:
    if len(expression) > MAX_TEMPLATE:
        raise TemplateSyntaxError(f"it has {len(expression)} characters, and it may have {MAX_TEMPLATE}", 1)
    parser = Parser(_environment(_ANY), expression, state="variable")
    tree = parser.parse_expression()
    if not parser.stream.eos:
        raise TemplateSyntaxError(f'"{parser.stream.current.value}" is not expected here', 1)
    tree.set_environment(_environment(_ANY))
    _refuse(tree)
    return tree


def _refuse(tree: nodes.Node) -> None:
    environment = _environment(_ANY)
    if _depth(tree) > MAX_DEPTH:
        raise TemplateSyntaxError("it is nested too deeply", 1)
    for node in _all(tree):
        if not isinstance(node, _ALLOWED):
            raise TemplateSyntaxError(f'"{type(node).__name__.lower()}" is not part of the flow language', 1)
        if isinstance(node, nodes.Getattr) and node.attr not in ATTRIBUTES:
            raise TemplateSyntaxError(f'".{node.attr}" is not one of .{", .".join(ATTRIBUTES)}', 1)
        if isinstance(node, nodes.Filter) and node.name not in environment.filters:
            raise TemplateSyntaxError(_unknown("filter", node.name, list(environment.filters)), 1)
        if isinstance(node, nodes.Test) and node.name not in environment.tests:
            raise TemplateSyntaxError(_unknown("test", node.name, list(environment.tests)), 1)


def _depth(node: nodes.Node) -> int:
    return 1 + max(map(_depth, node.iter_child_nodes()), default=0)


def _unknown(what: str, name: str, known: list[str]) -> str:
    return f'there is no {what} "{name}". {did_you_mean(name, known)}'.rstrip()


@lru_cache(maxsize=4096)
def compiled(template: str, language: str) -> Template:
    """The template, ready to be rendered. Raises TemplateSyntaxError, and RecursionError for absurd nesting."""
    _template_tree(template)
    return _environment(language).from_string(template)


@lru_cache(maxsize=4096)
def compiled_expression(expression: str) -> TemplateExpression:
    """The expression, ready to be judged. Raises like `compiled`."""
    _expression_tree(expression)
    return _environment(_ANY).compile_expression(expression, undefined_to_none=False)
