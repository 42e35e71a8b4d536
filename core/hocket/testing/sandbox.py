"""A sandbox that is there on every machine and keeps nothing out: for checks in tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.tools import ToolOutput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.settings import PluginSettings
    from hocket.api.tools import Effect, Tool, ToolContext, Workspace


class OpenSandbox:
    """A tool, and the plugin that offers it: `Stage(plugins={"testing.sandbox": OpenSandbox()})`.

    Without a sandbox a check needs a person's rule; with this one it runs as it is, anywhere.
    """

    name = "OpenSandbox"
    description = "Puts nothing around a command."

    def __init__(self) -> None:
        self.input_schema: dict[str, JsonValue] = {"type": "object"}
        self.effects: frozenset[Effect] = frozenset()

    @hookimpl
    def hocket_register_tools(self, settings: PluginSettings) -> list[Tool]:  # noqa: ARG002
        """Offer it."""
        return [self]

    def shown(self, arguments: Mapping[str, JsonValue]) -> str:  # noqa: ARG002
        """Give its name."""
        return self.name

    async def run(self, arguments: Mapping[str, JsonValue], context: ToolContext) -> ToolOutput:  # noqa: ARG002
        """Do nothing: it is there for what it puts around others."""
        return ToolOutput("It runs nothing by itself.", is_error=True)

    def wrap(
        self,
        argv: tuple[str, ...],
        workspace: Workspace,  # noqa: ARG002
        *,
        network: bool,  # noqa: ARG002
    ) -> tuple[str, ...]:
        """Leave the command as it is."""
        return argv
