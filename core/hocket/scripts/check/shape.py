"""S11, S13, S16: statements and classes that the sandbox does not know."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from hocket.scripts.check.dunders import DEFINED, is_dunder
from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.scripts.check.walk import Site

_MAIN = "write async def main(): …; the host calls it"
_CONCURRENT = "use parallel, pipeline or asyncio.gather(*calls)"
_STATEMENTS: dict[str, tuple[str, str]] = {
    "AsyncFor": ("async for", _CONCURRENT),
    "AsyncWith": ("async with", _CONCURRENT),
    "Delete": ("del", "use d.pop(key, None), or let the name be"),
    "TryStar": ("except*", "use except"),
    "TypeAlias": ("type X = …", "leave it out"),
    "Yield": ("yield", "build a list and return it"),
    "YieldFrom": ("yield from", "build a list and return it"),
}
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")


def shape(node: ast.AST, site: Site) -> Iterator[Breach]:
    """Look at statements and definitions."""
    match node:
        case ast.Module():
            yield from _main(node)
        case ast.ClassDef():
            yield from _class(node)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            if isinstance(site.parent, ast.ClassDef):
                yield from _method(node)
        case ast.comprehension(is_async=1):
            yield Breach(node.target, "S13", "async for is not available", _CONCURRENT)
        case _:
            if type(node).__name__ in _STATEMENTS:
                what, hint = _STATEMENTS[type(node).__name__]
                yield Breach(node, "S13", f"{what} is not available", hint)


def _main(module: ast.Module) -> Iterator[Breach]:
    mains = [each for each in module.body if getattr(each, "name", None) == "main"]
    if not mains:
        yield Breach(module, "S11", "main() is missing", _MAIN)
    for each in mains[1:]:
        yield Breach(each, "S11", "main() is defined twice", _MAIN)
    for each in mains:
        if not isinstance(each, ast.AsyncFunctionDef):
            yield Breach(each, "S11", "main() is not async", _MAIN)
        elif any(ast.iter_child_nodes(each.args)):
            yield Breach(each, "S11", "main() has parameters; it is called without", _MAIN)


def _class(node: ast.ClassDef) -> Iterator[Breach]:
    for each in [*node.bases, *node.keywords][:1]:
        hint = 'write a plain class; raise RuntimeError("kind: text") for an error of your own'
        yield Breach(each, "S13", f"class {node.name} inherits", hint)


def _method(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Breach]:
    for each in node.decorator_list:
        message = f"the decorator of method {node.name}() is not available"
        yield Breach(each, "S13", message, "write a plain method, or a function outside the class")
    if is_dunder(node.name) and node.name not in DEFINED:
        hint = "sort with a key function" if node.name in _ORDER else "give it a plain name"
        yield Breach(node, "S16", f"the sandbox never calls {node.name}", hint)
