"""A flow with all that a call on it needs: its sub-flows and the data of its languages. What a call pins.

Rule: the text of a bundle holds everything and names no path, so that equal bundles have equal digests anywhere.
Only the models of its languages, large and seldom changed, are kept beside it; it names them by their digests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from voicebot.errors import Place, VoicebotError, did_you_mean
from voicebot.flows.findings import FlowError, finding
from voicebot.flows.load import LoadedFlow, load_flow, load_text
from voicebot.flows.marks import Marks
from voicebot.flows.model import Flow
from voicebot.nlu.language_data import LanguageData, language_data, language_text
from voicebot.nlu.languages import LANGUAGES
from voicebot.nlu.voter import Voter, read, shipped

SUFFIX = ".yaml"


@dataclass(frozen=True, eq=False)
class Bundle:
    """The flow `main`, every flow it calls (by name, itself included), and its languages by BCP-47 tag.

    `models` has the digest of the model of each language that has one. `text` is the canonical JSON that
    `bundle_from_text` reads back; `digest` its SHA-256 in hex.
    """

    main: str
    flows: Mapping[str, Flow]
    languages: Mapping[str, LanguageData]
    marks: Mapping[str, Marks]
    models: Mapping[str, str]
    text: str
    digest: str

    def place(self, flow: str, *path: str | int) -> Place:
        """Where a part of one of the flows stands: `bundle.place("prescreen", "steps", "greet")`."""
        return self.marks[flow].at(*path)


def bundle_from_files(path: Path | str) -> Bundle:
    """The flow in the file `path` with the flows it calls, found beside it as `<name>.yaml`.

    Raises FlowError for whatever cannot be loaded, for a called flow that is missing or lacks a language of the main
    flow, and for flows that call each other in a circle.
    """
    folder = Path(path).parent
    main = load_flow(path)
    flows = gather(main, lambda name: _beside(folder, name))
    names = sorted({LANGUAGES[tag].data for tag in main.flow.languages})
    return bundle_from_text(
        json.dumps(
            {
                "main": main.flow.name,
                "flows": {name: loaded.text for name, loaded in flows.items()},
                "languages": {name: language_text(name) for name in names},
                "models": {name: voter.digest for name in names if (voter := shipped(name))},
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
    )


def _beside(folder: Path, name: str) -> LoadedFlow | None:
    file = folder / f"{name}{SUFFIX}"
    return load_flow(file) if file.is_file() else None


def _nothing(_digest: str) -> None:
    return None


@lru_cache(maxsize=64)
def bundle_from_text(text: str, kept: Callable[[str], str | None] = _nothing) -> Bundle:
    """The bundle whose `text` this is. Flows and languages are read once per text and kept.

    `kept` gives the text of a model by its digest, where it is not the one that ships. Raises VoicebotError where
    `text` is no bundle, and where a model it names is nowhere.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    try:
        parts: dict[str, Any] = json.loads(text)
        loaded = {name: load_text(flow, f"{name}{SUFFIX}") for name, flow in parts["flows"].items()}
        texts: dict[str, str] = parts["languages"]
        models: dict[str, str] = parts.get("models", {})
        main = str(parts["main"])
        voters = {name: _voter(name, model, kept) for name, model in models.items()}
        languages = {
            tag: language_data(
                texts[LANGUAGES[tag].data], f"{LANGUAGES[tag].data}{SUFFIX}", voters.get(LANGUAGES[tag].data)
            )
            for tag in loaded[main].flow.languages
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        where = f"bundle {digest[:12]}"
        raise VoicebotError(where, "the text is no pinned flow.", "Restore the database from a backup.") from None
    flows = {name: one.flow for name, one in loaded.items()}
    return Bundle(main, flows, languages, {name: one.marks for name, one in loaded.items()}, models, text, digest)


def _voter(name: str, digest: str, kept: Callable[[str], str | None]) -> Voter:
    voter = shipped(name)
    if voter and voter.digest == digest:
        return voter
    model = kept(digest)
    if model is None:
        problem = f'the model that understood "{name}" in this call is gone.'
        raise VoicebotError(f"pin {digest[:12]}", problem, "Restore it from a backup.")
    return read(model)


# --- the flows that a flow calls --------------------------------------------------------------------------------------


def gather(main: LoadedFlow, find: Callable[[str], LoadedFlow | None]) -> dict[str, LoadedFlow]:
    """`main` and every flow called from it, directly or not, by name. `find` gives a flow by its name, if there is one.

    Raises FlowError as `bundle_from_files` does.
    """
    gathered: dict[str, LoadedFlow] = {}
    _gather(main, find, main, (), gathered)
    return gathered


def _gather(
    loaded: LoadedFlow,
    find: Callable[[str], LoadedFlow | None],
    main: LoadedFlow,
    callers: tuple[str, ...],
    gathered: dict[str, LoadedFlow],
) -> None:
    gathered[loaded.flow.name] = loaded
    chain = (*callers, loaded.flow.name)
    for step, name in calls_of(loaded.flow):
        place = loaded.marks.at("steps", step, "call", "flow")
        if name in chain:
            circle = " calls ".join(f'"{flow}"' for flow in (*chain[chain.index(name) :], name))
            problem = f"the flows call each other in a circle: {circle}."
            raise FlowError([finding(place, "call-circle", problem, "Take one of these calls out.")])
        if name in gathered:
            continue
        called = find(name)
        if called is None:
            problem = f'step "{step}" calls the flow "{name}", and there is no file {name}{SUFFIX} beside this one.'
            remedy = did_you_mean(name, _names_beside(loaded)) or "Write that flow, or mend the name."
            raise FlowError([finding(place, "unknown-flow", problem, remedy)])
        _check_called(called, name, main, place)
        _gather(called, find, main, chain, gathered)


def calls_of(flow: Flow) -> Iterator[tuple[str, str]]:
    """Each call of another flow, as (step, called flow)."""
    for name, step in flow.steps.items():
        if step.call:
            yield name, step.call.flow


def _names_beside(loaded: LoadedFlow) -> list[str]:
    return sorted(file.stem for file in Path(loaded.file).parent.glob(f"*{SUFFIX}"))


def _check_called(called: LoadedFlow, name: str, main: LoadedFlow, place: Place) -> None:
    if called.flow.name != name:
        problem = f'the file is named after the flow "{name}", and the flow in it calls itself "{called.flow.name}".'
        raise FlowError([finding(called.marks.at("name"), "flow-name", problem, f"Write `name: {name}`.")])
    lacking = [tag for tag in main.flow.languages if tag not in called.flow.languages]
    if lacking:
        problem = f'the flow "{name}" is called here, and it does not speak {", ".join(lacking)}.'
        raise FlowError([finding(place, "call-language", problem, f"Add the language to {name}{SUFFIX}.")])
