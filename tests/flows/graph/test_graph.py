"""A flow as a chart, as Mermaid and as a picture."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.flows.texts import flow, loaded
from voicebot.flows.graph.chart import ANYTIME, Arrow, Box, Chart, chart_of
from voicebot.flows.graph.layout import Line, layered
from voicebot.flows.graph.mermaid import mermaid
from voicebot.flows.graph.svg import svg
from voicebot.flows.load import load_flow

SHIPPED = sorted(Path("flows").glob("*.yaml"))

STEPS = """
  tea:
    menu:
      ask: "Do you <drink> tea at {{ hour | time }}?{% if x %} Well?{% endif %}"
      noinput: {next: tea}
      answers:
        yes: {keys: ["1", "7"], hear: yes}
        no: {hear: no, next: bye}
        never: {keys: "3", next: bye}
  cups:
    collect: {ask: How many?, slot: cups, type: number, exhausted: {next: bye}}
  many:
    branch: [{when: cups > 5, next: agent}]
  less:
    set: {few: true}
    grade: considering
    case: complaint
    next: return
  agent:
    transfer: {queue: q, whisper: W., hold: Wait., branches: {answered: bye, otherwise: sorry}}
  sorry:
    callback: {after: 2h}
  bye:
    hangup: {outcome: completed}
