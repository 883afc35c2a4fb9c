"""A word as bytes: the length of its text, the frames it lasts, its text in UTF-8, and a checksum over them all."""

from __future__ import annotations

from binascii import crc_hqx

FRAMES = 50
"""Frames a second: a word lasts whole frames of 20 ms, as a telephone line cuts sound."""
HEAD = 2
"""Bytes before the text."""
LONGEST = 255
"""Bytes of a text, and frames that a word lasts: what a byte can tell."""

_CHECK = 2
"""Bytes after the text: a CRC of 16 bits."""
_CRC_START = 0x1D0F
"""Not zero, for a packet of zeros would have a valid checksum."""


def size(length: int) -> int:
    """Bytes of the packet of a text of `length` bytes."""
    return HEAD + length + _CHECK


def packed(text: bytes, frames: int) -> bytes:
    """The packet of a word of 1..255 bytes that lasts 1..255 frames."""
    body = bytes((len(text), frames)) + text
    return body + crc_hqx(body, _CRC_START).to_bytes(_CHECK, "big")


def opened(packet: bytes) -> str | None:
    """The word in a whole packet; None for a damaged one."""
    body, check = packet[:-_CHECK], packet[-_CHECK:]
    if crc_hqx(body, _CRC_START).to_bytes(_CHECK, "big") != check:
        return None
    try:
        return body[HEAD:].decode()
    except UnicodeDecodeError:
        return None
