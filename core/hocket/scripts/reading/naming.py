"""The tools that a script's calls name, as far as that can be read without running it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from hocket.scripts.parsing import parsed

if TYPE_CHECKING:
    from hocket.api.scripts import Script

ASKING = frozenset({"agent", "attempt"})
QUIET = frozenset(
    {"AgentError", "args", "ask", "budget", "log", "parallel", "phase", "pipeline", "reveal"}
)
"""What a script imports and no agent comes of."""
_HOST = "hocket.script"

Named = tuple[str, ...] | None


def named(script: Script) -> Named:
    """Give the `tools=` of all calls together; None where some call may name none.

    A pattern or another workflow asks for agents of its own, so nobody can tell.
    """
    if script.language != "python":
        return None
    module = parsed(script.source)
    names = host_names(module)
    asking = {own for own, name in names.items() if name in ASKING}
    others = names.keys() - asking - {own for own, name in names.items() if name in QUIET}
    words = [node.id for node in ast.walk(module) if isinstance(node, ast.Name)]
    calls = [node for node in ast.walk(module) if _is_of(node, asking)]
    handed_on = sum(word in asking for word in words) - len(calls)
    if handed_on or not others.isdisjoint(words):
        return None
    found = [_tools(call) for call in calls if isinstance(call, ast.Call)]
    known = [tools for tools in found if tools is not None]
    if len(known) != len(found):
        return None
    return tuple(dict.fromkeys(tool for tools in known for tool in tools))


def host_names(module: ast.Module) -> dict[str, str]:
    """Give what a script imports from its host: its own names, each with the host's."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == _HOST
        for alias in node.names
    }


def literal(node: ast.AST) -> Named:
    """Read a list or tuple of texts; None for anything else."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            texts = [item.value for item in items if isinstance(item, ast.Constant)]
            words = tuple(text for text in texts if isinstance(text, str))
            return words if len(words) == len(items) else None
        case _:
            return None


def _is_of(node: ast.AST, names: set[str]) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in names
        case _:
            return False


def _tools(call: ast.Call) -> Named:
    given = [each.value for each in call.keywords if each.arg == "tools"]
    if len(given) != 1 or any(each.arg is None for each in call.keywords):
        return None
    return literal(given[0])
