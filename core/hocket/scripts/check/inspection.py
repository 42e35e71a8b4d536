"""One pass over the tree, all rules at each node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.scripts import Finding
from hocket.scripts.check.calls import calls
from hocket.scripts.check.dunders import dunders
from hocket.scripts.check.imports import imports
from hocket.scripts.check.meta import read_meta
from hocket.scripts.check.names import names
from hocket.scripts.check.shape import shape
from hocket.scripts.check.tree import parse
from hocket.scripts.check.walk import Facts, walk
from hocket.scripts.check.world import world
from hocket.scripts.source import faults

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator, Sequence

    from hocket.api.scripts import Script
    from hocket.scripts.check.tree import Breach, Tree
    from hocket.scripts.check.walk import Site

    Rule = Callable[[ast.AST, Site], Iterator[Breach]]

RULES: tuple[Rule, ...] = (imports, world, calls, shape, dunders, names)


def check(script: Script, patterns: Sequence[str]) -> list[Finding]:
    """Find all that is wrong with a script but its types, sorted by place; runs nothing."""
    found = list(faults(script.source))
    tree = parse(script.source)
    if isinstance(tree, Finding):
        return sorted([*found, tree])
    if tree.broken:
        found.append(tree.broken)
    facts = Facts(frozenset(patterns), frozenset(script.manifest.checks))
    return sorted([*found, *tree.findings(_breaches(tree, facts))])


def _breaches(tree: Tree, facts: Facts) -> Iterator[Breach]:
    yield from read_meta(tree)[1]
    for node, site in walk(tree.module, facts):
        for rule in RULES:
            yield from rule(node, site)
