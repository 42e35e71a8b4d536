"""Which tools a call gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api.messages import ToolSpec
from hocket.api.reach import has_tool
from hocket.api.tools import ACTING, Conditional, Effect
from hocket_plugins.backends.agent_loop.served import SERVED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.calls import Options
    from hocket.api.tools import AgentType, Tool

AGENT = "Agent"
"""The tool that asks for another agent: part of no default set, it must be named."""
SERVERS = "mcp__"
"""How the tools of MCP servers begin: a full set of them would fill a prompt."""


@dataclass(frozen=True, slots=True)
class Toolset:
    """The tools of one call, by name."""

    tools: Mapping[str, Tool]
    named: bool
    """Whether the script named them; else the call narrows itself once it read from outside."""
    default: bool = False
    """Whether nobody narrowed it: it is the default set."""
    missing: Mapping[str, str] = field(default_factory=dict[str, str])
    """Tools that were asked for by name and cannot work: what they lack, empty if not installed."""
    served: tuple[str, ...] = ()
    """Those of the missing ones that the model's service runs itself."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the prompt."""
        return (*self.tools, *self.served)

    @property
    def acts(self) -> bool:
        """Whether the script named one that has effects: then its agent reads nothing outside."""
        return self.named and any(tool.effects & ACTING for tool in self.tools.values())

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names in `tools=` that no installed tool has."""
        return tuple(name for name, lacks in self.missing.items() if self.named and not lacks)

    @property
    def reads_outside(self) -> bool:
        """Whether any of them reads outside content, or the service may do it for one."""
        if any(name in self.missing for name in SERVED):
            return True
        return any(Effect.READ_OUTSIDE in tool.effects for tool in self.tools.values())


def toolset(
    options: Options,
    kind: AgentType | None,
    installed: Mapping[str, Tool],
    default: tuple[str, ...] | None,
) -> Toolset:
    """Take what the call names, else what its agent type names, else the default set.

    A tool that lacks something is left out, and so is what a bundle did not declare.
    """
    rules = options.tools
    if rules is None and kind is not None:
        rules = kind.tools
    is_default = rules is None
    if rules is None:
        rules = default if default is not None else _usual(installed)
    wanted = [rule.partition("(")[0].strip() for rule in rules]
    without = {rule.partition("(")[0].strip() for rule in options.disallowed_tools}
    names = sorted(name for name in installed if _matches(name, wanted))
    names = [name for name in names if has_tool(options.ceiling, name)]
    kept = {name: installed[name] for name in names if not _matches(name, without)}
    lacking = {name: lacks for name, tool in kept.items() if (lacks := _lacks(tool))}
    missing = {} if is_default else {word: lacking[word] for word in wanted if word in lacking}
    if not is_default:
        declared = [word for word in wanted if has_tool(options.ceiling, word)]
        strange = [word for word in declared if not any(fnmatchcase(n, word) for n in installed)]
        missing |= {word: "" for word in strange if word not in without}
    tools = {name: tool for name, tool in kept.items() if name not in lacking}
    return Toolset(tools, options.tools is not None, is_default, missing)


def specs(tools: Iterable[Tool]) -> tuple[ToolSpec, ...]:
    """Describe tools as a model sees them."""
    return tuple(
        ToolSpec(name=tool.name, description=tool.description, input_schema=tool.input_schema)
        for tool in tools
    )


def _usual(installed: Iterable[str]) -> tuple[str, ...]:
    """Leave out what must be named: agents of agents, and servers whose tools fill a prompt."""
    return tuple(name for name in installed if name != AGENT and not name.startswith(SERVERS))


def _lacks(tool: Tool) -> str:
    return (tool.lacks() or "") if isinstance(tool, Conditional) else ""


def _matches(name: str, words: Iterable[str]) -> bool:
    return any(fnmatchcase(name, word) for word in words)
