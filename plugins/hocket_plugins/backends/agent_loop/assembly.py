"""What a conversation begins with: the prefix that siblings share, byte for byte."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from hocket.api.messages import CachePlan
from hocket_plugins.backends.agent_loop import answer, frame, weights
from hocket_plugins.backends.agent_loop.toolset import specs

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.api.messages import AnswerMode, ToolSpec
    from hocket_plugins.backends.agent_loop.kinds import Base, Kind
    from hocket_plugins.backends.agent_loop.routing import Chosen

SERVED_WEIGHT = 4_000
"""What a service may say to the model about a tool of its own."""
BYTES_PER_TOKEN = 4
"""Good enough to see whether a prefix is worth keeping; money is never counted with it."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """Tools and system text of a call, and the digest by which siblings wait for each other."""

    system: tuple[str, ...]
    tools: tuple[ToolSpec, ...]
    digest: str
    """Empty where the provider keeps nothing of it."""
    weight: int
    answer: AnswerMode | None
    cache: CachePlan | None


class Assembly:
    """Builds each prefix once; knows how many schemas are asked for over one of them."""

    def __init__(self, memory: tuple[str, ...]) -> None:
        self._memory = memory
        self._prefixes: dict[tuple[Base, str, bool, tuple[str, ...]], Prefix] = {}
        self._weights: dict[Base, int] = {}
        self._schemas: defaultdict[Base, set[str]] = defaultdict(set)
        self._digests: dict[int, tuple[JsonObject, str]] = {}

    def announce(self, kind: Kind, schema: JsonObject) -> None:
        """Note that a call of this kind with this schema is on its way."""
        self._schemas[kind.base].add(self.schema_digest(schema))

    async def prefix(
        self, chosen: Chosen, kind: Kind, schema: JsonObject | None, mode: str | None = None
    ) -> Prefix:
        """Give the prefix of a call; equal calls get the very same one.

        `mode` is how the answer was asked for when the call began, if it goes on.
        """
        crowded = mode == "generic" if mode else self._is_crowded(kind, chosen)
        crowded = crowded and schema is not None
        digest = self.schema_digest(schema) if schema is not None else ""
        key = (kind.base, digest, crowded, chosen.capabilities.answers)
        if key not in self._prefixes:
            asked = None
            if schema is not None:
                has_tools = bool(kind.tools.names)
                asked = await answer.mode(schema, chosen, has_tools=has_tools, crowded=crowded)
            self._prefixes[key] = self._built(chosen, kind, asked)
        return self._prefixes[key]

    def weight(self, kind: Kind, schema: JsonObject | None) -> int:
        """Weigh a prefix before its model is known: the heaviest of all modes."""
        if kind.base not in self._weights:
            system = frame.system(kind.instructions, self._memory, by_tool=True)
            tools = specs(kind.tools.tools.values())
            self._weights[kind.base] = _weight(system, tools) + 4 * weights.AROUND
        shape = 0 if schema is None else 2 * len(json.dumps(schema, ensure_ascii=False).encode())
        return self._weights[kind.base] + shape

    def schema_digest(self, schema: JsonObject) -> str:
        """Digest a schema; the same object is digested once, since siblings share it."""
        known = self._digests.get(id(schema))
        if known is None or known[0] is not schema:
            known = self._digests[id(schema)] = (schema, _digest(schema))
        return known[1]

    def _built(self, chosen: Chosen, kind: Kind, asked: AnswerMode | None) -> Prefix:
        own = answer.tool(asked)
        system = frame.system(kind.instructions, self._memory, by_tool=bool(own))
        described = (*specs(kind.tools.tools.values()), *own)
        weight = _weight(system, described) + len(kind.tools.served) * SERVED_WEIGHT
        keeps = chosen.capabilities.prefix_cache != "none"
        worth = keeps and weight // BYTES_PER_TOKEN >= chosen.capabilities.prefix_minimum
        shape = asked.shape if asked and asked.kind in {"grammar", "tool"} else None
        tools = [tool.model_dump() for tool in described]
        shared = [chosen.lane, chosen.model, system, tools, kind.tools.served]
        # What is kept of a single turn is paid for and never read.
        cache = CachePlan(turns=bool(described or kind.tools.served)) if keeps else None
        digest = _digest([*shared, shape]) if worth else ""
        return Prefix(system, described, digest, weight, asked, cache)

    def _is_crowded(self, kind: Kind, chosen: Chosen) -> bool:
        if len(self._schemas[kind.base]) <= answer.MOST_SCHEMAS:
            return False
        tokens = self.weight(kind, None) // BYTES_PER_TOKEN
        capabilities = chosen.capabilities
        return capabilities.prefix_cache != "none" and tokens >= capabilities.prefix_minimum


def _weight(system: tuple[str, ...], tools: tuple[ToolSpec, ...]) -> int:
    return sum(weights.of_text(part) for part in system) + weights.of_tools(tools)


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
