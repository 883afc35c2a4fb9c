"""Chinese words for numbers, days and currencies; read by the slots and by the spoken forms alike."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
WEEKDAYS = "一二三四五六日"

CURRENCIES: dict[str, str] = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "HKD": "港元",
    "JPY": "日元",
    "KRW": "韩元",
    "SGD": "新加坡元",
    "CAD": "加元",
    "AUD": "澳元",
    "CHF": "瑞士法郎",
    "INR": "卢比",
}
"""ISO 4217 code -> the unit as it is said."""
