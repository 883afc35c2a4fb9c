"""From a file to a flow: read, upgrade, validate. What cannot be loaded is told fault by fault, by line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from voicebot.errors import Place, VoicebotError
from voicebot.flows.findings import FlowError, finding
from voicebot.flows.marks import Marks
from voicebot.flows.model import Flow
from voicebot.flows.references import faults
from voicebot.flows.shape import findings
from voicebot.flows.steps import listed
from voicebot.flows.upgrade import upgraded
from voicebot.flows.yaml_text import MAX_BYTES, Data, decode, parse


@dataclass(frozen=True)
class LoadedFlow:
    """A flow with its text and the line of each of its parts. `file` is named in messages."""

    flow: Flow
    marks: Marks
    text: str
    file: str


def load_flow(path: Path | str) -> LoadedFlow:
    """The flow in the file `path`.

    Raises FlowError with every fault of its text, shape and references, and VoicebotError when the file cannot be read.
    """
    file = str(path)
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as fault:
        raise VoicebotError(Place(file), f"the file cannot be read: {fault.strerror}.", "Check the path.") from None
    return load_text(decode(content, file), file)


@lru_cache(maxsize=64)
def load_text(text: str, file: str) -> LoadedFlow:
    """The flow written in `text`; read once and kept, since every inbound call asks for it.

    Raises FlowError with every fault of its text, shape and references.
    """
    data, marks = parse(text, file)
    if not isinstance(data, dict):
        problem, remedy = "a flow consists of keys and values.", "Begin with `spec: 1` and `name: ...`."
        raise FlowError([finding(marks.at(), "shape", problem, remedy)])
    data = upgraded(data, marks.at("spec"))
    try:
        flow = Flow.model_validate(data, context={"languages": _languages(data)})
    except ValidationError as fault:
        raise FlowError(findings(fault, data, marks)) from None
    dangling = faults(flow, marks)
    if dangling:
        raise FlowError(dangling)
    return LoadedFlow(flow, marks, text, file)


def _languages(data: dict[str, Data]) -> tuple[str, ...]:
    """The flow's languages as far as they can be read before anything is validated."""
    languages = listed(data.get("languages") or [])
    return tuple(tag for tag in languages if isinstance(tag, str)) if isinstance(languages, list) else ()
