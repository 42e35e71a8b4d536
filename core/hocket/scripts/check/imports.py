"""S05: imports that a script may not have."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from hocket.scripts.check.allowed import HOST, INSTEAD, instead, may_import
from hocket.scripts.check.nearest import suggest
from hocket.scripts.check.tree import Breach
from hocket.scripts.prelude import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.scripts.check.walk import Site

_STAR = "import * hides which names the script uses"
_FROM_HOST = INSTEAD["hocket"]


def imports(node: ast.AST, site: Site) -> Iterator[Breach]:
    """Hold imports against the list of 5.3 and the names of `hocket.script`."""
    match node:
        case ast.Import():
            for each in node.names:
                yield from _module(each)
        case ast.ImportFrom(module=module, level=0) if module == HOST:
            yield from _host_names(node, site)
        case ast.ImportFrom():
            home = "." * node.level + (node.module or "")
            for each in node.names:
                yield from _name(each, home)
        case _:
            return


def _module(alias: ast.alias) -> Iterator[Breach]:
    if not may_import(alias.name):
        yield _refused(alias, alias.name)


def _host_names(node: ast.ImportFrom, site: Site) -> Iterator[Breach]:
    if not isinstance(site.parent, ast.Module):
        yield Breach(node, "S05", f"the import from {HOST} is not at module level", _FROM_HOST)
    known = site.facts.patterns.union(NAMES)
    for each in node.names:
        if each.name == "*":
            yield Breach(each, "S12", _STAR, _FROM_HOST)
        elif each.name not in known:
            message = f"{HOST} has no '{each.name}'"
            yield Breach(each, "S05", message, suggest(each.name, known))


def _name(alias: ast.alias, home: str) -> Iterator[Breach]:
    if alias.name == "*":
        yield Breach(alias, "S12", _STAR, "name what you use")
    if not may_import(home):
        yield _refused(alias, home if home.strip(".") else home + alias.name)
    elif alias.name != "*" and not may_import(home, alias.name):
        yield _refused(alias, f"{home}.{alias.name}")


def _refused(node: ast.AST, dotted: str) -> Breach:
    return Breach(node, "S05", f"import of '{dotted}' is not allowed", instead(dotted))
