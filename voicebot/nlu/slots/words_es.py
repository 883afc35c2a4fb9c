"""Spanish words for numbers, days and months; read by the slots and by the spoken forms alike."""

from __future__ import annotations

import unicodedata

SMALL = (
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós",
    "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
)  # fmt: skip
TENS = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
HUNDREDS = (
    "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos", "ochocientos",
    "novecientos",
)  # fmt: skip
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")

CURRENCIES: dict[str, tuple[str, str, str, str]] = {
    "USD": ("dólar", "dólares", "centavo", "centavos"),
    "EUR": ("euro", "euros", "céntimo", "céntimos"),
    "MXN": ("peso mexicano", "pesos mexicanos", "centavo", "centavos"),
}
"""ISO 4217 code -> one unit, several, one hundredth, several."""


def without_accents(word: str) -> str:
    """In lower case, as recognizers that drop accents write it."""
    marked = unicodedata.normalize("NFKD", word.lower())
    return "".join(sign for sign in marked if not unicodedata.combining(sign))
