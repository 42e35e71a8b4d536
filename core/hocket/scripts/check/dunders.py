"""S14 and S20: special names that lead out of what a script is meant to see."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.scripts.check.walk import Site

_OPERATORS = (
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "matmul",
    "divmod",
    "and",
    "or",
    "xor",
    "lshift",
    "rshift",
)

DEFINED = frozenset(
    {
        "__init__",
        "__post_init__",
        "__eq__",
        "__hash__",
        "__repr__",
        "__str__",
        "__getitem__",
        "__setitem__",
        "__contains__",
        "__iter__",
        "__next__",
        "__call__",
        "__enter__",
        "__exit__",
        "__neg__",
        "__abs__",
        *(f"__{name}__" for name in _OPERATORS),
        *(f"__r{name}__" for name in _OPERATORS),
    }
)
"""Special methods that the sandbox calls; a test holds each against the real one."""

_FIELD = re.compile(r"\{[^{}]*?(__\w+__)[^{}]*\}")
_HINTS = {
    "__class__": "use isinstance(x, (A, B))",
    "__dict__": "use a dict",
    "__doc__": "write the text into a constant",
    "__name__": "use isinstance(x, (A, B)), or write the name as text",
}
_ASKING = ("getattr", "hasattr", "setattr", "delattr")


def is_dunder(name: str) -> bool:
    """Whether a name is one of Python's own, like `__class__`."""
    return len(name) > len("____") and name.startswith("__") and name.endswith("__")


def dunders(node: ast.AST, site: Site) -> Iterator[Breach]:
    """Look at attributes, names, and texts that are used as either."""
    match node:
        case ast.Attribute(attr=name):
            yield from _refused(node, name)
        case ast.Name(id=name, ctx=ast.Load()) if site.dotted(node) == name != "__import__":
            if name == "__name__":
                hint = "leave it out: the host calls main()"
                yield Breach(node, "S20", "__name__ has no meaning in a script", hint)
            else:
                yield from _refused(node, name)
        case ast.Call(func=ast.Name(id=name), args=[_, ast.Constant(value=str() as asked), *_]):
            if name in _ASKING:
                yield from _refused(node.args[1], asked)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map")):
            yield from _formats([value, *node.args[:1]] if _is_str(value) else [value])
        case _:
            return


def _formats(nodes: list[ast.expr]) -> Iterator[Breach]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for name in _FIELD.findall(node.value):
                yield from _refused(node, name)


def _is_str(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "str"


def _refused(node: ast.AST, name: str) -> Iterator[Breach]:
    if is_dunder(name) and name not in DEFINED:
        hint = _HINTS.get(name, "use the plain operator or function")
        yield Breach(node, "S14", f"{name} is not for scripts", hint)
