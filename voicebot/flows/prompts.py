"""Prompts and expressions: templates in a small, safe part of Jinja2, bound to the spoken forms of a language.

Rule: a template may insert, compare and choose. It has no loops, calls, powers or attributes, so that it ends at once,
whatever an author writes or a lead's fields hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import Template, TemplateExpression
from jinja2.exceptions import UndefinedError
from jinja2.parser import Parser
from jinja2.sandbox import SandboxedEnvironment

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.flows.model import Flow, Need
from voicebot.flows.spoken import filters
from voicebot.flows.steps import Scalar
from voicebot.nlu.languages import LANGUAGES

MAX_TEMPLATE = 2000
"""Characters of one template: about two minutes of speech, and half of what Twilio's <Say> takes."""

MAX_DEPTH = 30
"""How deep the parts of one template may be nested."""

BUILT_IN = ("caller", "opt_out_key", "callback_number", "now", "value")
"""Names that every template knows. `value` is the value under test in a rule; `now` is the callee's local time."""

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


class FlowFault(VoicebotError):  # noqa: N818  (a fault of a flow, not of ours)
    """A flow that broke while a call was going through it: a name without a value, an amount that is none."""


class _Environment(SandboxedEnvironment):
    """A sandbox in which only numbers are multiplied, so that no text grows without bound."""

    intercepted_binops = frozenset({"*"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if isinstance(left, str | list | tuple) or isinstance(right, str | list | tuple):
            raise TypeError("only numbers can be multiplied")
        return super().call_binop(context, operator, left, right)


def render(template: str, language: str, values: Mapping[str, object], place: Place | str = "prompt") -> str:
    """The words of `template` in `language` (BCP-47 tag), white space made single.

    Raises FlowFault, located at `place`, for a template that does not parse, a name without a value, or a value that
    its filter cannot speak.
    """
    try:
        return " ".join(_template(template, language).render(values).split())
    except _BREAKS as fault:
        raise _fault(place, fault, values) from None


def evaluate(expression: str, values: Mapping[str, object], place: Place | str = "expression") -> object:
    """The value of an expression as in `when: rating >= 8`. Raises FlowFault, located at `place`."""
    try:
        result = _expression(expression)(**values)
        if isinstance(result, Undefined):
            str(result)  # a StrictUndefined raises here, with the name that is missing
    except _BREAKS as fault:
        raise _fault(place, fault, values) from None
    return result


_BREAKS = (TemplateError, ArithmeticError, TypeError, ValueError, RecursionError)


def _fault(place: Place | str, fault: Exception, values: Mapping[str, object]) -> FlowFault:
    missing = re.fullmatch(r"'(\w+)' is undefined", str(fault))
    if isinstance(fault, UndefinedError) and missing:
        name = missing[1]
        return FlowFault(place, f'"{name}" has no value here.', did_you_mean(name, list(values)))
    return FlowFault(place, f"the template cannot be spoken: {fault}.".replace("..", "."))


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
    environment.filters = {**plain, "default": _default, **filters(data)}
    environment.tests = {**{name: environment.tests[name] for name in PLAIN_TESTS}, "defined": _defined}
    environment.globals = {}
    return environment


def _defined(value: object) -> bool:
    """Whether there is a value: a field that a lead lacks is as good as none."""
    return not isinstance(value, Undefined) and value is not None and value != ""


def _default(value: object, instead: object = "") -> object:
    return value if _defined(value) else instead


def _spoken(value: object) -> object:
    if value is None:
        raise TypeError("a value is empty")
    return value


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
def _template(template: str, language: str) -> Template:
    _template_tree(template)
    return _environment(language).from_string(template)


@lru_cache(maxsize=4096)
def _expression(expression: str) -> TemplateExpression:
    _expression_tree(expression)
    return _environment(_ANY).compile_expression(expression, undefined_to_none=False)


# --- the values that templates are given ------------------------------------------------------------------------------


def facts_in(flow: Flow, language: str) -> dict[str, Scalar]:
    """The flow's facts as they read in `language`. A fact that lacks it is left out, and so is missed by name."""
    spoken = {name: fact.get(language) if isinstance(fact, dict) else fact for name, fact in flow.facts.items()}
    return {name: fact for name, fact in spoken.items() if fact is not None}


def typed(need: Need, value: Scalar) -> object:
    """A lead's field as the type that the flow needs: money and number as Decimal, dates and times as such, else text.

    None and empty text stay None. Raises ValueError in a clear sentence for a value that is not of the type.
    """
    text = "" if value is None else str(value).strip()
    if not text:
        return None
    try:
        return _READERS.get(need.type, str)(text)
    except (ValueError, InvalidOperation):
        raise ValueError(f'"{text}" is no {need.type}; write it like {_EXAMPLES[need.type]}') from None


def _number(text: str) -> Decimal:
    number = Decimal(text.replace(",", ""))
    if not number.is_finite():
        raise ValueError
    return number


_READERS: dict[str, Any] = {
    "number": _number,
    "money": _number,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
}
_EXAMPLES = {
    "number": "12.5",
    "money": "1200.50",
    "date": "2026-03-02",
    "time": "15:30",
    "datetime": "2026-03-02T15:30",
}
