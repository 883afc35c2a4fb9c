"""Values as Spanish says them."""

from __future__ import annotations

from voicebot.flows.spoken.values import (
    as_date,
    as_digits,
    as_key,
    as_moment,
    as_money,
    as_number,
    as_time,
    as_whole,
    grouped,
)
from voicebot.nlu.slots.words_es import CURRENCIES, HUNDREDS, MONTHS, SMALL, TENS, WEEKDAYS

USUAL_CURRENCY = "USD"


def number(value: object) -> str:
    """`105` -> "ciento cinco", `-2.5` -> "menos dos coma cinco". Raises ValueError."""
    exact = as_number(value)
    whole, _, decimals = format(abs(exact), "f").partition(".")
    decimals = decimals.rstrip("0")
    words = _cardinal(int(whole))
    if decimals:
        words += f" coma {' '.join(SMALL[int(digit)] for digit in decimals)}"
    return f"menos {words}" if exact < 0 else words


def ordinal(value: object) -> str:
    """`22` -> "número veintidós": ordinals above ten are hardly said. Raises ValueError."""
    return f"número {_cardinal(as_whole(value))}"


def money(value: object, currency: str | None = None) -> str:
    """`49.50` -> "cuarenta y nueve dólares con cincuenta centavos". Raises ValueError.

    The currency is the one given, else the one in the value (`49.50 EUR`), else US dollars.
    """
    amount, code = as_money(value, currency, USUAL_CURRENCY)
    if code not in CURRENCIES:
        return f"{number(amount)} {' '.join(code)}"
    one, several, cent, cents = CURRENCIES[code]
    units, hundredths = divmod(int(abs(amount) * 100), 100)
    of = "de " if units and units % 10**6 == 0 else ""
    words = f"{_before_noun(units)} {of}{one if units == 1 else several}"
    if hundredths:
        words += f" con {_before_noun(hundredths)} {cent if hundredths == 1 else cents}"
    return f"menos {words}" if amount < 0 else words


def day(value: object, year: bool = False) -> str:
    """`2026-03-03` -> "martes tres de marzo", with `year` "... de dos mil veintiséis". Raises ValueError."""
    exact = as_date(value)
    words = f"{WEEKDAYS[exact.weekday()]} {_cardinal(exact.day)} de {MONTHS[exact.month - 1]}"
    return f"{words} de {_cardinal(exact.year)}" if year else words


def hour(value: object) -> str:
    """`15:30` -> "las tres y media de la tarde", `00:00` -> "las cero horas". Raises ValueError."""
    exact = as_time(value)
    minutes = {0: "", 15: " y cuarto", 30: " y media"}.get(exact.minute, f" y {_cardinal(exact.minute)}")
    if exact.hour == 0:
        return f"las cero horas{minutes}"
    shown = (exact.hour - 1) % 12 + 1
    return f"{'la una' if shown == 1 else f'las {SMALL[shown]}'}{minutes} {_part(exact.hour)}"


def moment(value: object, year: bool = False) -> str:
    """`2026-03-03T15:30` -> "martes tres de marzo, a las tres y media de la tarde". Raises ValueError."""
    exact = as_moment(value)
    return f"{day(exact, year)}, a {hour(exact)}"


def digits(value: object, group: int = 3) -> str:
    """`4719` -> "cuatro siete uno, nueve": one by one, a pause after every `group`. Raises ValueError."""
    return _read_out(grouped(as_digits(value), [max(group, 1)]))


def phone(value: object) -> str:
    """`+14155550132` -> "más uno, cuatro uno cinco, ..." in groups of three. Raises ValueError."""
    text = as_digits(value)
    plus = "más " if str(value).strip().startswith("+") else ""
    sizes = [1, 3, 3, 4] if plus and text[0] == "1" else {10: [3, 3, 4]}.get(len(text), [3])
    return plus + _read_out(grouped(text, sizes))


def key(value: object) -> str:
    """`*` -> "asterisco", `9` -> "nueve": a key of the telephone. Raises ValueError."""
    text = as_key(value)
    return {"*": "asterisco", "#": "numeral"}.get(text) or SMALL[int(text)]


def _read_out(groups: list[str]) -> str:
    return ", ".join(" ".join(SMALL[int(digit)] for digit in group) for group in groups)


def _part(hour_of_day: int) -> str:
    if hour_of_day == 12:
        return "del mediodía"
    named = ((6, "madrugada"), (12, "mañana"), (20, "tarde"), (24, "noche"))
    return f"de la {next(name for end, name in named if hour_of_day < end)}"


def _before_noun(whole: int) -> str:
    """`21` -> "veintiún", as it stands before a masculine noun."""
    words = _cardinal(whole)
    if words.endswith("veintiuno"):
        return f"{words[:-3]}ún"
    return words[:-1] if words.endswith("uno") else words


def _cardinal(whole: int) -> str:
    """Spanish counts thousands of millions, not billions: `10**9` is "mil millones"."""
    millions, rest = divmod(whole, 10**6)
    words = [f"{_before_noun(millions)} {'millón' if millions == 1 else 'millones'}"] if millions else []
    thousands, units = divmod(rest, 1000)
    if thousands:
        words.append("mil" if thousands == 1 else f"{_before_noun(thousands)} mil")
    if units or not words:
        words.append(_below_thousand(units))
    return " ".join(words)


def _below_thousand(count: int) -> str:
    hundreds, rest = divmod(count, 100)
    if not hundreds:
        return _below_hundred(rest)
    return "cien" if count == 100 else HUNDREDS[hundreds - 1] + (f" {_below_hundred(rest)}" if rest else "")


def _below_hundred(count: int) -> str:
    if count < 30:
        return SMALL[count]
    tens, unit = divmod(count, 10)
    return TENS[tens - 3] + (f" y {SMALL[unit]}" if unit else "")