"""
TOP = "needs: {hour: {type: time, example: '15:30'}, x: {example: y}}\nanytime: {complaint: {keys: '0', next: agent}}"


@pytest.fixture(scope="module")
def chart() -> Chart:
    return chart_of(loaded(flow(STEPS, TOP)).flow)


def test_boxes_tell_name_kind_and_first_words(chart: Chart) -> None:
    assert [(box.name, box.kind, box.words) for box in chart.boxes] == [
        ("tea", "menu", "Do you <drink> tea at ‹hour›? Well?"),
        ("cups", "collect", "How many?"),
        ("many", "branch", ""),
        ("less", "set", "few = true, grade: considering, case: complaint"),
        ("agent", "transfer", "Wait."),
        ("sorry", "callback", "after 2h"),
        ("bye", "hangup", "completed"),
        (ANYTIME, "anytime", ""),
        ("return", "return", "to the calling flow"),
    ]
    assert chart.boxes[-2].rows == ("0 complaint → agent", "attempts used up → bye")


def test_arrows_tell_by_what_a_way_is_taken(chart: Chart) -> None:
    assert set(chart.arrows) == {
        Arrow("tea", "cups", ("1 7 yes",)),
        Arrow("tea", "bye", ("no", "3 never")),
        Arrow("tea", "tea", ("silence",)),
        Arrow("cups", "many", ("cups",)),
        Arrow("cups", "bye", ("attempts used up",)),
        Arrow("many", "agent", ("cups > 5",)),
        Arrow("many", "less", ("otherwise",)),
        Arrow("less", "return", ()),
        Arrow("agent", "bye", ("answered",)),
        Arrow("agent", "sorry", ("otherwise",)),
        Arrow("sorry", "bye", ()),
    }


def test_what_only_an_intent_leads_to_hangs_on_the_box_of_any_time() -> None:
    steps = "  tea:\n    menu: {ask: Tea?, answers: {yes: {keys: '1'}}}\n  bye:\n    hangup:\n  cry:\n    hangup:\n"
    chart = chart_of(loaded(flow(steps, "anytime: {complaint: {next: cry}}")).flow)
    assert [arrow for arrow in chart.arrows if arrow.source == ANYTIME] == [Arrow(ANYTIME, "cry", ("complaint",))]


def test_mermaid(chart: Chart) -> None:
    lines = mermaid(chart).splitlines()
    assert lines[0] == "flowchart TD"
    assert lines[1] == '    s0(["<b>tea</b><br/>Do you #60;drink#62; tea at ‹hour›? Well?"])'
    assert '    s2{{"<b>many</b>"}}' in lines
    assert '    s0 -->|"no<br/>3 never"| s6' in lines
    assert '    s2 -->|"cups #62; 5"| s4' in lines
    assert "    s5 --> s6" in lines


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_mermaid_of_flows_that_ship_is_well_formed(file: Path) -> None:
    shape = r'\s+s\d+(\(\["[^"]+"\]\)|\{\{"[^"]+"\}\}|\[\["[^"]+"\]\]|\(\("[^"]+"\)\)|\["[^"]+"\])'
    arrow = r'\s+s\d+ -->(\|"[^"]+"\|)? s\d+'
    _, *lines = mermaid(chart_of(load_flow(file).flow)).splitlines()
    assert all(re.fullmatch(f"{shape}|{arrow}", line) for line in lines)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_the_picture_is_sound_and_no_box_lies_on_another(file: Path, language: str) -> None:
    chart = chart_of(load_flow(file).flow, language)
    picture = svg(chart)
    root = Xml.fromstring(picture)  # noqa: S314  (our own text)
    space = {"s": "http://www.w3.org/2000/svg"}
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    boxes = [
        tuple(float(rect.attrib[side]) for side in ("x", "y", "width", "height"))
        for rect in root.findall("s:g/s:rect", space)
        if "stroke" in rect.attrib
    ]
    assert len(boxes) == len(chart.boxes)
    assert all(x >= 0 and x + wide <= width and y >= 0 and y + high <= height for x, y, wide, high in boxes)
    for (x, y, wide, high), (left, top, across, down) in combinations(boxes, 2):
        assert x + wide <= left or left + across <= x or y + high <= top or top + down <= y
    lines = root.findall("s:g/s:path", space)
    assert len(lines) == sum(arrow.source != arrow.target for arrow in chart.arrows)


def test_text_is_wrapped_in_words_and_signs_and_cut_short() -> None:
    words = "所以我们每个月都会给您打一次电话，问问您的净水器用得好不好，有没有什么地方需要修理的，谢谢您的支持。"
    picture = svg(
        Chart("t", (Box("a", "say", words), Box("b", "say", "<&> " + "word " * 40)), (Arrow("a", "b", ("<",)),))
    )
    rows = re.findall(r'class="words"[^>]*>([^<]*)<', picture)
    assert len(rows) == 6
    assert rows[0].startswith("所以")
    assert rows[2].endswith("…")
    assert all(not row.startswith(("，", "。")) for row in rows)
    assert "&lt;&amp;&gt; word" in picture


# --- layout -----------------------------------------------------------------------------------------------------------

SIZE = (100.0, 40.0)


def _layout(*ends: str) -> dict[str, tuple[float, float]]:
    names = dict.fromkeys("".join(ends))
    return dict(layered(dict.fromkeys(names, SIZE), [Line(*pair) for pair in ends]).boxes)


def test_what_follows_stands_below() -> None:
    boxes = _layout("ab", "bc", "ac", "cd")
    assert boxes["a"][1] < boxes["b"][1] < boxes["c"][1] < boxes["d"][1]


def test_a_chain_is_straight_and_a_fork_is_even() -> None:
    chain = _layout("ab", "bc", "cd")
    assert max(x for x, _ in chain.values()) - min(x for x, _ in chain.values()) < 1
    fork = _layout("ab", "ac")
    assert fork["a"][0] == pytest.approx((fork["b"][0] + fork["c"][0]) / 2, abs=1)


def test_crossings_are_taken_out() -> None:
    boxes = _layout("ra", "rb", "ay", "bx", "rz")
    assert (boxes["a"][0] < boxes["b"][0]) == (boxes["y"][0] < boxes["x"][0])


def test_ways_back_go_up_and_are_marked() -> None:
    layout = layered(dict.fromkeys("abc", SIZE), [Line("a", "b"), Line("b", "c"), Line("c", "a"), Line("b", "b")])
    assert [line.back for line in layout.lines] == [False, False, True]
    assert layout.lines[2].points[0][1] > layout.lines[2].points[-1][1]
    assert layout.boxes["a"][1] < layout.boxes["b"][1] < layout.boxes["c"][1]


def test_labels_lie_beside_each_other() -> None:
    layout = layered(dict.fromkeys("abc", SIZE), [Line("a", "b", (120, 20)), Line("a", "c", (120, 20))])
    (x, y), (other, same) = (line.label for line in layout.lines)
    assert y == same
    assert abs(x - other) >= 120


def test_nothing_and_one_box_can_be_drawn() -> None:
    assert layered({}, []).boxes == {}
    assert svg(chart_of(loaded(flow("  bye:\n    hangup:\n")).flow)).startswith("<svg")
