"""Make mechanical mutants of some lines: each changes one thing that a test should notice."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE,
    ast.GtE: ast.LtE, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SHIFTED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


def mutants(tree: ast.Module, lines: range, most: int) -> list[tuple[str, str]]:
    """Give names and sources of at most so many, of all kinds in turn, always the same ones."""
    kinds = (comparison, boundary, constant, removed, negated)
    rows = [[*_of_kind(tree, lines, kind)] for kind in kinds]
    longest = max(map(len, rows))
    turns = [row[turn] for turn in range(longest) for row in rows if turn < len(row)]
    return turns[:most]


def _of_kind(
    tree: ast.Module, lines: range, kind: Callable[[ast.AST], bool]
) -> Iterator[tuple[str, str]]:
    """Change one place after the other, each in a copy of its own."""
    original = ast.unparse(tree)
    for index, node in enumerate(ast.walk(tree)):
        line = getattr(node, "lineno", 0)
        if line not in lines:
            continue
        other = copy.deepcopy(tree)
        found = [*ast.walk(other)][index]
        if kind(found):
            text = ast.unparse(ast.fix_missing_locations(other))
            if text != original:
                yield f"line {line} {kind.__name__}", text


def comparison(node: ast.AST) -> bool:
    """Turn a comparison round."""
    return isinstance(node, ast.Compare) and _put(node, SWAPPED)


def boundary(node: ast.AST) -> bool:
    """Move the border of a comparison by one."""
    return isinstance(node, ast.Compare) and _put(node, SHIFTED)


def _put(node: ast.Compare, table: dict[type[ast.cmpop], type[ast.cmpop]]) -> bool:
    if type(node.ops[0]) not in table:
        return False
    node.ops[0] = table[type(node.ops[0])]()
    return True


def constant(node: ast.AST) -> bool:
    """Give another value to a constant."""
    if not isinstance(node, ast.Constant) or node.value is None or node.value is ...:
        return False
    if isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node.value, int | float):
        node.value = node.value + 1
    elif isinstance(node.value, str):
        node.value = node.value + "x"
    return True


def removed(node: ast.AST) -> bool:
    """Leave out a call, an error that is raised, or a value that is given back."""
    if isinstance(node, ast.Raise):
        node.exc, node.cause = ast.Name("NotImplementedError", ast.Load()), None
        return True
    is_call = isinstance(getattr(node, "value", None), ast.Call)
    statements = ast.Expr | ast.Assign | ast.AugAssign
    if (isinstance(node, statements) and is_call) or (isinstance(node, ast.Return) and node.value):
        node.value = ast.Constant(None)
        return True
    return False


def negated(node: ast.AST) -> bool:
    """Take the other way at a condition."""
    if not isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert):
        return False
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return True
