"""What makes calls siblings: the model they want, their agent type, and their tools."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket_plugins.backends.agent_loop.ends import failed, refused
from hocket_plugins.backends.agent_loop.served import SERVED
from hocket_plugins.backends.agent_loop.toolset import Toolset, toolset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.calls import Call
    from hocket.api.tools import AgentType, Tool
    from hocket_plugins.backends.agent_loop.routing import Chosen

    Base = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """All that siblings have in common, whatever their prompts and schemas."""

    wanted: str | None
    """The model as it was asked for."""
    agent_type: AgentType | None
    tools: Toolset

    @property
    def base(self) -> Base:
        """Name it."""
        name = self.agent_type.name if self.agent_type else ""
        return self.wanted or "", name, self.tools.names

    @property
    def instructions(self) -> str:
        """Give what agents of the type are told."""
        return self.agent_type.instructions if self.agent_type else ""

    def usable(self, chosen: Chosen) -> Kind:
        """Take the tools away where the model can use none; raises End where some were named."""
        if chosen.capabilities.tools or not self.tools.tools:
            return self
        if self.tools.named:
            raise failed(f"no_tools: {chosen.model} cannot use tools")
        return replace(self, tools=Toolset({}, named=False))


class Kinds:
    """Finds the kind of a call; the tools of equal calls are chosen once."""

    def __init__(
        self,
        types: Mapping[str, AgentType],
        installed: Mapping[str, Tool],
        default: tuple[str, ...] | None,
    ) -> None:
        self._types = types
        self._installed = installed
        self._default = default
        self._toolsets: dict[object, Toolset] = {}

    def of(self, call: Call) -> Kind:
        """Give the kind; an agent type that is not there counts as none."""
        options = call.options
        kind = self._types.get(options.agent_type) if options.agent_type else None
        key = (options.tools, options.disallowed_tools, options.agent_type, options.ceiling)
        if key not in self._toolsets:
            self._toolsets[key] = toolset(options, kind, self._installed, self._default)
        wanted = options.model or (kind.model if kind else None)
        return Kind(wanted, kind, self._toolsets[key])

    def checked(self, call: Call) -> Kind:
        """Give the kind of a call that is to run; raises End for tools that cannot be had.

        What a service may serve in their place is not decided yet.
        """
        kind = self.of(call)
        if not kind.tools.named:
            return kind
        unknown = [name for name in kind.tools.unknown if name not in SERVED]
        if unknown:
            known = ", ".join(sorted(self._installed))
            raise failed(f"unknown_tool: {', '.join(unknown)}; known: {known}")
        for name, lacks in kind.tools.missing.items():
            if name not in SERVED:
                raise refused(f"{name} cannot be used: {lacks}")
        return kind
