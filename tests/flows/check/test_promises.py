from __future__ import annotations

import pytest

from tests.flows.texts import codes, flow

OPENING = "This is {{ caller }}. To opt out press {{ opt_out_key | key }}."
BYE = "  bye:\n    hangup: {say: Goodbye., outcome: completed}\n"


def _debt(message: str, top: str = "") -> list[str]:
    steps = f'  who:\n    menu: {{ask: "{OPENING}", answers: {{yes: {{keys: "1"}}}}}}\n' + BYE
    machine = f'machine: {{action: leave_message, message: "{message}"}}\n{top}'
    return codes(flow(steps, machine).replace("purpose: survey", "purpose: debt"))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("This is {{ caller }}. Please ring us back on {{ callback_number | phone }}.", []),
        ("This is {{ caller }}. You owe us.", ["debt-named"]),
        ("This is {{ caller }}. It is PAST DUE.", ["debt-named"]),
        ("This is {{ caller }}, about {{ 20 | money }}.", ["debt-named"]),
        ("This is {{ caller }}, about {{ sum }}.", ["debt-named"]),
        ("This is {{ caller }}. We met in Paydale.", []),
    ],
)
def test_a_machine_is_told_of_no_debt(message: str, expected: list[str]) -> None:
    assert _debt(message, "needs: {sum: {type: money, example: 3}}") == expected


def test_the_callers_own_name_may_tell_of_a_debt() -> None:
    steps = f'  who:\n    menu: {{ask: "{OPENING}", answers: {{yes: {{keys: "1"}}}}}}\n' + BYE
    named = flow(steps, 'machine: {action: leave_message, message: "This is {{ caller }}."}')
    named = named.replace("purpose: survey", "purpose: debt").replace("caller: Acme", "caller: Acme Debt Recovery")
    assert codes(named) == ["debt-named"]


SALE = f"""
  offer:
    menu:
      ask: "{OPENING}"
      answers: {{yes: {{keys: "1"}}, now: {{keys: "2", next: sold}}, no: {{keys: "3", next: bye}}}}
  sure:
    confirm: {{ask: CONFIRM, yes: {{next: sold}}, no: {{next: bye}}}}
  sold:
    set: {{sold: yes}}
    grade: ready
"""


def _sale(steps: str) -> list[str]:
    return codes(flow(steps + BYE, "facts: {price: 19 USD}").replace("purpose: survey", "purpose: marketing"))


SPOKEN = '"For {{ price | money }}?"'


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (SALE.replace("CONFIRM", SPOKEN), ["unconfirmed"]),  # by `now`, past the confirm
        (SALE.replace("CONFIRM", SPOKEN).replace("next: sold}, no: {keys", "next: sure}, no: {keys"), []),
        (SALE.replace("CONFIRM", "Sure?").replace("next: sold}, no: {keys", "next: sure}, no: {keys"), ["unconfirmed"]),
        (SALE.replace("CONFIRM", SPOKEN).replace("grade: ready", "grade: interested"), []),
        (SALE.replace("CONFIRM", f"[{SPOKEN}, Sure?]").replace("next: sold}, no: {keys", "next: sure}, no: {keys"),
         ["unconfirmed"]),
    ],
)  # fmt: skip
def test_nobody_is_ready_before_the_price_was_confirmed(steps: str, expected: list[str]) -> None:
    assert _sale(steps) == expected


def test_only_flows_that_sell_must_confirm() -> None:
    assert codes(flow(SALE.replace("CONFIRM", SPOKEN) + BYE, "facts: {price: 19 USD}")) == []
