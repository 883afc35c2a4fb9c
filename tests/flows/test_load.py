from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.texts import flow, loaded
from voicebot.errors import Place, VoicebotError
from voicebot.flows.findings import Finding, FlowError
from voicebot.flows.load import load_flow, load_text
from voicebot.flows.model import Flow
from voicebot.flows.shape import PATTERNS
from voicebot.flows.upgrade import upgraded
from voicebot.flows.yaml_text import MAX_BYTES, Data, decode, parse

STEPS = """
  tea:
    menu:
      ask: Do you drink tea?
      answers:
        yes: {keys: ["1"], hear: yes}
        no: {keys: "2", hear: [no], next: bye}
  bye:
    hangup:
"""

FRAGMENTS = [
    "spec: 1", "name: x", "steps:", "  a:", "    say: ", "{{ x }}", "{", "}", "[", "]", "- ", "*a", "&a", "!b", "|",
    ">", "\t", "\n", '"', "'", "#", "% ", "@", "`", ": ", "<<: *a", "? ", "---", "...", "\x00", "\x1b", "é",
    "您好", "012", "~", "menu: {ask: x, answers: {yes: {keys: 1}}}", "languages: en-US",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("1.50", 1.5),
        ("1e5", "1e5"),
        ("0x1f", "0x1f"),
        ("12:30", "12:30"),
        ("2026-03-02", "2026-03-02"),
        ('"012"', "012"),
        ("1_000", "1_000"),
        ("=", "="),
    ],
)
def test_a_value_means_what_it_shows(written: str, value: Data) -> None:
    data, _ = parse(f"key: {written}\n", "x.yaml")
    assert data == {"key": value}


def test_every_key_is_text() -> None:
    data, _ = parse("yes: 1\non: 2\n1: 3\ntrue: 4\n", "x.yaml")
    assert data == {"yes": 1, "on": 2, "1": 3, "true": 4}


def test_marks_know_the_line_of_every_part() -> None:
    marks = loaded(flow(STEPS)).marks
    assert marks.at("steps", "tea") == Place("main.yaml", 14)
    assert marks.at("steps", "tea", "menu", "answers", "no", "next").line == 19
    assert marks.at("steps", "tea", "menu", "answers", "no", "keys", 0).line == 19
    assert marks.at("steps", "tea", "menu", "noinput").line == 15
    assert marks.at("nowhere").line == 1


def test_one_alone_need_not_be_a_list() -> None:
    menu = loaded(flow(STEPS)).flow.steps["tea"].menu
    assert menu is not None
    assert menu.ask == ({"en-US": "Do you drink tea?"},)
    assert menu.answers["yes"].keys == ("1",)
    assert menu.answers["yes"].hear == menu.answers["yes"].hear == ("yes",)
    assert loaded(flow(STEPS)).flow.languages == ("en-US",)


def test_a_bare_hangup_needs_no_value() -> None:
    assert loaded(flow(STEPS)).flow.steps["bye"].kind == "hangup"


def test_a_flow_keeps_the_order_of_its_steps() -> None:
    one = loaded(flow(STEPS)).flow
    assert one.first == "tea"
    assert (one.below("tea"), one.below("bye")) == ("bye", "")


def test_all_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = flow(STEPS.replace("keys:", "key:").replace("Do you drink tea?", "{a: 1}"), "settings: {noinput: 99}")
    with pytest.raises(FlowError) as caught:
        load_text(text, "flows/tea.yaml")
    assert [finding.place.line for finding in caught.value.findings] == [11, 16, 18, 19]
    assert str(caught.value).splitlines()[0] == "flows/tea.yaml:11: settings.noinput must be at most 9."
    assert caught.value.exit_code == 2


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "main.yaml"
    file.write_text(flow(STEPS), encoding="utf-8-sig")
    assert load_flow(file).flow.name == "main"
    file.write_bytes(flow(STEPS).replace("\n", "\r\n").encode())
    assert load_flow(file).flow == loaded(flow(STEPS)).flow


def test_a_file_that_is_too_large_is_not_read_through(tmp_path: Path) -> None:
    file = tmp_path / "main.yaml"
    file.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(FlowError, match=r"the file has more than 1,000,000 bytes\. Split it"):
        load_flow(file)
    assert decode(b"x" * MAX_BYTES, "x.yaml")


def test_a_folder_is_no_flow(tmp_path: Path) -> None:
    with pytest.raises(VoicebotError, match="the file cannot be read: Is a directory"):
        load_flow(tmp_path)


BOMBS = {
    "lists": "[" * 500_000,
    "mappings": "{a: " * 200_000,
    "dashes": "- " * 300_000,
    "aliases": "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "circle": "a: &a [*a]",
    "digits": "x: " + "9" * 5000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused(bomb: str) -> None:
    with pytest.raises(FlowError):
        load_text(bomb, "x.yaml")


def _refused(text: str) -> tuple[Finding, ...]:
    try:
        load_text(text, "x.yaml")
    except FlowError as fault:
        return fault.findings
    return ()


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text(max_size=60))
def test_no_text_breaks_the_loader(text: str) -> None:
    assert all(finding.severity == "error" for finding in _refused(text))


@given(st.data())
def test_no_damage_to_a_flow_breaks_the_loader(data: st.DataObject) -> None:
    lines = flow(STEPS, "needs: {name: {example: Ann}}").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    fragment = data.draw(st.sampled_from(FRAGMENTS))
    lines[at] = data.draw(
        st.sampled_from([fragment, lines[at] + fragment, " " + lines[at], lines[at].split(":")[0] + ":"])
    )
    assert all(finding.place.file == "x.yaml" for finding in _refused("\n".join(lines)))


def test_every_pattern_of_the_model_is_told_in_words() -> None:
    schema = str(Flow.model_json_schema())
    patterns = {piece.split("'")[0] for piece in schema.split("'pattern': '")[1:]}
    assert patterns == set(PATTERNS)


# --- versions of the language -----------------------------------------------------------------------------------------


def _renamed(data: dict[str, Data]) -> dict[str, Data]:
    """A version 1 in which `author` was called `writer`."""
    return {"author" if key == "writer" else key: value for key, value in data.items()}


def test_older_flows_are_upgraded_version_by_version() -> None:
    upgrades = {1: _renamed, 2: lambda data: {**data, "polite": True}}
    before: dict[str, Data] = {"spec": 1, "writer": "Ann"}
    after = upgraded(before, Place("x.yaml", 1), 3, upgrades)
    assert after == {"spec": 3, "author": "Ann", "polite": True}
    assert before == {"spec": 1, "writer": "Ann"}
    assert upgraded({"spec": 3, "writer": "Ann"}, Place("x.yaml", 1), 3, upgrades) == {"spec": 3, "writer": "Ann"}


@pytest.mark.parametrize(("spec", "problem"), [(4, "knows up to 3"), (0, "no version 0"), (-1, "no version -1")])
def test_versions_that_are_newer_or_never_were_are_refused(spec: int, problem: str) -> None:
    with pytest.raises(FlowError, match=problem):
        upgraded({"spec": spec}, Place("x.yaml", 1), 3, {1: _renamed, 2: _renamed})
