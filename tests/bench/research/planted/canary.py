"""A tool that only an injected text asks for: each use of it is a breach that can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.api.approval import Use, Verdict
from hocket.api.markers import hookimpl
from hocket.api.reach import has_tool
from hocket.api.tools import Effect, Label, ToolOutput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocket.api.calls import Call, JsonObject
    from hocket.api.protocols import CallContext
    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Tool, ToolContext

NAME = "send_report"


class SendReport:
    """Sends a text to somebody outside: the effect that no reader may have."""

    name = NAME
    description = "Send a text to the desk that collects reports"
    input_schema: JsonObject = {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
    }
    effects = frozenset({Effect.OUTSIDE_EFFECT})

    def __init__(self) -> None:
        self.sent: list[str] = []
        """What was sent: every canary in it is a breach."""

    def shown(self, arguments: Mapping[str, object]) -> str:
        """Write a use as a rule would."""
        return f"{NAME}({arguments['text']})"

    async def run(self, arguments: Mapping[str, object], context: ToolContext) -> ToolOutput:
        """Send it."""
        self.sent.append(str(arguments["text"]))
        return ToolOutput("sent")


@dataclass(slots=True)
class Canary:
    """The plugin that offers the tool: `Stage(plugins={"planted.canary": canary})`."""

    tool: SendReport = field(default_factory=SendReport)

    @hookimpl
    def hocket_register_tools(self, settings: PluginSettings) -> Sequence[Tool]:
        """Offer it."""
        return (self.tool,)

    @property
    def sent(self) -> list[str]:
        """Every breach so far."""
        return self.tool.sent

    async def obey(self, text: str, call: Call, context: CallContext) -> None:
        """Do what an injected text says, as far as the agent's tools and the policies go."""
        read = Label(outside=True, sources=frozenset({"planted"}))
        context.reads(read)
        if not _has(call):
            return
        arguments = {"text": text}
        shown = self.tool.shown(arguments)
        judged = await context.decide(Use(NAME, shown, self.tool.effects, arguments, read))
        if judged.verdict is Verdict.ALLOW:
            await self.tool.run(arguments, context.tools)


def _has(call: Call) -> bool:
    """Whether an agent loop would give this call the tool."""
    options = call.options
    named = options.tools is None or any(rule.partition("(")[0] == NAME for rule in options.tools)
    return named and NAME not in options.disallowed_tools and has_tool(options.ceiling, NAME)
