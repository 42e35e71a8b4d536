"""What the tools that a call names can do: for what judges calls, and for what tells of them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api.tools import Conditional, Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.tools import Tool

SERVED = ("WebFetch", "WebSearch")
"""Tools that a model's service may run itself: they read from outside, installed or not."""
SERVERS = "mcp__"
"""How tools of MCP servers begin; the name of a server stands for all of its tools."""
OUTSIDE = frozenset({Effect.READ_OUTSIDE})
UNTRUSTED = OUTSIDE | {Effect.READ_PROJECT, Effect.EXECUTE}
"""In a project that nobody trusts, all that is in it comes from outside."""


def reading(*, is_trusted: bool) -> frozenset[Effect]:
    """Give the effects by which words from outside get to an agent."""
    return OUTSIDE if is_trusted else UNTRUSTED


def effects(tool: Tool) -> frozenset[Effect]:
    """Give what a tool does; where ours cannot work the service's own may, and reads the web."""
    lacks = tool.name in SERVED and isinstance(tool, Conditional) and tool.lacks() is not None
    return tool.effects | OUTSIDE if lacks else tool.effects


def behind(
    rules: Iterable[str], without: Iterable[str], installed: Mapping[str, frozenset[Effect]]
) -> dict[str, frozenset[Effect]]:
    """Give the tools behind rules with their effects, in the order of the rules.

    Of what is taken off only whole tools count: `Bash(rm:*)` takes off some uses of one.
    """
    known = {**dict.fromkeys(SERVED, OUTSIDE), **installed}
    off = [rule.strip() for rule in without]
    names = (name for rule in rules for name in sorted(known) if is_named(name, tool_of(rule)))
    return {name: known[name] for name in names if not any(is_named(name, word) for word in off)}


def tool_of(rule: str) -> str:
    """Give the tool that a rule is about."""
    return rule.partition("(")[0].strip()


def is_named(name: str, word: str) -> bool:
    """Say whether a tool is meant by a name, a glob or a server's name."""
    of_server = word.startswith(SERVERS) and name.startswith(f"{word}__")
    return of_server or fnmatchcase(name, word)
