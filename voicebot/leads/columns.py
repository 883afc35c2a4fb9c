"""Which column of a list means what: a table of headings as centres write them, in five languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import phonenumbers

Role = Literal["phone", "name", "first_name", "last_name", "title", "language", "time_zone", "region", "country",
               "email", "company", "consent", "consent_at", "consent_source", "rejected"]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

Kind = Literal["text", "date", "money"]
"""What a column without a role holds, as far as its heading tells."""

HEADINGS: dict[Role, tuple[str, ...]] = {
    "phone": ("phone", "phones", "phone number", "phone numbers", "phone no", "telephone", "telephone number", "tel",
              "tel no", "mobile", "mobile number", "mobile no", "mobile phone", "cell", "cell phone", "cellphone",
              "cell number", "number", "contact number", "contact no", "msisdn", "e164", "work phone", "home phone",
              "business phone", "office phone", "day phone", "evening phone", "other phone", "alternate phone",
              "alternative phone", "secondary phone", "second phone", "landline", "primary phone", "main phone",
              "phone work", "phone home", "phone mobile", "home", "work", "whatsapp",
              "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系方式", "移动电话", "号码", "联系手机",
              "备用电话",
              "备用手机", "家庭电话", "办公电话", "单位电话", "固定电话", "座机", "其他电话", "主叫号码",
              "teléfono", "teléfonos", "número de teléfono", "tel fijo", "móvil", "teléfono móvil", "celular",
              "teléfono celular", "teléfono fijo", "número", "fijo", "teléfono de casa", "teléfono del trabajo",
              "telefon", "telefonnummer", "telefon nr", "telefonnr", "rufnummer", "handy", "handynummer", "handynr",
              "mobil", "mobilnummer", "mobiltelefon", "festnetz", "telefon privat", "telefon mobil",
              "telefon geschäftlich", "telefon dienstlich", "durchwahl",
              "téléphone", "numéro de téléphone", "n° de téléphone", "numéro", "portable", "téléphone portable",
              "téléphone mobile", "téléphone fixe", "fixe", "tél", "tél portable", "tél fixe"),
    "name": ("name", "full name", "contact", "contact name", "contact person", "customer", "customer name", "lead",
             "lead name", "client", "client name", "姓名", "名字", "客户姓名", "客户名称", "联系人", "称呼", "客户",
             "nombre completo", "nombre y apellidos", "cliente", "contacto", "vollständiger name", "kunde",
             "kundenname",
             "ansprechpartner", "kontakt", "vor und nachname", "nom complet", "nom et prénom", "prénom et nom",
             "nom du client"),
    "first_name": ("first name", "firstname", "given name", "forename", "fname", "名", "nombre", "nombre de pila",
                   "vorname", "prénom"),
    "last_name": ("last name", "lastname", "surname", "family name", "lname", "姓", "姓氏", "apellido", "apellidos",
                  "nachname", "familienname", "zuname", "nom de famille", "nom"),
    "title": ("title", "salutation", "prefix", "honorific", "称谓", "tratamiento", "anrede", "titel", "civilité"),
    "language": ("language", "lang", "locale", "spoken language", "preferred language", "语言", "语种", "idioma",
                 "lengua", "sprache", "langue"),
    "time_zone": ("time zone", "timezone", "tz", "iana zone", "时区", "zona horaria", "huso horario", "zeitzone",
                  "fuseau horaire"),
    "region": ("state", "region", "province", "state/province", "territory", "省", "省份", "地区", "州", "provincia",
               "región", "bundesland", "land", "kanton", "département", "région"),
    "country": ("country", "country code", "nation", "国家", "国家代码", "país", "staat", "länderkennung", "pays"),
    "email": ("email", "e mail", "email address", "mail", "邮箱", "电子邮箱", "电子邮件", "correo",
    "correo electrónico",
              "e mail adresse", "emailadresse", "courriel", "adresse e mail"),
    "company": ("company", "company name", "organisation", "organization", "employer", "公司", "单位", "公司名称",
                "empresa", "compañía", "firma", "unternehmen", "entreprise", "société"),
    "consent": ("consent", "consent kind", "consent type", "opt in", "optin", "permission",
                "同意", "同意方式", "授权", "授权方式", "consentimiento", "einwilligung", "zustimmung", "consentement"),
    "consent_at": ("consent date", "consent at", "consent day", "opt in date", "consented at", "date of consent",
                   "同意日期", "同意时间", "授权日期", "授权时间", "fecha de consentimiento",
                   "fecha del consentimiento",
                   "einwilligungsdatum", "datum der einwilligung", "date de consentement", "date du consentement"),
    "consent_source": ("consent source", "opt in source", "source of consent", "同意来源", "授权来源",
                       "origen del consentimiento", "quelle der einwilligung", "source du consentement"),
    "rejected": ("rejected line", "rejected because", "rejected remedy"),
}  # fmt: skip
"""rejected: what a rejects file adds, so that a mended one can be loaded as it is."""

WEAK = frozenset({"number", "home", "work", "号码", "numero"})
"""Headings that mean telephone numbers only where no other one does, without accents."""

SEVERAL: frozenset[Role] = frozenset({"phone", "rejected"})
"""Roles that several columns may play."""

DATE_WORDS = frozenset({"date", "day", "birthday", "dob", "birthdate", "datum", "fecha", "geburtstag", "geburtsdatum",
                        "fälligkeitsdatum", "fälligkeit", "fällig", "vencimiento", "échéance"})  # fmt: skip
MONEY_WORDS = frozenset({"amount", "price", "balance", "sum", "fee", "cost", "debt", "owed", "outstanding", "payment",
                         "betrag", "preis", "summe", "gebühr", "rechnungsbetrag", "restbetrag", "importe", "precio",
                         "monto", "saldo", "deuda", "montant", "prix", "solde"})  # fmt: skip
CHINESE_DATES = ("日期", "生日", "到期日", "还款日")
CHINESE_AMOUNTS = ("金额", "价格", "余额", "欠款", "费用", "单价", "总价")
"""Words of a heading that tell what stands below it; of both kinds, a date outweighs: `balance due date`."""

LANGUAGES: dict[str, tuple[str, ...]] = {
    "en-US": ("en", "eng", "english", "en us", "英语", "英文"),
    "zh-CN": ("zh", "cn", "chi", "chinese", "mandarin", "zh cn", "zh hans", "putonghua",
              "中文", "汉语", "普通话", "国语"),
    "es-US": ("es", "spa", "spanish", "español", "espanol", "castellano", "es us", "es mx", "es es", "西班牙语"),
}  # fmt: skip
"""How a list may name a language, by the tag that it stands for."""

COUNTRY_OF_LANGUAGE: dict[str, str] = {"zh-CN": "CN"}
"""Languages that point to one country, where the row names none and the number is not in use at home."""

COUNTRY_NAMES: dict[str, tuple[str, ...]] = {
    "US": ("usa", "united states", "united states of america", "america", "美国", "estados unidos", "états unis",
    "ee uu"),
    "GB": ("uk", "united kingdom", "great britain", "england", "scotland", "wales", "英国", "reino unido",
           "grossbritannien", "royaume uni", "vereinigtes königreich"),
    "CN": ("china", "中国", "中国大陆", "prc", "chine"),
    "DE": ("germany", "deutschland", "德国", "alemania", "allemagne"),
    "FR": ("france", "frankreich", "francia", "法国"),
    "ES": ("spain", "españa", "spanien", "espagne", "西班牙"),
    "CA": ("canada", "kanada", "canadá", "加拿大"),
    "AU": ("australia", "australien", "australie", "澳大利亚"),
    "AT": ("austria", "österreich", "autriche", "奥地利"),
    "CH": ("switzerland", "schweiz", "suiza", "suisse", "瑞士"),
    "MX": ("mexico", "méxico", "mexiko", "mexique", "墨西哥"),
    "HK": ("hong kong", "香港"),
}  # fmt: skip
"""How a list may name a country, beside its two letters."""

_COUNTRY_OF = {name: code for code, names in COUNTRY_NAMES.items() for name in names}
_TAG_OF = {word: tag for tag, words in LANGUAGES.items() for word in words}
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column: its heading as written, and either the role it plays or the field that keeps it, with its kind."""

    heading: str
    role: Role | None
    field: str
    kind: Kind = "text"


