"""What a name stands for where it is used: an import, something of the script's own, or neither."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    Bindings = dict[str, str | None]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names bound in a module, class or function, and the scope around it."""

    names: Bindings
    around: Scope | None = None

    def origin(self, name: str) -> str | None:
        """Give the dotted name an import stands for, None for the script's own, else the name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.around
        return name

    def dotted(self, node: ast.AST) -> str | None:
        """Spell a chain of names (`dt.now`) as what it stands for (`datetime.datetime.now`)."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        origin = self.origin(node.id) if isinstance(node, ast.Name) else None
        return None if origin is None else ".".join([origin, *reversed(parts)])


def module_scope(module: ast.Module) -> Scope:
    """Give the scope of a whole script."""
    return Scope(_bindings(module.body))


def function_scope(node: Function, around: Scope) -> Scope:
    """Give the scope inside a function: its parameters and what it binds."""
    args = node.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
    return Scope(dict.fromkeys(a.arg for a in every if a) | _bindings(body), around)


def class_scope(node: ast.ClassDef, around: Scope) -> Scope:
    """Give the scope of a class body; the functions in it do not see it."""
    return Scope(_bindings(node.body), around)


def _bindings(nodes: list[ast.AST] | list[ast.stmt]) -> Bindings:
    plain: Bindings = {}
    imported: Bindings = {}
    for node in _inside(nodes):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imported |= _imports(node)
        else:
            plain |= _bound(node)
    return plain | imported


def _inside(nodes: list[ast.AST] | list[ast.stmt]) -> Iterator[ast.AST]:
    """Walk the nodes of one scope; what is nested is named, not entered."""
    todo: list[ast.AST] = [*nodes]
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))


def _imports(node: ast.Import | ast.ImportFrom) -> Bindings:
    if isinstance(node, ast.ImportFrom):
        home = "." * node.level + (node.module or "")
        return {each.asname or each.name: f"{home}.{each.name}" for each in node.names}
    return {
        each.asname or each.name.split(".")[0]: each.name
        if each.asname
        else each.name.split(".")[0]
        for each in node.names
    }


def _bound(node: ast.AST) -> Bindings:
    match node:
        case (
            ast.FunctionDef(name=str() as name)
            | ast.AsyncFunctionDef(name=str() as name)
            | ast.ClassDef(name=str() as name)
            | ast.Name(id=str() as name, ctx=ast.Store())
            | ast.ExceptHandler(name=str() as name)
            | ast.MatchAs(name=str() as name)
            | ast.MatchStar(name=str() as name)
            | ast.MatchMapping(rest=str() as name)
        ):
            return {name: None}
        case _:
            return {}
