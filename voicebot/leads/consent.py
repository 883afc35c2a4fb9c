"""Consent to be called: what kind, since when, and where it is documented. Without it nobody is dialled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from voicebot.leads.columns import plain

ConsentKind = Literal["written", "oral", "form", "customer", "request"]
CONSENT_KINDS: tuple[ConsentKind, ...] = get_args(ConsentKind)
"""written: signed; oral: said and recorded; form: ticked on a form or web page; customer: an existing customer, where
the law lets that suffice; request: the person asked to be called."""

SPELLINGS: dict[ConsentKind, tuple[str, ...]] = {
    "written": ("written", "in writing", "signed", "signed form", "contract", "paper", "pewc",
                "书面", "书面同意", "签字", "签字表格", "合同"),
    "oral": ("oral", "verbal", "phone", "phone call", "by phone", "口头", "口头同意", "电话", "电话同意"),
    "form": ("form", "web", "web form", "website", "online", "online form", "landing page", "app", "checkbox",
             "表单", "网页", "网站", "线上", "小程序", "现场登记", "公众号", "扫码"),
    "customer": ("customer", "existing customer", "client", "客户", "老客户", "会员"),
    "request": ("request", "requested", "inquiry", "enquiry", "callback request", "咨询", "主动咨询", "申请", "预约"),
}  # fmt: skip
"""How a consent column may name a kind. A bare "yes" names none, since it proves nothing."""

YES = frozenset({"yes", "y", "true", "1", "x", "ok", "opt in", "opted in", "是", "有", "同意", "已同意", "已授权"})
NO = frozenset({"no", "n", "false", "0", "none", "unknown", "withdrawn", "opted out", "opt out", "revoked", "否", "无",
                "没有", "未知", "不同意", "未同意", "未授权", "已撤回"})  # fmt: skip
"""Words that only say whether there is a consent."""

_KIND_OF: dict[str, ConsentKind] = {word: kind for kind, words in SPELLINGS.items() for word in words}


@dataclass(frozen=True)
class Consent:
    """One consent. `at` is its day, `YYYY-MM-DD`; `source` says where it is kept. Without a kind it is none."""

    kind: str = ""
    at: str = ""
    source: str = ""


NO_CONSENT = Consent()


def consent_kind(text: str) -> ConsentKind | None:
    """The kind that a list's own word names, or None."""
    return _KIND_OF.get(plain(text))


def says_yes(text: str) -> bool:
    """Whether a list's own word only says that there is a consent."""
    return plain(text) in YES


def says_no(text: str) -> bool:
    """Whether a list's own word says that there is none."""
    return plain(text) in NO


def consent_fault(consent: Consent, today: str) -> str:
    """What keeps a consent from holding, '' when it holds. `today` is `YYYY-MM-DD`."""
    if consent.kind not in CONSENT_KINDS:
        kinds = f"{', '.join(CONSENT_KINDS[:-1])} or {CONSENT_KINDS[-1]}"
        return f'the consent "{consent.kind}" is none of {kinds}' if consent.kind else "there is no consent"
    if not is_day(consent.at):
        return f'the consent has the date "{consent.at}"' if consent.at else "the consent has no date"
    if consent.at > today:
        return f"the consent is dated {consent.at}, which is yet to come"
    return "" if consent.source else "the consent names no source"


@lru_cache(maxsize=4096)
def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written `YYYY-MM-DD`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
