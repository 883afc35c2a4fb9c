"""Spoken forms: how a value is read aloud, so that nobody mishears it and `parse_slot` reads it back.

One module per language that has its own; what a filter is called here is what a prompt calls it:
`{{ amount | money }}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType, ModuleType

from voicebot.flows.spoken import en, es, plain, zh

Value = str | int | float | Decimal | date | time | datetime
Speak = Callable[..., str]

_MODULES: Mapping[str, ModuleType] = MappingProxyType({"en": en, "zh": zh, "es": es})
"""By the name of the language's data (`languages.Language.data`); a language may do without."""


def filters(language: str) -> dict[str, Speak]:
    """The spoken forms of a language by name, for a template environment.

    `language` is the name of its data (`en`), or a tag that begins so (`en-US`). A language that has no forms of its
    own reads values as they are written.
    """
    forms = _MODULES.get(language.partition("-")[0], plain)
    return {
        "number": forms.number,
        "ordinal": forms.ordinal,
        "rating": forms.number,
        "money": forms.money,
        "date": forms.day,
        "time": forms.hour,
        "datetime": forms.moment,
        "digits": forms.digits,
        "phone": forms.phone,
        "key": forms.key,
    }


def spoken(kind: str, value: Value, language: str, **options: object) -> str:
    """The value of a slot of `kind` as it is read aloud; text and names are read as they are.

    `options` are those of the form: `currency` (money), `year` (date, datetime), `group` (digits). Raises
    ValueError where the value is not of the kind, or nothing is known of the kind.
    """
    forms = filters(language)
    if kind in {"text", "name"}:
        return str(value)
    if kind not in forms:
        raise ValueError(f"no spoken form for {kind!r}; there are {', '.join(forms)}")
    return forms[kind](value, **options)
