"""A script as CPython parses it, with places a person can go to."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.api.scripts import Finding
from hocket.scripts.parsing import parsed

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Breach:
    """What a rule found at a node; it becomes a finding when the place is known."""

    node: ast.AST
    code: str
    message: str
    hint: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """The syntax tree of a script and its lines."""

    module: ast.Module
    lines: tuple[str, ...]
    broken: Finding | None = None
    """What CPython refuses although it has a tree: `return` at module level and the like."""

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Give line and column, both from 1, the column in characters; 1:1 for the module."""
        line: int = getattr(node, "lineno", 1)
        offset: int = getattr(node, "col_offset", 0)
        return line, self._column(line, offset) + 1

    def span(self, node: ast.stmt) -> tuple[int, int]:
        """Give the offsets in the text at which a statement begins and ends."""
        line, column = self.place(node)
        last = node.end_lineno or line
        end = self._column(last, node.end_col_offset or 0)
        return self._offset(line) + column - 1, self._offset(last) + end

    def _column(self, line: int, offset: int) -> int:
        return len(self.lines[line - 1].encode()[:offset].decode())

    def _offset(self, line: int) -> int:
        return sum(len(each) + 1 for each in self.lines[: line - 1])

    def findings(self, breaches: Iterable[Breach]) -> list[Finding]:
        """Say where each breach is, sorted by place, none of them twice."""
        return sorted(
            {
                Finding(*self.place(each.node), each.code, each.message, each.hint, each.warning)
                for each in breaches
            }
        )


def parse(text: str) -> Tree | Finding:
    """Parse a normalised text; what cannot be parsed is a finding, never an exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a script's `"\d"` is not ours to warn about
        try:
            module = parsed(text)
        except SyntaxError as error:
            return _unreadable(error)
        except (MemoryError, RecursionError, ValueError) as error:
            return _too_much(error)
        return Tree(module, tuple(text.split("\n")), _compiled(module))


def _compiled(module: ast.Module) -> Finding | None:
    try:
        compile(module, "script", "exec", dont_inherit=True)
    except SyntaxError as error:
        return _unreadable(error)
    except (MemoryError, RecursionError, ValueError) as error:
        return _too_much(error)
    return None


def _unreadable(error: SyntaxError) -> Finding:
    message = error.msg.split("; use sys.")[0]  # advice about huge integers that no script can take
    return Finding(error.lineno or 1, max(error.offset or 1, 1), "S01", message)


def _too_much(error: Exception) -> Finding:
    if isinstance(error, ValueError):
        return Finding(1, 1, "S01", f"not Python text: {error}")
    return Finding(1, 1, "S01", "nested too deeply to be read", "name the parts of it")
