"""The flow language as JSON Schema, for editors: what the loader accepts validates, with descriptions and examples.

What a schema cannot say is left to `voicebot check`: ways to steps, templates, and that a flow in several languages
needs each prompt in each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from voicebot.flows import model, steps
from voicebot.flows.model import RETURN, SPEC, Flow
from voicebot.flows.steps import EFFECTS, KINDS
from voicebot.nlu.intents import INTENTS, NONE
from voicebot.nlu.languages import LANGUAGES

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> Json:
    """The schema of a flow file."""
    made: Json = Flow.model_json_schema(by_alias=True, schema_generator=_Generator)
    told = _tidied(made)
    parts = told["$defs"]
    told["properties"]["spec"] = {"const": SPEC, "description": told["properties"]["spec"]["description"]}
    parts["Step"] |= _ONE_KIND
    parts["Answer"]["properties"]["hear"] |= _listed({"enum": INTENT_NAMES})
    told["properties"]["anytime"]["propertyNames"] = {"enum": INTENT_NAMES}
    for name, examples in EXAMPLES.items():
        parts[name]["examples"] = list(examples)
    for name, example in OF_FLOW.items():
        told["properties"][name]["examples"] = [example]
    return {"$schema": DIALECT, "title": "A voicebot flow", **told}


INTENT_NAMES = [name for name in INTENTS if name != NONE]


def _listed(item: Json) -> Json:
    """One alone need not be put into a list."""
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _or_item(inner: Json) -> Json:
    item, bounds = inner["items"], {name: value for name, value in inner.items() if name != "items"}
    return {"anyOf": [item, {**bounds, "items": item}]}


def _or_text(inner: Json) -> Json:
    """A prompt: one text, or one per language; the known languages are offered."""
    texts = {tag: {"type": "string"} for tag in LANGUAGES}
    return {"anyOf": [{"type": "string"}, {"type": "object", "properties": texts, **inner}]}


def _or_word(inner: Json) -> Json:
    return {"anyOf": [inner, {"enum": ["silence", "hangup"]}]}


def _or_kind(inner: Json) -> Json:
    return {"anyOf": [{"enum": list(get_args(steps.CaseKind))}, *inner.get("anyOf", [inner])]}


_BEFORE: dict[object, Callable[[Json], Json]] = {
    steps.listed: _or_item,
    steps.case_in_a_word: _or_kind,
    steps.per_language: _or_text,
    model.turn_in_words: _or_word,
}
"""What a value may also be written as, by the function that reads it so."""

_AFTER: dict[object, Json] = {
    model.known_language: {"enum": list(LANGUAGES)},
    model.not_reserved: {"not": {"const": RETURN}},
}
"""What is asked of a value besides its type."""


class _Generator(GenerateJsonSchema):
    """Knows the functions that stand before and after the model's types."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Json:
        inner = super().function_before_schema(schema)
        widened = _BEFORE.get(schema["function"]["function"])
        return widened(inner) if widened else inner

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> Json:
        inner = super().function_after_schema(schema)
        return {**inner, **_AFTER.get(schema["function"]["function"], {})}


_STEP_KINDS = [kind for kind in KINDS if kind != "set"]
_ONE_KIND: Json = {
    "oneOf": [
        *({"required": [kind], "title": kind} for kind in _STEP_KINDS),
        {
            "title": "set and other effects",
            "not": {"anyOf": [{"required": [kind]} for kind in _STEP_KINDS]},
            "anyOf": [{"required": [effect]} for effect in sorted(EFFECTS)],
        },
    ]
}
"""A step is one thing."""


def _tidied(told: Any) -> Any:
    """Without the titles and empty defaults that only repeat the key, and closed where names have a pattern."""
    if isinstance(told, list):
        return [_tidied(one) for one in told]
    if not isinstance(told, dict):
        return told
    kept = {name: value for name, value in told.items() if not _says_nothing(name, value)}
    if "patternProperties" in kept:
        kept.setdefault("additionalProperties", False)
    return {
        name: {key: _tidied(one) for key, one in value.items()} if name in _MAPS else _tidied(value)
        for name, value in kept.items()
    }


