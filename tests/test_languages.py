"""The table of languages in docs/languages.md is the one in the code, and every row of it is whole."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from voicebot.flows.pace import seconds
from voicebot.flows.spoken import filters
from voicebot.nlu.language_data import load_language
from voicebot.nlu.languages import LANGUAGES, Language
from voicebot.nlu.slots.grammar import GRAMMARS

PAGE = Path("docs/languages.md").read_text(encoding="utf-8")
SPOKEN = Path("voicebot/flows/spoken")
FILLED = {"apology": set(), "doubt": {"words"}, "opt_out_hint": {"key"}, "about": {"caller", "number"}}


def _row(one: Language) -> str:
    cells = [f"`{cell}`" for cell in (one.tag, one.data, one.say_voice, one.gather, one.vosk_model)]
    forms = "own" if (SPOKEN / f"{one.data}.py").is_file() else "as written"
    return f"| {' | '.join([*cells, forms, 'yes' if one.data in GRAMMARS else 'no', one.apology])} |"


def test_page_has_the_table_of_the_code() -> None:
    table = PAGE.split("<!-- table: begin")[1].split("<!-- table: end -->")[0].strip().splitlines()

    assert table[3:] == [_row(one) for one in LANGUAGES.values()]


@pytest.mark.parametrize("one", LANGUAGES.values(), ids=LANGUAGES)
def test_row_is_whole(one: Language) -> None:
    assert load_language(one.data).name == one.data
    assert Path(f"tests/nlu/{one.data}.yaml").is_file()
    assert filters(one.data)["key"]("*")
    assert seconds(one.apology, one.tag) > 1
    assert all(getattr(one, field.name) for field in fields(one))


@pytest.mark.parametrize("one", LANGUAGES.values(), ids=LANGUAGES)
def test_phrases_can_be_filled_in(one: Language) -> None:
    for name, names in FILLED.items():
        said = getattr(one.phrases, name)
        assert all(f"{{{each}}}" in said for each in names)
        assert said.format(**dict.fromkeys(names, "x"))
    assert "7" in one.to_agents.keys.format(accept="7", decline="8")
