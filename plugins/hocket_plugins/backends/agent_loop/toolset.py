"""Which tools a call gets."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api.messages import ToolSpec
from hocket.api.tools import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.calls import Options
    from hocket.api.tools import AgentType, Tool

AGENT = "Agent"
"""The tool that asks for another agent: part of no default set, it must be named."""


@dataclass(frozen=True, slots=True)
class Toolset:
    """The tools of one call, by name."""

    tools: Mapping[str, Tool]
    named: bool
    """Whether the script named them; else the call narrows itself once it read from outside."""
    default: bool = False
    """Whether nobody narrowed it: it is the default set."""
    unknown: tuple[str, ...] = ()
    """Names in `tools=` that no installed tool has."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the prompt."""
        return tuple(self.tools)

    @property
    def reads_outside(self) -> bool:
        """Whether any of them reads outside content."""
        return any(Effect.READ_OUTSIDE in tool.effects for tool in self.tools.values())


def toolset(
    options: Options,
    kind: AgentType | None,
    installed: Mapping[str, Tool],
    default: tuple[str, ...] | None,
) -> Toolset:
    """Take what the call names, else what its agent type names, else the default set."""
    named = options.tools is not None
    rules = options.tools
    if rules is None and kind is not None:
        rules = kind.tools
    is_default = rules is None
    if rules is None:
        rules = default if default is not None else tuple(set(installed) - {AGENT})
    wanted = [rule.partition("(")[0].strip() for rule in rules]
    without = {rule.partition("(")[0].strip() for rule in options.disallowed_tools}
    names = sorted(name for name in installed if _matches(name, wanted))
    kept = {name: installed[name] for name in names if not _matches(name, without)}
    unknown = [word for word in wanted if not any(fnmatchcase(name, word) for name in installed)]
    return Toolset(kept, named, is_default, tuple(unknown) if named else ())


def specs(tools: Iterable[Tool]) -> tuple[ToolSpec, ...]:
    """Describe tools as a model sees them."""
    return tuple(
        ToolSpec(name=tool.name, description=tool.description, input_schema=tool.input_schema)
        for tool in tools
    )


def _matches(name: str, words: Iterable[str]) -> bool:
    return any(fnmatchcase(name, word) for word in words)
