"""Every way through a flow, walked in the abstract: that it ends, within how many turns, and which one is the longest.

A state of the walk is a step as a call reaches it. What the engine adds by itself is counted and not walked: a question
that fails is put again a few times (`settings`), and whatever happens, the call ends with its `max_turns`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voicebot.errors import Place
from voicebot.flows.asking import settings_of
from voicebot.flows.check.graph import Calls, Node
from voicebot.flows.check.subject import Subject
from voicebot.flows.findings import Finding, finding


@dataclass(frozen=True)
class Paths:
    """What the walk found. Turns are those that `max_turns` limits.

    `longest`: the questions on the longest way that goes nowhere twice. `shortest` and `longest_turns` are turns of
    callers who answer at once, `worst_turns` those of callers who use up every attempt on the longest way.
    `loops`: whether callers can go round by their answers, until `max_turns` ends it.
    """

    flow: str
    states: int
    shortest: int
    longest: tuple[str, ...]
    worst_turns: int
    max_turns: int
    loops: bool
    endless: tuple[Node, ...]

    def __str__(self) -> str:
        if self.endless:
            return f"{self.flow}: {len(self.endless)} of {self.states} states lead to no end."
        round_ = f" Whoever goes round is stopped after {self.max_turns} turns." if self.loops else ""
        return (
            f"{self.flow}: every way ends ({self.states} states, the shortest of {_turns(self.shortest)}). "
            f"The longest asks {len(self.longest)}: {' > '.join(self.longest)}; "
            f"with every attempt used up, {_turns(self.worst_turns)}.{round_}"
        )


def _turns(number: int) -> str:
    return f"{number} turn" + ("" if number == 1 else "s")


def check(subject: Subject) -> Iterator[Finding]:
    """The findings of this family."""
    if subject.flow.type == "part":
        return
    found = walk(subject.calls)
    for node in found.endless[:1]:
        problem = f'from step "{node.step}" no way leads to an end of the call, whatever is answered.'
        yield finding(_place(subject, node), "no-end", problem, "Let a way lead to a `hangup`.")
    if len(found.longest) > found.max_turns:
        problem = (
            f"the longest way asks {len(found.longest)} questions, and the call ends after {_turns(found.max_turns)}: "
            f'at step "{found.longest[found.max_turns]}".'
        )
        yield finding(subject.at("limits", "max_turns"), "too-many-turns", problem, "Ask less, or raise `max_turns`.")


def _place(subject: Subject, node: Node) -> Place:
    return subject.calls.flows[node.flow].marks.at("steps", node.step)


def walk(calls: Calls) -> Paths:
    """Walk every way of the calls on a flow."""
    order, loops = ordered(calls)
    longest: dict[Node, tuple[Node, ...]] = {}
    for node in order:  # what follows comes first
        onward = (longest[after] for _, after in calls.ways[node] if after is not None and after in longest)
        asked = (node,) if _takes_turn(calls, node) else ()
        longest[node] = (*asked, *max(onward, key=len, default=()))
    way = longest[calls.root]
    return Paths(
        flow=calls.main.flow.name,
        states=len(calls.ways),
        shortest=_shortest(calls),
        longest=tuple(node.step for node in way),
        worst_turns=sum(_attempts(calls, node) for node in way),
        max_turns=calls.main.flow.limits.max_turns,
        loops=loops,
        endless=_endless(calls),
    )


def _takes_turn(calls: Calls, node: Node) -> bool:
    step = calls.step(node)
    return step.question is not None or step.record is not None


def _attempts(calls: Calls, node: Node) -> int:
    """How many turns a step may take before it leads on."""
    question = calls.step(node).question
    return settings_of(question, calls.flows[node.flow].flow).total or 1 if question else 1


def ordered(calls: Calls) -> tuple[list[Node], bool]:
    """Every state after all that follow it, ways back left out; and whether there are ways back."""
    order: list[Node] = []
    done: set[Node] = set()
    open_: set[Node] = set()
    loops = False
    stack = [(calls.root, iter(calls.ways[calls.root]))]
    open_.add(calls.root)
    while stack:
        node, ways = stack[-1]
        following = next((after for _, after in ways if after is not None and after not in done), None)
        if following is None:
            stack.pop()
            open_.discard(node)
            done.add(node)
            order.append(node)
        elif following in open_:
            loops = True
        else:
            open_.add(following)
            stack.append((following, iter(calls.ways[following])))
    return order, loops


def _shortest(calls: Calls) -> int:
    """Turns of the shortest call that is answered by a person who lets it come to its end."""
    turns = {calls.root: 0}
    waiting = [calls.root]
    best: int | None = None
    while waiting:
        node = min(waiting, key=turns.__getitem__)
        waiting.remove(node)
        spent = turns[node] + _takes_turn(calls, node)
        for _, after in calls.ways[node]:
            if after is None:
                best = spent if best is None else min(best, spent)
            elif spent < turns.get(after, 1_000_000):
                turns[after] = spent
                waiting.append(after)
    return best or 0


def _endless(calls: Calls) -> tuple[Node, ...]:
    """States from which no way leads to an end; what the engine's own limits end is not counted as one."""
    before: dict[Node, list[Node]] = {}
    ending = []
    for node, ways in calls.ways.items():
        for _, after in ways:
            if after is None:
                ending.append(node)
            else:
                before.setdefault(after, []).append(node)
    reached: set[Node] = set()
    while ending:
        node = ending.pop()
        if node not in reached:
            reached.add(node)
            ending += before.get(node, [])
    return tuple(node for node in calls.ways if node not in reached)
