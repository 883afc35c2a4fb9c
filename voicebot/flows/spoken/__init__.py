"""Spoken forms: how a value is read aloud, so that nobody mishears it and `parse_slot` reads it back.

One module per language; what a filter is called here is what a prompt calls it: `{{ amount | money }}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType

from voicebot.flows.spoken import en, zh

Value = str | int | float | Decimal | date | time | datetime
Speak = Callable[..., str]

_LANGUAGES: Mapping[str, Mapping[str, Speak]] = MappingProxyType(
    {
        language: MappingProxyType(
            {
                "number": module.number,
                "ordinal": module.ordinal,
                "rating": module.number,
                "money": module.money,
                "date": module.day,
                "time": module.hour,
                "datetime": module.moment,
                "digits": module.digits,
                "phone": module.phone,
                "key": module.key,
            }
        )
        for language, module in (("en", en), ("zh", zh))
    }
)


def filters(language: str) -> dict[str, Speak]:
    """The spoken forms of a language by name, for a template environment.

    `language` is `en` or `zh`, or a tag that begins so (`en-US`). Raises ValueError for any other.
    """
    known = _LANGUAGES.get(language.partition("-")[0])
    if known is None:
        raise ValueError(f"no spoken forms for the language {language!r}; there are {', '.join(_LANGUAGES)}")
    return dict(known)


def spoken(kind: str, value: Value, language: str, **options: object) -> str:
    """The value of a slot of `kind` as it is read aloud; text and names are read as they are.

    `options` are those of the form: `currency` (money), `year` (date, datetime), `group` (digits). Raises
    ValueError where the value is not of the kind, or nothing is known of the kind or the language.
    """
    forms = filters(language)
    if kind in {"text", "name"}:
        return str(value)
    if kind not in forms:
        raise ValueError(f"no spoken form for {kind!r}; there are {', '.join(forms)}")
    return forms[kind](value, **options)
