"""What may not be said or taken as said: a debt to a machine, an agreement without a second confirmation.

The second confirmation, as it is checked: in a flow that sells (`purpose: marketing`), every way to `grade: ready`
leads through the `yes` of a `confirm` whose question speaks an amount of money. So the price is spoken once more, and
agreed to by itself, before a lead counts as one that buys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from voicebot.flows.check.graph import Calls, Edge, Node
from voicebot.flows.check.speaking import known_values
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding
from voicebot.flows.marks import Path
from voicebot.flows.model import Flow
from voicebot.flows.prompts import FlowFault, render
from voicebot.flows.steps import Effects, Prompt, Step
from voicebot.flows.templates import names_in
from voicebot.nlu.languages import LANGUAGES

DEBT_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("debt", "debts", "owe", "owes", "owed", "owing", "overdue", "past due", "due", "pay", "payment", "payments",
           "unpaid", "balance", "amount", "bill", "invoice", "arrears", "collection", "collections", "loan",
           "instalment", "installment", "dollars", "euros", "pounds"),
    "zh": ("债", "欠", "逾期", "到期", "还款", "缴费", "付款", "支付", "账单", "催", "贷款", "余额", "金额",
           "分期", "元", "块"),
    "es": ("deuda", "deudas", "debe", "debes", "adeudo", "vencido", "vencida", "vencimiento", "pagar", "pago", "pagos",
           "saldo", "factura", "recibo", "importe", "monto", "cobranza", "cobro", "préstamo", "cuota", "mora",
           "dólares", "euros", "pesos"),
}  # fmt: skip
"""Words that tell whoever plays the machine's messages that this is about a debt.

A message left for anybody to hear names the caller, asks to be rung back, and says no more (in the United States a
"limited-content message", 12 CFR 1006.2(j)).
"""

MONEY = re.compile(r"\|\s*money\b")


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    if subject.flow.purpose == "debt":
        yield from _debt_named(subject)
    if subject.flow.purpose == "marketing" and subject.flow.type != "part":
        yield from _unconfirmed(subject, subject.calls)


def _debt_named(subject: Subject) -> Iterator[Finding]:
    flow = subject.flow
    for language, template in (flow.machine.message or {}).items():
        place = subject.at("machine", "message", language)
        named = sorted(name for name in names_in(template).needed if _tells(flow, name))
        if named or MONEY.search(template):
            what = f'"{named[0]}"' if named else "an amount"
            problem = f"the message for machines speaks {what}, and anybody may hear it ({language})."
            yield finding(place, "debt-named", problem, "Say who calls and where to ring back, and no more.")
        elif word := _debt_word(flow, language, template, subject.opt_out_key):
            problem = (
                f'the message for machines says "{word}", and anybody may hear that this is about a debt ({language}).'
            )
            yield finding(place, "debt-named", problem, "Say who calls and where to ring back, and no more.")


def _tells(flow: Flow, name: str) -> bool:
    need = flow.needs.get(name)
    return need is not None and (need.private or need.type == "money")


def _debt_word(flow: Flow, language: str, template: str, opt_out_key: str) -> str:
    """The first word of the message, as it is spoken, that tells of a debt; empty when there is none."""
    try:
        spoken = render(template, language, known_values(flow, language, opt_out_key)).casefold()
    except FlowFault:
        spoken = template.casefold()
    words = DEBT_WORDS.get(LANGUAGES[language].data, ())
    return next((word for word in words if re.search(rf"\b{word}\b" if word[0] < "\u3400" else word, spoken)), "")


# --- the second confirmation ------------------------------------------------------------------------------------------


def _unconfirmed(subject: Subject, calls: Calls) -> Iterator[Finding]:
    told: set[tuple[str, Path]] = set()
    for node in calls.ways:
        step = calls.step(node)
        for path, effects in _effects(step, ("steps", node.step)):
            if effects.grade != "ready" or (node.flow, path) in told or _is_agreed(step, path):
                continue
            trail = calls.trail_to(node, [calls.root], lambda at, edge: not _agrees(calls, at, edge))
            if trail:
                told.add((node.flow, path))
                way = " > ".join(one.step for one in trail)
                problem = (
                    f'step "{node.step}" takes the callee as `ready`, and on the way {way} '
                    "no `confirm` has spoken the price and been agreed to."
                )
                remedy = "Put a `confirm` before it that speaks product and price ({{ price | money }})."
                yield finding(calls.flows[node.flow].marks.at(*path, "grade"), "unconfirmed", problem, remedy)


def _effects(step: Step, path: Path) -> Iterator[tuple[Path, Effects]]:
    """The step itself and its answers and handlers, by where each is written."""
    yield path, step
    if step.question:
        within = (*path, step.kind)
        yield from (((*within, "answers", name), answer) for name, answer in step.question.answers.items())
        if step.confirm:
            yield from (
                ((*within, name), answer) for name, answer in (("yes", step.confirm.yes), ("no", step.confirm.no))
            )
        handlers = (step.question.noinput, step.question.nomatch, step.question.low_confidence, step.question.exhausted)
        names = ("noinput", "nomatch", "low_confidence", "exhausted")
        yield from (((*within, name), one) for name, one in zip(names, handlers, strict=True) if one)


def _is_agreed(step: Step, path: Path) -> bool:
    """Whether the effect stands at the `yes` of a confirm that speaks money."""
    return path[2:4] == ("confirm", "yes") and _speaks_money(step)


def _agrees(calls: Calls, node: Node, edge: Edge) -> bool:
    return any(pair == ("confirm", "yes") for pair in pairwise(edge.path)) and _speaks_money(calls.step(node))


def _speaks_money(step: Step) -> bool:
    prompts: tuple[Prompt, ...] = step.confirm.ask if step.confirm else ()
    return bool(prompts) and all(MONEY.search(text) for prompt in prompts for text in prompt.values())
