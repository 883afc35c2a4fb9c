"""What may be handed to the library, and its words for what may not."""

from __future__ import annotations

from typing import Any


def sound(data: Any) -> bytes:
    """The bytes of a `char *`."""
    length = len(data)
    if isinstance(data, bytes):
        return data
    if isinstance(data, list | tuple):
        return b"".join(data)[:length]
    wanted = "bytes or list or tuple" if isinstance(data, str) else "cdata pointer"
    raise TypeError(f"initializer for ctype 'char *' must be a {wanted}, not {_name(type(data))}")


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def integer(value: object) -> int:
    """An `int`."""
    if not isinstance(value, int):
        raise TypeError("an integer is required")
    return int(value)


def real(value: object) -> float:
    """A `float`."""
    if not isinstance(value, int | float):
        raise TypeError(f"must be real number, not {type(value).__name__}")
    return float(value)
