"""Goes through a tree once, without recursion, and knows at each node where it is."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.scripts.check.scopes import Scope, class_scope, function_scope, module_scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.scripts.check.scopes import Function


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules know beside the tree."""

    patterns: frozenset[str]
    checks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a node stands: its scope, what holds it, and whether it runs inside a function."""

    facts: Facts
    scope: Scope
    parent: ast.AST
    in_function: bool = False

    def dotted(self, node: ast.AST) -> str | None:
        """Spell what a chain of names stands for; None for the script's own."""
        return self.scope.dotted(node)

    def under(self, parent: ast.AST, scope: Scope | None = None, *, called: bool = False) -> Site:
        """Give the place of what a node holds."""
        inside = self.in_function or called
        return Site(self.facts, scope or self.scope, parent, in_function=inside)


def walk(module: ast.Module, facts: Facts) -> Iterator[tuple[ast.AST, Site]]:
    """Visit every node with its site."""
    todo: list[tuple[ast.AST, Site]] = [(module, Site(facts, module_scope(module), module))]
    while todo:
        node, site = todo.pop()
        yield node, site
        todo.extend(_held(node, site))


def _held(node: ast.AST, site: Site) -> Iterator[tuple[ast.AST, Site]]:
    here = site.under(node)
    early: set[ast.AST] = set()
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            early = _early(node)
            around = site.scope
            if isinstance(site.parent, ast.ClassDef) and around.around is not None:
                around = around.around
            there = site.under(node, function_scope(node, around), called=True)
        case ast.ClassDef():
            early = {*node.decorator_list, *node.bases, *node.keywords}
            there = site.under(node, class_scope(node, site.scope))
        case _:
            there = here
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.arguments):
            yield from (
                (part, here if part in early else there) for part in ast.iter_child_nodes(each)
            )
        else:
            yield each, here if each in early else there


def _early(node: Function) -> set[ast.AST]:
    """Give decorators and defaults: they run where the function is defined."""
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return {*decorators, *node.args.defaults, *(each for each in node.args.kw_defaults if each)}
