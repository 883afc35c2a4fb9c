"""How often understanding is right on lines of authors who never saw a template, beside fuzzy matching and keywords."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from bench.figures import Figure
from voicebot.nlu.intents import INTENTS, LABELS, NONE, OPT_OUT
from voicebot.nlu.language_data import LanguageData, load_language
from voicebot.nlu.meaning import Hypothesis, Question
from voicebot.nlu.samples import samples
from voicebot.nlu.train import Line, lines_of, read_lines
from voicebot.nlu.understand import label, understand

BLIND = Path("tests/nlu/blind")
NEAR_MISS = "hard_negative"
APART = {"yes": "no", "no": "yes"}
FUZZY_FROM = 70
"""The score from which fuzzy matching takes a phrase for meant; lower ones make it no better."""

KEYWORDS = {
    "en": {
        OPT_OUT: ("stop call", "remove me", "off your list", "unsubscribe", "don't call", "do not call", "opt out"),
        "wrong_number": ("wrong number",), "deceased": ("passed away", "died", "dead"),
        "repeat": ("repeat", "again"),
        "speak_to_agent": ("agent", "human", "representative"), "call_back_later": ("later", "tomorrow", "call back"),
        "not_interested": ("not interested",), "interested": ("interested", "tell me more"), "hold": ("hold on",),
        "already_paid": ("already paid", "paid"), "will_pay": ("will pay", "i'll pay"), "cannot_pay": ("can't pay",),
        "who_is_calling": ("who is this", "who are you"), "are_you_a_robot": ("robot", "machine"),
        "voicemail": ("leave a message", "after the tone"), "goodbye": ("bye",), "complaint": ("complain",),
        "maybe": ("maybe", "not sure"), "no": ("no", "nope", "not"), "yes": ("yes", "yeah", "sure", "okay"),
    },
    "zh": {
        OPT_OUT: ("别打", "不要打", "不要再", "别再", "退订", "拉黑", "删"), "wrong_number": ("打错",),
        "deceased": ("去世", "不在了"), "repeat": ("再说一遍", "没听清"), "speak_to_agent": ("人工", "客服"),
        "call_back_later": ("晚点", "明天", "再打"),
        "not_interested": ("不感兴趣", "不需要"), "interested": ("感兴趣",),
        "hold": ("等一下", "稍等"), "already_paid": ("还了", "交了", "付了"), "cannot_pay": ("没钱",),
        "who_is_calling": ("你是谁", "哪里"), "are_you_a_robot": ("机器人",),
        "voicemail": ("留言",),
        "goodbye": ("再见", "拜拜"), "complaint": ("投诉",), "maybe": ("可能", "不一定"), "no": ("不",),
        "yes": ("是", "好", "对", "行", "可以"),
    },
}  # fmt: skip
"""What a keyword list would hold, in the order in which it is searched."""

Reads = Callable[[Sequence[str]], list[str]]


def measure(_folder: Path) -> Iterator[Figure]:
    """Accuracy, macro-F1 and what becomes of opting out, for each way of reading and each language with blind lines."""
    for language, keywords in KEYWORDS.items():
        path = BLIND / f"{language}.tsv"
        if not path.is_file():
            continue
        lines, data = list(read_lines(path)), load_language(language)
        for name, reads in (("ours", _ours(data)), ("WRatio", _fuzzy(data)), ("keywords", _listed(keywords))):
            yield from _figures(f"{language}, {name}", lines, reads([line.text for line in lines]))


def _figures(name: str, lines: Sequence[Line], taken: Sequence[str]) -> Iterator[Figure]:
    pairs = list(zip(lines, taken, strict=True))
    right = [taken == line.label or taken in line.also for line, taken in pairs]
    yield Figure(f"accuracy, {name}", _percent(right), "%", note=f"{len(lines)} blind lines")
    yield Figure(f"macro-F1, {name}", 100 * macro_f1(pairs), "%")
    opted = [(line, taken == OPT_OUT) for line, taken in pairs if line.label == OPT_OUT or OPT_OUT not in line.also]
    for what, of in (
        ("opt-outs heard", [taken for line, taken in opted if line.label == OPT_OUT]),
        ("near misses taken for one", [t for line, t in opted if line.label != OPT_OUT and line.kind == NEAR_MISS]),
        ("other talk taken for one", [t for line, t in opted if line.label != OPT_OUT and line.kind != NEAR_MISS]),
        ("yes for no, or no for yes", [taken == APART[line.label] for line, taken in pairs if line.label in APART]),
    ):
        yield Figure(f"{what}, {name}", _percent(of), "%", note=f"of {len(of)}")


def _percent(found: Sequence[bool]) -> float:
    return 100 * sum(found) / max(1, len(found))


def macro_f1(pairs: Sequence[tuple[Line, str]]) -> float:
    """The mean over all labels of the harmonic mean of precision and recall, 0..1."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for line, taken in pairs:
        if taken == line.label or taken in line.also:
            right[line.label] += 1
        else:
            wrong.update((line.label, taken))
    present = {line.label for line, _ in pairs}
    return sum(2 * right[label] / (2 * right[label] + wrong[label]) for label in present) / len(present)


def _ours(data: LanguageData) -> Reads:
    return lambda texts: [label(understand([Hypothesis(text)], data, Question())) for text in texts]


def _label(intent: str) -> str:
    return intent if intent in LABELS else INTENTS[intent].broader or NONE


def _fuzzy(data: LanguageData) -> Reads:
    """The label of the most alike of the same phrases: samples of the templates, and the lines trained on."""
    phrases = {phrase: _label(intent) for intent in INTENTS for phrase in samples(data, intent)}
    phrases |= {line.text: line.label for line in lines_of(data.name)}
    texts, labels = list(phrases), list(phrases.values())

    def nearest(text: str) -> str:
        found = process.extractOne(text, texts, scorer=fuzz.WRatio, score_cutoff=FUZZY_FROM)
        return labels[found[2]] if found else NONE

    return lambda said: [nearest(text) for text in said]


def _listed(keywords: dict[str, tuple[str, ...]]) -> Reads:
    def first(text: str) -> str:
        said = f" {text} "
        return next((label for label, words in keywords.items() if any(_begins(word) in said for word in words)), NONE)

    return lambda texts: [first(text) for text in texts]


def _begins(word: str) -> str:
    """English words are looked for from where they begin: "no" is not in "know"."""
    return f" {word}" if word.isascii() else word
