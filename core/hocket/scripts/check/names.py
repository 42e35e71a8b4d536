"""S15, and uses of built-ins and library functions that the sandbox refuses at run time only."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from hocket.scripts.check.allowed import OUTSIDE
from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.scripts.check.walk import Site

_CODE = "a script does not make code; use if, match or a dict of functions"
_NAMES = "keep what you need in a dict"
_METHODS = "write a plain method, or a function outside the class"
_RETURN = "return from main()"

_DATACLASS = {"eq", "frozen", "init", "repr"}

FORBIDDEN = {
    "__import__": "write the import out",
    "breakpoint": "use log()",
    "compile": _CODE,
    "dir": _NAMES,
    "eval": _CODE,
    "exec": _CODE,
    "exit": _RETURN,
    "globals": _NAMES,
    "input": "use await ask(question), or args",
    "locals": _NAMES,
    "open": OUTSIDE,
    "property": _METHODS,
    "quit": _RETURN,
    "vars": _NAMES,
}


def names(node: ast.AST, site: Site) -> Iterator[Breach]:
    """Look at built-ins the script does not define anew, and at calls of a few others."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in FORBIDDEN:
            if site.dotted(node) == name and not _is_decorator(node, site.parent):
                yield Breach(node, "S15", f"{name} is not available", FORBIDDEN[name])
        case ast.Call():
            yield from _call(node, site.dotted(node.func))
        case _:
            return


def _is_decorator(node: ast.AST, parent: ast.AST) -> bool:
    return node in getattr(parent, "decorator_list", ())


def _call(call: ast.Call, dotted: str | None) -> Iterator[Breach]:
    given = {each.arg for each in call.keywords}
    if dotted in ("json.dumps", "json.dump") and "default" in given:
        message = f"{dotted}(default=) is not available"
        yield Breach(call, "S05", message, "make it plain data first")
    elif dotted == "object":
        yield Breach(call, "S15", "object() is not available", "use a text or None as the mark")
    elif dotted == "re.sub" and any(isinstance(each, ast.Lambda) for each in call.args[1:2]):
        message = "re.sub() with a function is not available"
        yield Breach(call, "S05", message, "use re.finditer and join")
    elif dotted == "dataclasses.dataclass" and given - _DATACLASS:
        message = f"dataclass({min(map(str, given - _DATACLASS))}=) is not available"
        yield Breach(call, "S05", message, "leave it out")
