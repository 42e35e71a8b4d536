"""The tool by which an agent asks for another one, on the run's own caps and budget."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket.api.calls import DEFAULTS, EndState
from hocket.api.tools import Label, ToolOutput
from hocket_plugins.backends.agent_loop.toolset import AGENT, toolset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from hocket.api.calls import Call, JsonObject, Options, Outcome
    from hocket.api.protocols import CallContext
    from hocket.api.tools import AgentType, Effect, Tool, ToolContext
    from hocket_plugins.backends.agent_loop.toolset import Toolset

LABEL = 60
SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string", "description": "The whole task."},
        "agent_type": {"type": "string", "description": "The kind of agent; optional."},
    },
    "required": ["prompt"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Asking:
    """The call in whose name agents are asked for."""

    call: Call
    context: CallContext
    tools: Toolset
    label: Callable[[], Label]
    """What it has read so far."""
    rest: Callable[[], None]
    """Lets go of the money it needs for no turn as long as the other one works."""


class AgentTool:
    """Spawns an agent that can do no more than the one who asks."""

    name = AGENT
    description = (
        "Give a part of the task to another agent and get its final text. It knows nothing of your"
        " conversation: say everything it needs."
    )
    effects: frozenset[Effect] = frozenset()

    def __init__(
        self,
        types: Mapping[str, AgentType],
        installed: Mapping[str, Tool],
        asking: Asking | None = None,
    ) -> None:
        self.input_schema = SCHEMA
        self._types = types
        self._installed = installed
        self._asking = asking

    def asked_by(self, asking: Asking) -> AgentTool:
        """Give the tool as one call uses it."""
        return AgentTool(self._types, self._installed, asking)

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write the use as `Agent(explore)`."""
        return f"{AGENT}({arguments.get('agent_type') or '*'})"

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:  # noqa: ARG002
        """Spawn it, and give its answer with the label of all it may have read."""
        prompt, kind = arguments.get("prompt"), arguments.get("agent_type")
        if not isinstance(prompt, str) or not prompt.strip():
            return ToolOutput("'prompt' must be a text.", is_error=True)
        if kind is not None and kind not in self._types:
            known = ", ".join(sorted(self._types)) or "none"
            return ToolOutput(f"There is no agent type {kind!r}; known: {known}.", is_error=True)
        asking = self._asking
        if asking is None:
            return ToolOutput("Nobody is there to ask for an agent.", is_error=True)
        options, tools = self._options(asking, self._types[str(kind)] if kind is not None else None)
        asking.rest()
        outcome = await asking.context.spawn(prompt, options, label=prompt[:LABEL])
        read = asking.label()
        outside = tools.reads_outside or read.outside
        sources = frozenset({AGENT}) if outside else frozenset[str]()
        return _told(outcome, read | outcome.label | Label(outside, sources))

    def _options(self, asking: Asking, kind: AgentType | None) -> tuple[Options, Toolset]:
        """Narrow the new agent's tools to the asking one's; what that read makes it a reader."""
        own, call = asking.tools, asking.call
        asked = replace(
            DEFAULTS,
            agent_type=kind.name if kind else None,
            disallowed_tools=call.options.disallowed_tools,
            untrusted=asking.label().outside,
        )
        theirs = toolset(asked, kind, self._installed, None)
        if own.default and (kind is None or kind.tools is None):
            return asked, theirs
        every = (*theirs.names, *theirs.missing)
        wanted = own.names if kind is None or kind.tools is None else every
        kept = tuple(name for name in wanted if name in own.names and name != AGENT)
        narrowed = replace(asked, tools=_rules(kept, call))
        return narrowed, toolset(narrowed, kind, self._installed, None)


def _rules(names: tuple[str, ...], call: Call) -> tuple[str, ...]:
    """Hand on the rules of the asking call, since `Bash(npm test:*)` is less than `Bash`."""
    given = call.options.tools or ()
    narrow = [rule for rule in given if rule.partition("(")[0].strip() in names]
    spoken = {rule.partition("(")[0].strip() for rule in narrow}
    return (*narrow, *(name for name in names if name not in spoken))


def _told(outcome: Outcome, label: Label) -> ToolOutput:
    if outcome.state in {EndState.OK, EndState.CACHED}:
        return ToolOutput(_text(outcome.value), label=label)
    words = f"The agent ended {outcome.state}: {outcome.cause or 'no cause known'}."
    if outcome.partial:
        words += f"\nWhat it had: {_text(outcome.partial)}"
    return ToolOutput(words, is_error=True, label=label)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
