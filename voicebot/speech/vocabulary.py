"""The words in which values are said: what a second recognizer, closed to all others, is given to choose from.

Rule: a closed vocabulary puts its own words into whatever it hears, noise too. What it says is a second opinion on
words that were heard by an open one, and stands behind them.
"""

from __future__ import annotations

from voicebot.nlu.meaning import QuestionKind
from voicebot.nlu.slots import words_en, words_es, words_zh
from voicebot.speech.recognizer import UNKNOWN

_DIGITS_EN = (*words_en.SMALL[:10], "oh", "double", "triple")
_NUMBERS_EN = (*words_en.SMALL, *words_en.TENS, "hundred", "thousand", "and", "a", "half", "point")
_ORDINALS_EN = (*words_en.ORDINALS[1:], "twentieth", "thirtieth")
_DATES_EN = (
    *_NUMBERS_EN, *_ORDINALS_EN, *map(str.lower, words_en.MONTHS + words_en.WEEKDAYS),
    "today", "tomorrow", "next", "this", "week", "month", "of", "the", "on", "in", "days", "weekend",
)  # fmt: skip
_TIMES_EN = (
    *_NUMBERS_EN, "o'clock", "past", "to", "quarter", "noon", "midnight", "morning", "afternoon", "evening", "night",
    "at", "in", "the", "hour", "hours", "minutes", "am", "pm",
)  # fmt: skip

_DIGITS_ZH = (*words_zh.DIGITS, "幺", "两")
_NUMBERS_ZH = (*_DIGITS_ZH, *words_zh.UNITS, "点", "半", "个")
_DATES_ZH = (
    *_NUMBERS_ZH, "年", "月", "号", "日", "天", "周", "星期", "礼拜", "周末", "今天", "明天", "后天", "大后天", "下周",
    "这周", "下个月", "这个月",
)  # fmt: skip
_TIMES_ZH = (*_NUMBERS_ZH, "点钟", "分", "刻", "早上", "上午", "中午", "下午", "晚上", "小时", "分钟", "过", "差")

_DIGITS_ES = (*words_es.SMALL[:10], "doble", "triple")
_NUMBERS_ES = (
    *words_es.SMALL, *words_es.TENS, "cien", *words_es.HUNDREDS, "mil", "un", "una", "y", "medio", "media", "punto",
    "coma",
)  # fmt: skip
_DATES_ES = (
    *_NUMBERS_ES, "primero", *words_es.MONTHS, *words_es.WEEKDAYS, "hoy", "mañana", "pasado", "esta", "este", "próximo",
    "próxima", "que", "viene", "semana", "semanas", "mes", "meses", "día", "días", "dentro", "en", "el", "la", "de",
    "del", "por", "tarde", "noche",
)  # fmt: skip
_TIMES_ES = (
    *_NUMBERS_ES, "a", "al", "la", "las", "el", "cuarto", "menos", "mediodía", "medianoche", "mañana", "madrugada",
    "tarde", "noche", "de", "del", "por", "en", "dentro", "hora", "horas", "minutos", "hoy",
)  # fmt: skip

VOCABULARIES: dict[str, dict[QuestionKind, tuple[str, ...]]] = {
    "en": {
        "digits": _DIGITS_EN,
        "phone": _DIGITS_EN,
        "number": _NUMBERS_EN,
        "rating": _NUMBERS_EN,
        "date": _DATES_EN,
        "time": _TIMES_EN,
        "datetime": (*_DATES_EN, *_TIMES_EN),
    },
    "zh": {
        "digits": _DIGITS_ZH,
        "phone": _DIGITS_ZH,
        "number": _NUMBERS_ZH,
        "rating": _NUMBERS_ZH,
        "date": _DATES_ZH,
        "time": _TIMES_ZH,
        "datetime": (*_DATES_ZH, *_TIMES_ZH),
    },
    "es": {
        "digits": _DIGITS_ES,
        "phone": _DIGITS_ES,
        "number": _NUMBERS_ES,
        "rating": _NUMBERS_ES,
        "date": _DATES_ES,
        "time": _TIMES_ES,
        "datetime": (*_DATES_ES, *_TIMES_ES),
    },
}
"""By language data and kind of question; a kind that is not here is not worth a second recognizer."""


def grammar_of(expects: QuestionKind, language: str, hints: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The phrases of a closed recognizer for a question (`language`: its data), with the flow's own; () for none.

    It may also say that it knows none of the words.
    """
    words = VOCABULARIES.get(language, {}).get(expects, ())
    return tuple(dict.fromkeys((*words, *hints, UNKNOWN))) if words else ()