_MAPS = ("properties", "patternProperties", "$defs")
"""Parts of a schema whose keys are names and not words of the schema."""


def _says_nothing(name: str, value: object) -> bool:
    return name == "title" or (name == "default" and (value in (None, "", [], {}) or isinstance(value, dict)))


OF_FLOW: dict[str, object] = {
    "name": "survey",
    "version": "1",
    "title": "Survey after a repair",
    "languages": ["en-US", "zh-CN"],
    "caller": {"en-US": "Springwood Tea", "zh-CN": "泉林茶业"},
    "facts": {"price": "49.50 USD", "shop": {"en-US": "our shop in Mill Lane", "zh-CN": "磨坊巷的店"}},
    "needs": {"first_name": {"type": "text", "example": "Ann"}},
    "noinput": ["Are you still there?", "I still hear nothing."],
    "nomatch": "Sorry, I did not get that.",
    "exhausted": "bye",
    "farewell": "We have to end here. Thank you, goodbye.",
    "anytime": {"who_is_calling": {"say": "This is {{ caller }}."}},
    "retry": {"busy": {"after": "30m", "times": 3}},
    "steps": {"bye": {"hangup": {"say": "Goodbye.", "outcome": "completed"}}},
}
"""An example for keys of the flow itself."""

EXAMPLES: dict[str, tuple[object, ...]] = {
    "Answer": ({"keys": "1", "hear": "yes", "next": "bye"}, {"keys": "2", "phrases": {"en-US": ["green tea"]}}),
    "Anytime": ({"keys": "0", "next": "put_through"}, {"say": "This is {{ caller }}."}),
    "Call": ({"flow": "opt_out", "with": {"asked": True}},),
    "CallOn": ({"field": "due", "days": -3},),
    "Callback": ({"slot": "wished"}, {"after": "14d"}),
    "Case": ({"when": "rating >= 8", "next": "thanks"}, {"next": "sorry"}),
    "Collect": ({"ask": "How many cups?", "slot": "cups", "type": "number"},),
    "Confirm": ({"ask": "{{ cups }} cups, right?", "yes": {"next": "order"}, "no": {"next": "cups"}},),
    "Exit": ({"next": "bye"},),
    "Expected": ({"outcome": "completed", "grade": "interested", "values": {"cups": 3}},),
    "FlowTest": ({"name": "says yes", "turns": [{"press": "1"}, "hangup"], "expect": {"outcome": "completed"}},),
    "Handler": ({"say": ["Are you there?", "Hello?"]}, {"next": "bye"}),
    "Hangup": ({"say": "Goodbye.", "outcome": "completed"},),
    "Limits": ({"max_turns": 20, "max_duration": 240},),
    "Machine": ({"action": "leave_message", "message": "This is {{ caller }}. Please ring us back."},),
    "Menu": ({"ask": "Tea?", "answers": {"yes": {"keys": "1", "hear": "yes"}, "no": {"keys": "2", "hear": "no"}}},),
    "Need": ({"type": "money", "private": True, "example": "49.50"},),
    "OpenedCase": ({"kind": "complaint", "note": "The heater leaks."},),
    "Recording": ({"ask": "Please speak after the tone.", "slot": "comment"},),
    "Retry": ({"after": "2h", "times": 3},),
    "Rule": ({"check": "value <= 10", "say": "Ten at the most, please."},),
    "Send": ({"sms": "Your appointment: {{ wished | datetime }}."},),
    "Settings": ({"first_input": 8, "input": "keys"},),
    "Step": ({"say": "Good morning."}, {"goto": "bye"}, {"set": {"tries": 0}}),
    "TestTurn": ({"hear": "yes please", "confidence": 0.9}, {"press": "1"}, {"silence": 2}),
    "Transfer": (
        {
            "queue": "sales",
            "whisper": "A customer who wants tea.",
            "hold": "One moment, please.",
            "branches": {"answered": "bye", "otherwise": "call_back"},
        },
    ),
}
"""Examples for the parts of a flow."""
