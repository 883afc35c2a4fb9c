"""The agents of the centre, as they stand in a YAML file."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from voicebot.errors import Place, VoicebotError, did_you_mean

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
KEYS = ("name", "number", "queues", "languages")


@dataclass(frozen=True)
class Agent:
    """One agent: the number that is rung (E.164), the queues they serve, the languages they speak (none: any)."""

    name: str
    number: str
    queues: tuple[str, ...]
    languages: tuple[str, ...] = ()

    def speaks(self, language: str) -> bool:
        """Whether a callee of this language (BCP-47 tag) can be given to them."""
        return not self.languages or language in self.languages


@dataclass(frozen=True)
class Roster:
    """All agents, in the order of the file."""

    agents: tuple[Agent, ...] = ()

    def named(self, name: str) -> Agent | None:
        """The agent of that name."""
        return next((agent for agent in self.agents if agent.name == name), None)


def read_roster(text: str, file: str) -> Roster:
    """The roster written in `text`, a list under `agents:`; an empty file is a roster of nobody.

    Raises VoicebotError with the file and line of the first fault.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise VoicebotError(Place(file, line), f"this is not YAML: {error.problem}.", "Mend the line.") from None
    if root is None:
        return Roster()
    entries = _Reader(file).entries(root)
    return Roster(_distinct(entries, file))


def _distinct(entries: list[tuple[Agent, int]], file: str) -> tuple[Agent, ...]:
    lines: dict[str, int] = {}
    for agent, line in entries:
        if agent.name in lines:
            problem = f'the agent "{agent.name}" already stands in line {lines[agent.name]}.'
            raise VoicebotError(Place(file, line), problem, "Give each agent a name of their own.")
        lines[agent.name] = line
    return tuple(agent for agent, _ in entries)


@dataclass(frozen=True)
class _Reader:
    """Reads nodes as text, so that a number without quotes keeps its plus sign, and faults name their line."""

    file: str

    def entries(self, root: yaml.Node) -> list[tuple[Agent, int]]:
        table = self._mapping(root)
        nodes = table.get("agents")
        if nodes is None or not isinstance(nodes, yaml.SequenceNode):
            raise self._fault(root, "there is no list of agents.", "Write `agents:` and a list below it.")
        return [(self._agent(node), node.start_mark.line + 1) for node in nodes.value]

    def _agent(self, node: yaml.Node) -> Agent:
        table = self._mapping(node)
        for key in table:
            if key not in KEYS:
                raise self._fault(
                    node, f'an agent has no "{key}".', did_you_mean(key, KEYS) or f"Use {', '.join(KEYS)}."
                )
        for key in ("name", "number", "queues"):
            if key not in table:
                raise self._fault(node, f'this agent has no "{key}".', f"Add a line `{key}:`.")
        number = self._text(table["number"])
        if not E164.fullmatch(number):
            raise self._fault(table["number"], f'"{number}" is not an international number.', 'Write "+12025550123".')
        languages = self._texts(table["languages"]) if "languages" in table else ()
        return Agent(self._text(table["name"]), number, self._texts(table["queues"]), languages)

    def _mapping(self, node: yaml.Node) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self._fault(node, "this should be a mapping.", "Write `key: value` lines.")
        return {self._text(key): value for key, value in node.value}

    def _texts(self, node: yaml.Node) -> tuple[str, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._text(entry) for entry in node.value)
        return (self._text(node),)

    def _text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self._fault(node, "this should be a word or a number.", "Write a plain value.")
        return str(node.value).strip()

    def _fault(self, node: yaml.Node, problem: str, remedy: str) -> VoicebotError:
        return VoicebotError(Place(self.file, node.start_mark.line + 1), problem, remedy)
