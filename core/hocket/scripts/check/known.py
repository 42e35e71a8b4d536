"""The names that a script could have meant: its own, those of the stub, and the built-in ones."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


@dataclass(frozen=True, slots=True)
class Known:
    """Functions with the names of their arguments, and all names that can be meant."""

    host: dict[str, list[str]]
    own: dict[str, list[str]]
    names: frozenset[str]


def known(script: ast.Module, stub: ast.Module) -> Known:
    """Collect the names of a script and of the stub of `hocket.script`."""
    host, own = _functions(stub.body), _functions(ast.walk(script))
    stored = {
        each.id
        for each in ast.walk(script)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    imported = {
        (each.asname or each.name).split(".")[0]
        for each in ast.walk(script)
        if isinstance(each, ast.alias)
    }
    return Known(host, own, BUILTINS.union(stored, imported, own, host))


def _functions(nodes: Iterable[ast.AST]) -> dict[str, list[str]]:
    return {
        each.name: [a.arg for a in (*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs)]
        for each in nodes
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
