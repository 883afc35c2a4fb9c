"""Values as American English says them."""

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
from voicebot.nlu.slots.words_en import CURRENCIES, LARGE, MONTHS, ORDINALS, SMALL, TENS, WEEKDAYS

USUAL_CURRENCY = "USD"


def number(value: object) -> str:
    """`105` -> "one hundred five", `-2.5` -> "minus two point five". Raises ValueError."""
    exact = as_number(value)
    whole, _, decimals = format(abs(exact), "f").partition(".")
    decimals = decimals.rstrip("0")
    words = _cardinal(int(whole))
    if decimals:
        words += f" point {' '.join(SMALL[int(digit)] for digit in decimals)}"
    return f"minus {words}" if exact < 0 else words


def ordinal(value: object) -> str:
    """`22` -> "twenty-second". Raises ValueError."""
    words = _cardinal(as_whole(value))
    stem = words[: max(words.rfind(" "), words.rfind("-")) + 1]
    last = words[len(stem) :]
    if last in SMALL:
        return stem + ORDINALS[SMALL.index(last)]
    return f"{stem}{last[:-1]}ieth" if last.endswith("y") else f"{words}th"


def money(value: object, currency: str | None = None) -> str:
    """`49.50` -> "forty-nine dollars and fifty cents". Raises ValueError.

    The currency is the one given, else the one in the value (`49.50 EUR`), else US dollars.
    """
    amount, code = as_money(value, currency, USUAL_CURRENCY)
    if code not in CURRENCIES:
        return f"{number(amount)} {' '.join(code)}"
    one, several, cent, cents = CURRENCIES[code]
    units, hundredths = divmod(int(abs(amount) * 100), 100)
    words = [f"{_cardinal(units)} {one if units == 1 else several}"] if units or not hundredths else []
    if hundredths and (not words and code not in {"USD", "GBP"}):
        words = [f"zero {several}"]
    if hundredths:
        words.append(f"{_cardinal(hundredths)} {cent if hundredths == 1 else cents}")
    return f"{'minus ' if amount < 0 else ''}{' and '.join(words)}"


def day(value: object, year: bool = False) -> str:
    """`2026-03-03` -> "Tuesday, March third", with `year` "..., twenty twenty-six". Raises ValueError."""
    exact = as_date(value)
    words = f"{WEEKDAYS[exact.weekday()]}, {MONTHS[exact.month - 1]} {ordinal(exact.day)}"
    return f"{words}, {_year(exact.year)}" if year else words


def hour(value: object) -> str:
    """`15:30` -> "three thirty p m", `12:00` -> "noon". Raises ValueError."""
    exact = as_time(value)
    if exact.minute == 0 and exact.hour in {0, 12}:
        return "noon" if exact.hour else "midnight"
    words = SMALL[(exact.hour - 1) % 12 + 1]
    if exact.minute:
        words += f" oh {SMALL[exact.minute]}" if exact.minute < 10 else f" {_below_hundred(exact.minute)}"
    return f"{words} {'p m' if exact.hour >= 12 else 'a m'}"


def moment(value: object, year: bool = False) -> str:
    """`2026-03-03T15:30` -> "Tuesday, March third, at three thirty p m". Raises ValueError."""
    exact = as_moment(value)
    clock = "twelve a m" if hour(exact) == "midnight" else hour(exact)  # midnight could end the day, too
    return f"{day(exact, year)}, at {clock}"


def digits(value: object, group: int = 3) -> str:
    """`4719` -> "four seven one, nine": one by one, a pause after every `group`. Raises ValueError."""
    return _read_out(grouped(as_digits(value), [max(group, 1)]))


def phone(value: object) -> str:
    """`+14155550132` -> "plus one, four one five, five five five, zero one three two". Raises ValueError."""
    text = as_digits(value)
    plus = "plus " if str(value).strip().startswith("+") else ""
    sizes = {10: [3, 3, 4], 7: [3, 4], 11: [1, 3, 3, 4] if text[0] == "1" else [3, 4, 4]}.get(len(text), [3])
    if plus and text[0] == "1":
        sizes = [1, 3, 3, 4]
    return plus + _read_out(grouped(text, sizes))


def key(value: object) -> str:
    """`*` -> "star", `9` -> "nine": a key of the telephone. Raises ValueError."""
    text = as_key(value)
    return {"*": "star", "#": "pound"}.get(text) or SMALL[int(text)]


def _read_out(groups: list[str]) -> str:
    return ", ".join(" ".join(SMALL[int(digit)] for digit in group) for group in groups)


def _year(year: int) -> str:
    century, rest = divmod(year, 100)
    if rest == 0 or 2000 <= year < 2010 or year < 1000:
        return _cardinal(year) if century % 10 == 0 or rest else f"{_below_hundred(century)} hundred"
    return f"{_below_hundred(century)} {'oh ' if rest < 10 else ''}{_below_hundred(rest)}"


def _cardinal(whole: int) -> str:
    words = []
    for size, name in LARGE.items():
        count, whole = divmod(whole, size)
        if count:
            words.append(f"{_below_thousand(count)} {name}")
    if whole or not words:
        words.append(_below_thousand(whole))
    return " ".join(words)


def _below_thousand(count: int) -> str:
    hundreds, rest = divmod(count, 100)
    if not hundreds:
        return _below_hundred(rest)
    return f"{SMALL[hundreds]} hundred" + (f" {_below_hundred(rest)}" if rest else "")


def _below_hundred(count: int) -> str:
    if count < 20:
        return SMALL[count]
    tens, unit = divmod(count, 10)
    return TENS[tens - 2] + (f"-{SMALL[unit]}" if unit else "")
