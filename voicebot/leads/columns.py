"""Which column of a list means what: a table of headings as centres write them, in English and Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

Role = Literal["phone", "name", "first_name", "last_name", "language", "time_zone", "region", "country",
               "email", "company", "consent", "consent_at", "consent_source", "rejected"]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

HEADINGS: dict[Role, tuple[str, ...]] = {
    "phone": ("phone", "phone number", "phone no", "telephone", "telephone number", "tel", "mobile", "mobile number",
              "mobile phone", "cell", "cell phone", "cellphone", "number", "contact number", "msisdn", "e164",
              "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式", "移动电话", "号码"),
    "name": ("name", "full name", "contact", "contact name", "customer", "customer name", "lead name",
             "姓名", "名字", "客户姓名", "客户名称", "联系人", "称呼"),
    "first_name": ("first name", "firstname", "given name", "forename", "名"),
    "last_name": ("last name", "lastname", "surname", "family name", "姓"),
    "language": ("language", "lang", "locale", "spoken language", "语言", "语种"),
    "time_zone": ("time zone", "timezone", "tz", "iana zone", "时区"),
    "region": ("state", "region", "province", "state/province", "territory", "省", "省份", "地区", "州"),
    "country": ("country", "country code", "nation", "国家", "国家代码"),
    "email": ("email", "e mail", "email address", "mail", "邮箱", "电子邮箱", "电子邮件"),
    "company": ("company", "company name", "organisation", "organization", "employer", "公司", "单位", "公司名称"),
    "consent": ("consent", "consent kind", "consent type", "opt in", "optin", "permission",
                "同意", "同意方式", "授权", "授权方式"),
    "consent_at": ("consent date", "consent at", "consent day", "opt in date", "consented at", "date of consent",
                   "同意日期", "同意时间", "授权日期", "授权时间"),
    "consent_source": ("consent source", "opt in source", "source of consent", "同意来源", "授权来源"),
    "rejected": ("rejected line", "rejected because", "rejected remedy"),
}  # fmt: skip
"""rejected: what a rejects file adds, so that a mended one can be loaded as it is."""

LANGUAGES: dict[str, tuple[str, ...]] = {
    "en-US": ("en", "eng", "english", "en us", "英语", "英文"),
    "zh-CN": (
        "zh",
        "cn",
        "chi",
        "chinese",
        "mandarin",
        "zh cn",
        "zh hans",
        "putonghua",
        "中文",
        "汉语",
        "普通话",
        "国语",
    ),
}
"""How a list may name a language, by the tag that it stands for."""

COUNTRY_OF_LANGUAGE: dict[str, str] = {"zh-CN": "CN"}
"""Languages that point to one country, where the row names none and the number is not in use at home."""

_ROLE_OF = {heading: role for role, headings in HEADINGS.items() for heading in headings}
_TAG_OF = {word: tag for tag, words in LANGUAGES.items() for word in words}
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column: its heading as written, and either the role it plays or the field that keeps it."""

    heading: str
    role: Role | None
    field: str


def guess_columns(headings: Sequence[str], chosen: Mapping[Role, str] | None = None) -> tuple[Column, ...]:
    """What each column means. `chosen` names headings outright; of several columns that fit a role the first plays it.

    A column without a role is kept as a field, under its heading in lower case with underscores.
    """
    chosen = chosen or {}
    wanted = {plain(heading): role for role, heading in chosen.items()}
    taken: set[Role] = set(chosen)
    columns: list[Column] = []
    for heading in headings:
        role = wanted.get(plain(heading)) or _guess(heading)
        if plain(heading) not in wanted and role in taken:
            role = None
        if role and role != "rejected":
            taken.add(role)
        columns.append(Column(heading, role, role or field_name(heading)))
    return tuple(columns)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A heading or word without the accidents of its spelling."""
    return " ".join(re.sub(r"[\s_.\-]+", " ", unicodedata.normalize("NFKC", text)).casefold().split())


def field_name(heading: str) -> str:
    """The name under which flows find a column: `Order no.` is `order_no`."""
    return re.sub(r"\W+", "_", plain(heading)).strip("_")


@lru_cache(maxsize=4096)
def language_tag(text: str) -> str:
    """The BCP-47 tag that a list's word for a language means, '' when it means none that we know."""
    word = plain(text)
    if word in _TAG_OF:
        return _TAG_OF[word]
    tag = text.strip().replace("_", "-")
    if not _TAG.fullmatch(tag) or "-" not in tag:
        return ""
    language, *rest = tag.split("-")
    return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])


def _guess(heading: str) -> Role | None:
    whole = plain(heading)
    parts = [whole, *(plain(part) for part in re.split(r"[/|()（）]", heading))]
    return next((_ROLE_OF[part] for part in parts if part in _ROLE_OF), None)
