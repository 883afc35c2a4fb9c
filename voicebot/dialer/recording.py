"""Whether the sound of a call may be kept: where its callee is, what its flow says, and what the centre wants."""

from __future__ import annotations

from typing import Literal, get_args

Recording = Literal["never", "announced", "allowed"]
"""When sound may be kept in some place: not at all, where the first words of the call say so, or without a word."""

STRICTEST_FIRST: tuple[Recording, ...] = get_args(Recording)


def stricter(one: Recording, other: Recording) -> Recording:
    """The rule that forbids more."""
    return min(one, other, key=STRICTEST_FIRST.index)


def why_not_kept(rule: Recording, *, wanted: bool, announced: bool) -> str:
    """What stands against keeping the sound of a call; empty when nothing does.

    `rule` holds where the callee is; `wanted` is the centre's setting, `announced` the flow's own word that it tells
    the callee. Each of the three can forbid it; none can allow it alone.
    """
    if not wanted:
        return "the centre keeps no recordings"
    if rule == "never":
        return "it is never kept where the callee is"
    if rule == "announced" and not announced:
        return "the flow does not announce it"
    return ""


def may_keep(rule: Recording, *, wanted: bool, announced: bool) -> bool:
    """Whether nothing stands against keeping the sound of a call."""
    return not why_not_kept(rule, wanted=wanted, announced=announced)
