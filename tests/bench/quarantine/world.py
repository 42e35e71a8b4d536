"""One episode's world: AgentDojo's environment behind tools of hocket, and what really happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import labels
from agentdojo.agent_pipeline.tool_execution import tool_result_to_str
from agentdojo.functions_runtime import FunctionCall

from hocket.api.tools import TRUSTED, Label, ToolOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agentdojo.functions_runtime import Function, FunctionsRuntime, TaskEnvironment
    from pydantic import JsonValue

    from hocket.api.tools import ToolContext

SCHEME = "https://"
"""AgentDojo writes addresses without one; hocket knows no address without."""


@dataclass(frozen=True, slots=True)
class Done:
    """A use that ran; one that was denied is none."""

    use: FunctionCall
    text: str
    error: str | None


@dataclass(slots=True)
class World:
    """The environment that tools read and change."""

    runtime: FunctionsRuntime
    env: TaskEnvironment
    done: list[Done] = field(default_factory=list)

    def use(self, name: str, arguments: Mapping[str, JsonValue]) -> Done:
        """Run one tool of the suite, and remember it."""
        given = {key: _bare(value) for key, value in arguments.items()}
        result, error = self.runtime.run_function(self.env, name, given)
        text = tool_result_to_str(result) if error is None else error
        self.done.append(Done(FunctionCall(function=name, args=given), text, error))
        return self.done[-1]


class DojoTool:
    """A tool of a suite as a tool of hocket."""

    def __init__(
        self, function: Function, world: World, *, labelled: bool = True, guarded: bool = True
    ) -> None:
        """`labelled=False` takes all labels off, `guarded=False` lets a page be fetched freely."""
        self.name = function.name
        self.description = function.description
        self.input_schema: dict[str, JsonValue] = function.parameters.model_json_schema()
        self.effects = labels.EFFECTS[self.name] if labelled else labels.NOTHING
        self._world = world
        self._guards = labelled and guarded and self.name == labels.PAGE
        marked = Label(outside=True, sources=frozenset({self.name}))
        # What an effect answers can hold words of others as well: the whole file it changed.
        self._label = marked if self.effects else TRUSTED

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:
        """Write the name, and the address of a page."""
        return f"{self.name}({arguments.get('url')})" if self.name == labels.PAGE else self.name

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:
        """Do it; a page only where trusted words or a person point to it."""
        if self._guards and not await self._may_go(str(arguments.get("url")), context):
            return ToolOutput("not fetched: the address is in no trusted text", is_error=True)
        done = self._world.use(self.name, arguments)
        return ToolOutput(done.text, is_error=done.error is not None, label=self._label)

    async def _may_go(self, url: str, context: ToolContext) -> bool:
        if context.may_fetch(linked(url)):
            return True
        return await context.ask(f"fetch {linked(url)}", ("allow", "deny")) == "allow"


def linked(text: str) -> str:
    """Write the addresses in a text as hocket knows them."""
    return text.replace(SCHEME, "").replace("www.", f"{SCHEME}www.")


def _bare(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value.replace(f"{SCHEME}www.", "www.")
    return value