def guess_columns(headings: Sequence[str], chosen: Mapping[str, Role | None] | None = None) -> tuple[Column, ...]:
    """What each column means. `chosen` gives headings their roles outright, or None to keep a column as a field.

    Whoever chooses a role chooses all its columns. Where nobody did, the first that fits plays it, but for telephone
    numbers, of which a person may have several. A column without a role is kept as a field, under its heading in lower
    case with underscores.
    """
    wanted = {plain(heading): role for heading, role in (chosen or {}).items()}
    taken = {role for role in wanted.values() if role}
    plainly_phone = any(_guess(heading) == "phone" and _bare(heading) not in WEAK for heading in headings)
    columns: list[Column] = []
    for heading in headings:
        if plain(heading) in wanted:
            role = wanted[plain(heading)]
        else:
            role = _guess(heading)
            if role in taken or (role == "phone" and plainly_phone and _bare(heading) in WEAK):
                role = None
            elif role and role not in SEVERAL:
                taken.add(role)
        columns.append(Column(heading, role, role or field_name(heading), "text" if role else _kind(heading)))
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


@lru_cache(maxsize=1024)
def country_code(text: str) -> str:
    """The ISO 3166 code that a list's word for a country means, '' when it means none that we know."""
    code = text.strip().upper()
    return code if code in phonenumbers.SUPPORTED_REGIONS else _COUNTRY_OF.get(plain(text), "")


def _bare(text: str) -> str:
    """A heading without accents, as many a list leaves them out."""
    decomposed = unicodedata.normalize("NFKD", plain(text))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


_ROLE_OF = {_bare(heading): role for role, headings in HEADINGS.items() for heading in headings}


def _guess(heading: str) -> Role | None:
    """By the whole heading, its parts (`Mobile / 手机号`, the last key of `contact.phone`), or but for a count."""
    parts = [heading, heading.rpartition(".")[2], *re.split(r"[/|()（）]", heading)]
    found = (_ROLE_OF.get(_bare(part)) for part in parts)
    role = next((role for role in found if role), None)
    if role is None and (counted := _COUNTED.fullmatch(_bare(heading))):
        role = _ROLE_OF.get(counted[1])
        return role if role == "phone" else None
    return role


_COUNTED = re.compile(r"(.*?\D) ?#?\d")


def _kind(heading: str) -> Kind:
    words = {*plain(heading).split(), *_bare(heading).split()}
    whole = plain(heading)
    if words & DATE_WORDS or any(word in whole for word in CHINESE_DATES):
        return "date"
    return "money" if words & MONEY_WORDS or any(word in whole for word in CHINESE_AMOUNTS) else "text"
