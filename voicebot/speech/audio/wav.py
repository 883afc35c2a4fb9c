"""WAV files: every common kind is read, one kind is written.

Nothing that a header says about sizes is believed: a chunk ends at the latest where the file ends. So a stream whose
sizes were never filled in, a file cut short and one that claims 4 GB are read for what they hold.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from voicebot.errors import VoicebotError
from voicebot.speech.audio import Samples, g711

_Decoder = Callable[[bytes], Samples]

_PCM, _FLOAT, _ALAW, _ULAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
_NAMES = {
    2: "Microsoft ADPCM",
    0x11: "IMA ADPCM",
    0x31: "GSM 6.10",
    0x50: "MPEG",
    0x55: "MP3",
    0x161: "WMA",
    0xFF: "AAC",
}
"""Codings that turn up in WAV files and are not read, as registered in RFC 2361."""
_CONVERT, _AGAIN = "Convert it to 16-bit PCM.", "Record or fetch it again."
_RATES = range(1000, 768_001)
"""Sample rates, in Hz, that a sound may have; anything else is a damaged header."""


@dataclass(frozen=True)
class Sound:
    """A mono sound and its sample rate in Hz."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


@dataclass(frozen=True)
class _Layout:
    decode: _Decoder
    channels: int
    frame: int
    """Bytes of one sample of every channel."""
    rate: int


def read(content: bytes, *, channel: int | None = None, name: str = "WAV file") -> Sound:
    """The sound in a WAV file: PCM of 8 to 32 bits, floats, mu-law or A-law, of any number of channels.

    Several channels are mixed unless `channel` (from 0) chooses one. `name` stands in front of messages. Raises
    VoicebotError for what is no WAV file, is coded in another way, or has no such channel.
    """
    if content[:4] not in (b"RIFF", b"RF64") or content[8:12] != b"WAVE":
        raise VoicebotError(name, "is not a WAV file.", _CONVERT)
    layout, data = _layout_and_data(content, name)
    if channel is not None and not 0 <= channel < layout.channels:
        raise VoicebotError(name, f"has no channel {channel}.", f"It has {layout.channels}, counted from 0.")
    samples = layout.decode(data[: len(data) - len(data) % layout.frame]).reshape(-1, layout.channels)
    return Sound(_mixed(samples) if channel is None else samples[:, channel].copy(), layout.rate)


def write(samples: Samples, rate: int) -> bytes:
    """A WAV file of 16-bit PCM, one channel."""
    data = samples.astype("<i2").tobytes()
    head = struct.pack("<4sIHHIIHH4sI", b"fmt ", 16, _PCM, 1, rate, 2 * rate, 2, 16, b"data", len(data))
    return struct.pack("<4sI4s", b"RIFF", 4 + len(head) + len(data), b"WAVE") + head + data


def _layout_and_data(content: bytes, name: str) -> tuple[_Layout, bytes]:
    layout = None
    for kind, body in _chunks(content):
        if kind == b"fmt ":
            layout = _layout(body, name)
        elif kind == b"data" and layout:
            return layout, bytes(body)
    raise VoicebotError(name, "has no sound in it." if layout else "does not tell its format.", _AGAIN)


def _chunks(content: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """The kind and the content of each chunk."""
    view, place = memoryview(content), 12
    (end,) = struct.unpack_from("<I", content, 4)
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, place)
        if not size and end < place:  # the header was never filled in: what follows is the sound
            size = len(content)
        yield kind, view[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _layout(body: memoryview, name: str) -> _Layout:
    if len(body) < 16:
        raise VoicebotError(name, "has a damaged header.", _AGAIN)
    coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if coding == _EXTENSIBLE and len(body) >= 26:
        (coding,) = struct.unpack_from("<H", body, 24)
    if not channels or rate not in _RATES:
        raise VoicebotError(name, f"says that it has {channels} channels at {rate} Hz.", _AGAIN)
    width = -(-bits // 8)
    if (coding, width) not in _DECODERS:
        kind = _NAMES.get(coding, f"{bits} bits in coding {coding}")
        raise VoicebotError(name, f"is coded as {kind}, which cannot be read.", _CONVERT)
    return _Layout(_DECODERS[coding, width], channels, width * channels, rate)


def _mixed(samples: Samples) -> Samples:
    return np.rint(samples.mean(axis=1)).astype(np.int16) if samples.shape[1] > 1 else samples.ravel()


def _from_bytes(data: bytes) -> Samples:
    return ((np.frombuffer(data, np.uint8).astype(np.int16) - 128) << 8).astype(np.int16)


def _from_words(width: int) -> _Decoder:
    """The two highest bytes of every `width`, of which the lowest comes first."""

    def decode(data: bytes) -> Samples:
        high = np.frombuffer(data, np.uint8).reshape(-1, width)[:, -2:]
        samples: Samples = np.ascontiguousarray(high).view("<i2").ravel().astype(np.int16)
        return samples

    return decode


def _from_floats(kind: str) -> _Decoder:
    """Numbers of full scale 1; what is greater is clipped, what is none is silence."""

    def decode(data: bytes) -> Samples:
        sound = np.nan_to_num(np.frombuffer(data, kind), posinf=1, neginf=-1)
        samples: Samples = np.rint(np.clip(sound, -1, 1) * 32767).astype(np.int16)
        return samples

    return decode


_DECODERS: dict[tuple[int, int], _Decoder] = {
    (_PCM, 1): _from_bytes,
    (_PCM, 2): _from_words(2),
    (_PCM, 3): _from_words(3),
    (_PCM, 4): _from_words(4),
    (_FLOAT, 4): _from_floats("<f4"),
    (_FLOAT, 8): _from_floats("<f8"),
    (_ALAW, 1): g711.decode_alaw,
    (_ULAW, 1): g711.decode_ulaw,
}
"""How to read a coding, by the bytes that a sample takes in it."""
