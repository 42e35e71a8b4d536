"""`meta` as a literal: evaluated from the tree, never run."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from pydantic import JsonValue

_WHAT: dict[type[ast.AST], str] = {
    ast.Attribute: "an attribute",
    ast.Await: "an await",
    ast.BinOp: "an operator",
    ast.BoolOp: "an operator",
    ast.Call: "a call",
    ast.Compare: "an operator",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.IfExp: "a condition",
    ast.JoinedStr: "an f-string",
    ast.Lambda: "a function",
    ast.ListComp: "a comprehension",
    ast.Name: "a name",
    ast.Set: "a set",
    ast.SetComp: "a comprehension",
    ast.Starred: "a spread",
    ast.Subscript: "a subscript",
    ast.Tuple: "a tuple",
    ast.UnaryOp: "an operator",
}
_BIGGEST = 1 << 1000  # less than infinity, and few enough digits to print
_PLAIN = "write plain text, numbers, True, False, None, lists and dicts"


@dataclass(slots=True)
class Literal:
    """Values read from a tree, where each one stands, and what is no literal."""

    nodes: dict[str, ast.AST] = field(default_factory=dict[str, ast.AST])
    breaches: list[Breach] = field(default_factory=list[Breach])
    failed: set[str] = field(default_factory=set[str])
    """The paths whose values could not be read: nothing else is said about them."""

    def read(self, node: ast.expr, path: str) -> JsonValue:
        """Give the value at a path; what is no literal becomes None and a breach."""
        self.nodes[path] = node
        match node:
            case ast.Dict():
                return self._object(node, path)
            case ast.List():
                return [self.read(each, f"{path}[{i}]") for i, each in enumerate(node.elts)]
            case ast.Constant():
                return self._constant(node, node.value, path)
            case ast.UnaryOp(
                op=ast.USub(), operand=ast.Constant(value=int() | float() as number)
            ) if not isinstance(number, bool):
                return self._constant(node, -number, path)
            case _:
                self._refuse(node, path, _WHAT.get(type(node), "code"))
                return None

    def _object(self, node: ast.Dict, path: str) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            match key:
                case ast.Constant(value=str() as name):
                    if name in found:
                        self._say(key, "S04", f"{path}.{name} is given twice")
                    self._constant(key, name, path)
                    found[name] = self.read(value, f"{path}.{name}")
                case None:
                    self._refuse(value, path, "a spread")
                case _:
                    self._refuse(key, path, "a key that is no text")
        return found

    def _constant(self, node: ast.expr, value: object, path: str) -> JsonValue:
        what = _fault(value)
        if what is None and (value is None or isinstance(value, (bool, int, float, str))):
            return value
        self._refuse(node, path, what or type(value).__name__)
        return None

    def _refuse(self, node: ast.AST, path: str, what: str) -> None:
        self.failed.add(path)
        self._say(node, "S03", f"{path} must be a literal; found {what}", _PLAIN)

    def _say(self, node: ast.AST, code: str, message: str, hint: str = "") -> None:
        self.breaches.append(Breach(node, code, message, hint))


def _fault(value: object) -> str | None:
    if isinstance(value, str) and any("\ud800" <= each <= "\udfff" for each in value):
        return "half a character (a lone surrogate)"
    if isinstance(value, (int, float)) and not abs(value) < _BIGGEST:
        return "a number out of range"
    return None
