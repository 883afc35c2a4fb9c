"""The classes for graphics cards, which the published library has and can never make."""

from __future__ import annotations

from typing import Any


class BatchModel:
    """Cannot be made without a CUDA build of the library."""

    def __init__(self, model_path: str, *_: object) -> None:
        model_path.encode("utf-8")
        raise Exception("Failed to create a model")

    def Wait(self) -> None:  # noqa: N802
        """Until all sound is decoded."""


class BatchRecognizer:
    """Cannot be made without a BatchModel."""

    def __init__(self, *args: Any) -> None:
        _ = args[0]._handle  # which no BatchModel has
        raise Exception("Failed to create a recognizer")

    def AcceptWaveform(self, data: bytes) -> None:  # noqa: N802
        """Take sound."""

    def Result(self) -> str:  # noqa: N802
        """The next utterance, or an empty text."""
        return ""

    def FinishStream(self) -> None:  # noqa: N802
        """No more sound follows."""

    def GetPendingChunks(self) -> int:  # noqa: N802
        """Stretches of sound that wait."""
        return 0
