from __future__ import annotations

import pytest

from voicebot.leads.consent import CONSENT_KINDS, NO, SPELLINGS, YES, Consent, consent_fault, consent_kind, is_day

TODAY = "2026-03-02"


@pytest.mark.parametrize(
    ("consent", "fault"),
    [
        (Consent("form", "2026-01-02", "web shop"), ""),
        (Consent("form", TODAY, "web shop"), ""),
        (Consent(), "there is no consent"),
        (
            Consent("maybe", "2026-01-02", "x"),
            'the consent "maybe" is none of written, oral, form, customer or request',
        ),
        (Consent("form", "", "x"), "the consent has no date"),
        (Consent("form", "2026-02-30", "x"), 'the consent has the date "2026-02-30"'),
        (Consent("form", "2026-03-03", "x"), "the consent is dated 2026-03-03, which is yet to come"),
        (Consent("form", "2026-01-02", ""), "the consent names no source"),
    ],
)
def test_what_keeps_a_consent_from_holding(consent: Consent, fault: str) -> None:
    assert consent_fault(consent, TODAY) == fault


def test_words_name_one_kind_and_a_bare_yes_names_none() -> None:
    words = [word for spellings in SPELLINGS.values() for word in spellings]
    assert tuple(SPELLINGS) == CONSENT_KINDS
    assert len(words) == len(set(words))
    assert not set(words) & (YES | NO)
    assert not YES & NO
    assert consent_kind(" Web_Form ") == "form"
    assert consent_kind("小程序") == "form"
    assert consent_kind("yes") is None


@pytest.mark.parametrize("text", ["20260102", "2026-1-2", "2026-W01-1", "", "02/01/2026"])
def test_days_have_one_shape(text: str) -> None:
    assert not is_day(text)
