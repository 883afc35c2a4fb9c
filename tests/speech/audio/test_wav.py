"""WAV files put together by hand: every kind, cut short, lying, hostile."""

from __future__ import annotations

import io
import struct
import tracemalloc
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.errors import VoicebotError
from voicebot.speech.audio import Samples, g711, wav

RAMP = np.arange(-32768, 32768, 256).astype(np.int16)
"""256 samples that every coding of 8 bits or more can tell."""
PCM, FLOAT, ALAW, ULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE


def _chunk(kind: bytes, body: bytes, size: int | None = None) -> bytes:
    return kind + struct.pack("<I", len(body) if size is None else size) + body + b"\0" * (len(body) % 2)


def _riff(*chunks: bytes, size: int | None = None, kind: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return kind + struct.pack("<I", len(body) if size is None else size) + body


def _format(coding: int = PCM, bits: int = 16, channels: int = 1, rate: int = 8000, more: bytes = b"") -> bytes:
    frame = channels * -(-bits // 8)
    return _chunk(b"fmt ", struct.pack("<HHIIHH", coding, channels, rate, rate * frame % 2**32, frame, bits) + more)


def _extensible(coding: int, bits: int) -> bytes:
    guid = struct.pack("<H", coding) + bytes.fromhex("000000001000800000aa00389b71")
    return _format(EXTENSIBLE, bits, more=struct.pack("<HHI", 22, bits, 4) + guid)


def _pcm(samples: Samples) -> bytes:
    return samples.astype("<i2").tobytes()


def _data(samples: Samples = RAMP) -> bytes:
    return _chunk(b"data", _pcm(samples))


WIDE = RAMP.astype(np.int64)
THREE_BYTES = b"".join(struct.pack("<i", int(sample) << 8)[:3] for sample in RAMP)

EXACT = {
    "16 bits": (_format(), _pcm(RAMP)),
    "8 bits": (_format(bits=8), ((WIDE >> 8) + 128).astype(np.uint8).tobytes()),
    "24 bits": (_format(bits=24), THREE_BYTES),
    "32 bits": (_format(bits=32), (WIDE << 16).astype("<i4").tobytes()),
    "12 bits in 16": (_format(bits=12), _pcm(RAMP)),
    "16 bits, extensible": (_extensible(PCM, 16), _pcm(RAMP)),
    "24 bits, extensible": (_extensible(PCM, 24), THREE_BYTES),
    "fmt of 18 bytes": (_format(more=b"\0\0"), _pcm(RAMP)),
}
NEAR = {
    "float": (_format(FLOAT, 32), (RAMP / 32768).astype("<f4").tobytes(), 1),
    "double": (_format(FLOAT, 64), (RAMP / 32768).astype("<f8").tobytes(), 1),
    "float, extensible": (_extensible(FLOAT, 32), (RAMP / 32768).astype("<f4").tobytes(), 1),
    "mu-law": (_format(ULAW, 8), g711.encode_ulaw(RAMP), 644),
    "A-law": (_format(ALAW, 8, more=b"\0\0"), g711.encode_alaw(RAMP), 512),
    "mu-law, extensible": (_extensible(ULAW, 8), g711.encode_ulaw(RAMP), 644),
}


@pytest.mark.parametrize("kind", EXACT)
def test_every_kind_of_pcm_is_read(kind: str) -> None:
    layout, data = EXACT[kind]
    sound = wav.read(_riff(layout, _chunk(b"data", data)))
    assert (sound.rate, sound.samples.tolist()) == (8000, RAMP.tolist())


@pytest.mark.parametrize("kind", NEAR)
def test_other_codings_are_read_as_closely_as_they_tell(kind: str) -> None:
    layout, data, bound = NEAR[kind]
    sound = wav.read(_riff(layout, _chunk(b"data", data)))
    assert np.abs(sound.samples.astype(int) - RAMP).max() <= bound


def test_floats_beyond_full_scale_are_clipped_and_no_numbers_are_silence() -> None:
    data = np.array([2, -7, np.inf, -np.inf, np.nan, 0.5], "<f4").tobytes()
    sound = wav.read(_riff(_format(FLOAT, 32), _chunk(b"data", data)))
    assert sound.samples.tolist() == [32767, -32767, 32767, -32767, 0, 16384]


def test_two_channels_are_mixed_or_chosen_from() -> None:
    both = np.column_stack((RAMP, RAMP[::-1]))
    content = _riff(_format(channels=2), _data(both))
    assert set(wav.read(content).samples.tolist()) <= {-128, 0}
    assert wav.read(content, channel=0).samples.tolist() == RAMP.tolist()
    assert wav.read(content, channel=1).samples.tolist() == RAMP[::-1].tolist()


def test_loud_channels_do_not_overflow_when_mixed() -> None:
    loud = np.full((10, 6), 32767, np.int16)
    assert set(wav.read(_riff(_format(channels=6), _data(loud))).samples.tolist()) == {32767}


def test_chunks_of_other_kinds_and_padding_are_passed_over() -> None:
    odd = _chunk(b"LIST", b"INFOISFT\x05\0\0\0sound")
    content = _riff(
        _chunk(b"JUNK", b"x" * 27), _format(), _chunk(b"fact", b"\0\1\0\0"), odd, _data(), _chunk(b"id3 ", b"?")
    )
    assert len(odd) % 2 == 0
    assert wav.read(content).samples.tolist() == RAMP.tolist()


@pytest.mark.parametrize(
    "content",
    [
        _riff(_format(), _chunk(b"data", _pcm(RAMP), size=0xFFFFFFFF), size=0xFFFFFFFF),
        _riff(_format(), _chunk(b"data", _pcm(RAMP), size=0x7FFFF000), size=0x7FFFF024),
        _riff(_format(), _chunk(b"data", _pcm(RAMP), size=0), size=0),
        _riff(_format(), _data(), size=0),
        _riff(_chunk(b"ds64", bytes(28)), _format(), _chunk(b"data", _pcm(RAMP), 0xFFFFFFFF), kind=b"RF64"),
    ],
    ids=["4 GB", "2 GB", "never filled in", "riff size 0", "RF64"],
)
def test_sizes_that_lie_do_no_harm(content: bytes) -> None:
    assert wav.read(content).samples.tolist() == RAMP.tolist()


def test_a_header_that_claims_4_gb_costs_no_memory() -> None:
    content = _riff(_format(channels=2, rate=48000), _chunk(b"data", bytes(400), 0xFFFFFFFF), size=0xFFFFFFFF)
    tracemalloc.start()
    wav.read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize("missing", [1, 2, 3, 101, 511])
def test_a_file_cut_short_is_read_as_far_as_it_goes(missing: int) -> None:
    sound = wav.read(_riff(_format(), _data())[:-missing])
    assert sound.samples.tolist() == RAMP[: (512 - missing) // 2].tolist()


def test_a_last_frame_that_is_not_whole_is_left_out() -> None:
    content = _riff(_format(channels=2), _chunk(b"data", _pcm(RAMP) + b"\1\2\3"))
    assert len(wav.read(content).samples) == 128


def test_an_empty_sound_is_a_sound() -> None:
    sound = wav.read(_riff(_format(), _chunk(b"data", b""), _chunk(b"LIST", b"INFO")))
    assert (len(sound.samples), sound.seconds) == (0, 0)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not a WAV file"),
        (b"ID3\4" + bytes(100), "is not a WAV file"),
        (b"RIFF\4\0\0\0AVI ", "is not a WAV file"),
        (b"RIFX" + _riff(_format(), _data())[4:], "is not a WAV file"),
        (_riff(), "does not tell its format"),
        (_riff(_data()), "does not tell its format"),
        (_riff(_data(), _format()), "has no sound in it"),
        (_riff(_format()), "has no sound in it"),
        (_riff(_chunk(b"fmt ", b"\1\0\1\0")), "damaged header"),
        (_riff(_format(channels=0), _data()), "0 channels"),
        (_riff(_format(rate=0), _data()), "0 Hz"),
        (_riff(_format(rate=4_000_000_000), _data()), "4000000000 Hz"),
        (_riff(_format(0x55, 0), _data()), "coded as MP3"),
        (_riff(_format(0x31, 0), _data()), "coded as GSM"),
        (_riff(_format(0x11, 4), _data()), "coded as IMA ADPCM"),
        (_riff(_format(0x1234, 16), _data()), "16 bits in coding 4660"),
        (_riff(_format(bits=0), _data()), "0 bits in coding 1"),
        (_riff(_format(bits=64), _data()), "64 bits in coding 1"),
        (_riff(_format(FLOAT, 16), _data()), "16 bits in coding 3"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, problem: str) -> None:
    with pytest.raises(VoicebotError, match=problem) as told:
        wav.read(content, name="call.wav")
    assert str(told.value).startswith("call.wav: ")
    assert told.value.remedy


@pytest.mark.parametrize("channel", [-1, 1, 2])
def test_a_channel_that_is_not_there_is_told(channel: int) -> None:
    with pytest.raises(VoicebotError, match=f"has no channel {channel}. It has 1"):
        wav.read(_riff(_format(), _data()), channel=channel)


@given(place=st.integers(0, 60), value=st.integers(0, 255), length=st.integers(0, 600))
def test_a_damaged_file_is_read_or_refused(place: int, value: int, length: int) -> None:
    content = bytearray(_riff(_chunk(b"LIST", b"abc"), _format(channels=2), _data()))
    content[place] = value
    try:
        assert wav.read(bytes(content[:length])).samples.dtype == np.int16
    except VoicebotError as told:
        assert told.remedy  # noqa: PT017  (either is right)


@given(samples=st.lists(st.integers(-32768, 32767)), rate=st.sampled_from([8000, 16000, 44100]))
def test_what_is_written_is_read(samples: list[int], rate: int) -> None:
    sound = wav.read(wav.write(np.array(samples, np.int16), rate))
    assert (sound.samples.tolist(), sound.rate) == (samples, rate)


def test_others_read_what_is_written() -> None:
    with wave.open(io.BytesIO(wav.write(RAMP, 8000))) as file:
        assert file.getparams()[:4] == (1, 2, 8000, 256)
        assert file.readframes(999) == _pcm(RAMP)
