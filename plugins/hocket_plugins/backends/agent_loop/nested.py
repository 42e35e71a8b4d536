"""The tool by which an agent asks for another one, on the run's own caps and budget."""

from __future__ import annotations

import json
from dataclasses import replace
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


class AgentTool:
    """Spawns an agent that can do no more than the one who asks."""

    name = AGENT
    description = (
        "Give a part of the task to another agent and get its final text. It knows nothing of your"
        " conversation: say everything it needs."
    )
    input_schema: JsonObject = {
        "type": "object",
        "properties": {
            "prompt": {"type": "string", "description": "The whole task."},
            "agent_type": {"type": "string", "description": "The kind of agent; optional."},
        },
        "required": ["prompt"],
        "additionalProperties": False,
    }
    effects: frozenset[Effect] = frozenset()

    def __init__(
        self,
        call: Call,
        context: CallContext,
        types: Mapping[str, AgentType],
        installed: Mapping[str, Tool],
    ) -> None:
        self._call = call
        self._context = context
        self._types = types
        self._installed = installed
        self.own: Toolset | None = None
        """What the asking agent has; set once it is known."""
        self.label: Callable[[], Label] = Label
        """What the asking agent has read."""

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
        options, tools = self._options(self._types[str(kind)] if kind is not None else None)
        outcome = await self._context.spawn(prompt, options, label=prompt[:LABEL])
        outside = tools.reads_outside or self.label().outside
        sources = frozenset({AGENT}) if outside else frozenset[str]()
        return _told(outcome, self.label() | Label(outside, sources))

    def _options(self, kind: AgentType | None) -> tuple[Options, Toolset]:
        """Narrow the new agent's tools to the asking one's; what that read makes it a reader."""
        own = self.own
        asked = replace(
            DEFAULTS,
            agent_type=kind.name if kind else None,
            disallowed_tools=self._call.options.disallowed_tools,
            untrusted=self.label().outside,
        )
        theirs = toolset(asked, kind, self._installed, None)
        if own is None or (not own.named and (kind is None or kind.tools is None)):
            return asked, theirs
        wanted = own.names if kind is None or kind.tools is None else theirs.names
        kept = tuple(name for name in wanted if name in own.tools and name != AGENT)
        narrowed = replace(asked, tools=_rules(kept, self._call))
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
