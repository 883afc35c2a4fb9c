"""Numbers, marks, money and digits in Spanish utterances; `hear` writes their words in figures: `las 4 y media`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from voicebot.nlu.slots.choice import Manners
from voicebot.nlu.slots.heard import Found, Heard, mask
from voicebot.nlu.slots.value import Money
from voicebot.nlu.slots.words_es import CURRENCIES, HUNDREDS, SMALL, TENS, without_accents

_SMALL = {without_accents(word): value for value, word in enumerate(SMALL)} | {"veintiun": 21, "veintiuna": 21}
_TENS = {word: 10 * place for place, word in enumerate(TENS, 3)}
_HUNDREDS = {word: 100 * place for place, word in enumerate(HUNDREDS, 1)} | {"cien": 100}
_HUNDREDS |= {f"{word[:-2]}as": value for word, value in _HUNDREDS.items() if word.endswith("os")}
_WORD = re.compile(r"[^\W\d_]+|\d+(?:[.,:/-]\d+)*|[,+$€-]")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def hear(source: str) -> Heard:
    """The utterance in lower case, without accents, numbers in figures."""
    found = [(without_accents(match[0]), *match.span()) for match in _WORD.finditer(source)]
    return Heard.of(source, _pieces(found), " ")


def _pieces(found: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    words, at = [word for word, _, _ in found], 0
    while at < len(words):
        value, after = _number(words, at)
        yield (value or _figures(words[at])), found[at][1], found[after - 1][2]
        at = after


def _figures(word: str) -> str:
    if _THOUSANDS.fullmatch(word):
        return word.replace(",", "")
    return word.replace(",", ".") if re.fullmatch(r"\d+,\d{1,2}", word) else word


def _number(words: list[str], at: int) -> tuple[str, int]:
    """The figures of the number that begins at a word, and the word after it; no figures where none does."""
    value, after = _whole(words, at)
    if value is None:
        return "", at + 1
    decimals, end = "", after + 1
    if words[after : after + 1] in (["coma"], ["punto"]):
        while end < len(words) and _SMALL.get(words[end], 10) < 10:
            decimals, end = decimals + str(_SMALL[words[end]]), end + 1
    return (f"{value}.{decimals}", end) if decimals else (str(value), after)


def _whole(words: list[str], at: int) -> tuple[int | None, int]:
    total, read = 0, False
    for names, size in ((("millon", "millones"), 10**6), (("mil",), 1000)):
        count, after = _below(words, at, size)
        if after < len(words) and words[after] in names and (count is not None or size == 1000):
            total, at, read = total + (1 if count is None else count) * size, after + 1, True
    count, after = _below_thousand(words, at) if not read or words[at : at + 1] != ["un"] else (1, at + 1)
    if count is not None and not (read and count == 0):
        return total + count, after
    return (total, at) if read else (None, at)


def _below(words: list[str], at: int, size: int) -> tuple[int | None, int]:
    """How many of `size` there are; a million may be counted in thousands."""
    if words[at : at + 1] == ["un"]:
        return 1, at + 1
    count, after = _below_thousand(words, at)
    if size == 10**6 and words[after : after + 1] == ["mil"]:
        rest, end = _below_thousand(words, after + 1)
        return (1 if count is None else count) * 1000 + (rest or 0), end
    return count, after


def _below_thousand(words: list[str], at: int) -> tuple[int | None, int]:
    word = words[at] if at < len(words) else ""
    if word not in _HUNDREDS:
        return _below_hundred(words, at)
    if words[at + 1 : at + 2] == ["un"]:
        return _HUNDREDS[word] + 1, at + 2
    rest, after = _below_hundred(words, at + 1) if word != "cien" else (None, at + 1)
    return (_HUNDREDS[word] + rest, after) if rest else (_HUNDREDS[word], at + 1)


def _below_hundred(words: list[str], at: int) -> tuple[int | None, int]:
    word = words[at] if at < len(words) else ""
    if word not in _TENS:
        return (_SMALL[word], at + 1) if word in _SMALL else (None, at)
    unit = (
        1 if words[at + 2 : at + 3] in (["un"], ["una"]) else _SMALL.get(words[at + 2] if at + 2 < len(words) else "")
    )
    joined = words[at + 1 : at + 2] == ["y"] and unit is not None and 0 < unit < 10
    return (_TENS[word] + (unit or 0), at + 3) if joined else (_TENS[word], at + 1)


_NUMBER = re.compile(
    r"(?<![\d.:/-])(?P<minus>(?:menos|-) )?(?P<figures>\d+(?:\.\d+)?)(?![\d.:/-])(?P<half> y medi[ao])?"
)
_SCALE = re.compile(r"\bdel? \d+ al? \d+\b|(?<=\d) (?:de|sobre) (?:10|diez)\b")
_OTHER_UNIT = re.compile(r" (?:anos?|dias?|horas?|minutos?|semanas?|meses|mes|veces|vez|personas?|llamadas?)\b")
_CODES = {without_accents(name): code for code, names in CURRENCIES.items() for name in names[:2]} | {
    "peso": "", "pesos": "", "$": "", "€": "EUR"
}  # fmt: skip
_UNIT = "|".join(map(re.escape, sorted(_CODES, key=len, reverse=True)))
_CENTS = r"(?: (?:con|y) +(?P<cents>\d{1,2})(?: (?:centavos?|centimos?))?(?!\d))"
_CURRENCY = rf"(?: (?:de )?(?:(?P<unit>{_UNIT})|(?P<letters>[a-z] [a-z] [a-z]))(?!\w))"
_MONEY = re.compile(
    rf"(?:(?P<sign>[$€]) )?(?P<minus>menos )?(?P<units>\d+(?:\.\d+)?){_CURRENCY}?{_CENTS}?"
    rf"|(?P<only>\d{{1,2}}) (?:centavos?|centimos?)"
)
_ONE = re.compile(rf"\bun (?=(?:{_UNIT}|centavo|centimo)(?!\w))")
_COUNTED = re.compile(r"\b(?:ultim[ao]s|primer[ao]s) \d+\b|\b\d+ (?:digitos|numeros|cifras)\b")
_RUN = re.compile(
    r"(?:(?:\+|mas) )?(?:(?:doble|triple) )?\d+"
    r"(?:(?: (?:,|y|eh|guion|espacio|luego|despues))* (?:(?:doble|triple) )?\d+)*"
)

MANNERS = Manners(
    correction=re.compile(
        r"\b(?:no perdon|perdon|digo|quiero decir|mejor dicho|quise decir|corrijo|no no|mejor|pero)\b"
    ),
    denied_before=re.compile(
        r"\b(?:no|nunca|excepto|salvo|menos de)(?: (?:el|la|las|los|a|en|de|puedo|es|son|para))* $"
    ),
    denied_after=re.compile(r" (?:no puedo|no me viene|no|imposible|estoy ocupad[ao]|trabajo)\b"),
    alternative=re.compile(r"(?: [a-z]+)? (?:o|u|o quizas|y|a|hasta)(?: (?:el|la|las|a las|a la))? | "),
    aside=re.compile(r"\b(?:porque|ya que|si no|de lo contrario)\b.*?(?=\b(?:asi que|entonces)\b|$)"),
)
"""How Spanish takes back, denies and excuses a value."""


def numbers(text: str) -> list[Found[Decimal]]:
    """Every number; `y medio` is a half more."""
    return [Found(_value(match), *match.span()) for match in _NUMBER.finditer(text)]


def _value(said: re.Match[str]) -> Decimal:
    value = Decimal(said["figures"]) + (Decimal("0.5") if said["half"] else 0)
    return -value if said["minus"] else value


def ratings(text: str) -> list[Found[Decimal]]:
    """Numbers that can be marks; the scale itself, and what counts something else, is left out."""
    scored = mask(text, (match.span() for match in _SCALE.finditer(text)))
    return [each for each in numbers(scored) if not _OTHER_UNIT.match(text, each.end)]


def money(text: str) -> list[Found[Money]]:
    """Every amount; those with a currency rank first."""
    text = _ONE.sub(" 1 ", text)
    found = []
    for said in _MONEY.finditer(text):
        spelled = (said["letters"] or "").replace(" ", "").upper()
        code = spelled or _CODES[said["unit"] or said["sign"] or "$"]
        amount = Decimal(said["only"] or said["cents"] or 0) / 100 + Decimal(said["units"] or 0)
        named = spelled or said["unit"] or said["sign"] or said["only"]
        found.append(Found(Money(-amount if said["minus"] else amount, code), *said.span(), rank=1 if named else 0))
    return found


def digits(text: str) -> list[Found[str]]:
    """Runs of digits, one by one or in groups, the longest ranked first."""
    text = mask(text, (match.span() for match in _COUNTED.finditer(text)))
    found = []
    for run in _RUN.finditer(text):
        times = re.sub(r"(doble|triple) (\d)", lambda said: said[2] * (2 if said[1] == "doble" else 3), run[0])
        read = ("+" if run[0][0] in "+m" else "") + re.sub(r"\D", "", times)
        found.append(Found(read, *run.span(), rank=len(read)))
    return found
