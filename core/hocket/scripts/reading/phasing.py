"""In which phase a script asks for agents, as far as its text says."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.scripts.reading.naming import QUIET, host_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    Asking = ast.Call | ast.Name

UNTOLD = ""
"""The phase of what may run in any."""
_FEW = 16
"""A function that works in more phases may as well work in any."""


@dataclass(slots=True)
class _Frame:
    """A function and the phase that was last named in it; None: that of its callers."""

    name: str
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class _Moment:
    """A place in a function's text."""

    frame: str
    phase: str | None


class Phasing:
    """Reads a script once, from top to bottom, without recursion: it may be nested deeply.

    A function that names no phase works in those of the places that name the function.
    """

    def __init__(self, module: ast.Module) -> None:
        self.names = host_names(module)
        self._asked: list[tuple[Asking, _Moment]] = []
        self._uses: dict[str, list[_Moment]] = defaultdict(list)
        self._known: set[ast.AST] = set()
        self._frames = {"": None}
        self._walk(module)
        self._phases = self._spread()

    def asked(self) -> Iterator[tuple[Asking, tuple[str, ...]]]:
        """Give each place that asks for agents, or hands on what does, with its phases."""
        for node, moment in self._asked:
            if moment.phase is not None:
                yield node, (moment.phase,)
            else:
                yield node, tuple(self._phases[moment.frame]) or (UNTOLD,)

    def host_name(self, node: Asking) -> str:
        """Give the host's own name of what a place asks."""
        return self.names[_callee(node)]

    def _walk(self, module: ast.Module) -> None:
        todo: list[tuple[ast.AST, _Frame]] = [(module, _Frame(""))]
        while todo:
            node, frame = todo.pop()
            self._see(node, frame)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                frame = _Frame(node.name)
                self._frames[node.name] = None
            todo.extend((each, frame) for each in reversed([*ast.iter_child_nodes(node)]))

    def _see(self, node: ast.AST, frame: _Frame) -> None:
        match node:
            case ast.Call(func=ast.Name(id=name)) if self.names.get(name) == "phase":
                frame.phase = _title(node)
            case ast.Call() | ast.Name() if self._asks(_callee(node)):
                if node not in self._known:
                    self._asked.append((node, _Moment(frame.name, frame.phase)))
                self._known.update(_named(node))
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                self._uses[name].append(_Moment(frame.name, frame.phase))
            case _:
                return

    def _asks(self, name: str) -> bool:
        return name in self.names and self.names[name] not in QUIET

    def _spread(self) -> dict[str, dict[str, None]]:
        """Carry the phases of callers into the functions that name none."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        passed: dict[str, list[str]] = defaultdict(list)
        todo = [(name, UNTOLD) for name in self._frames if name not in self._uses]
        for name, moments in self._uses.items():
            for moment in moments:
                if moment.phase is None:
                    passed[moment.frame].append(name)
                else:
                    todo.append((name, moment.phase))
        todo.reverse()
        while todo:
            name, phase = todo.pop()
            phase = phase if len(found[name]) < _FEW else UNTOLD
            if name in self._frames and phase not in found[name]:
                found[name][phase] = None
                todo.extend((each, phase) for each in passed[name])
        return found


def _named(node: Asking) -> list[ast.expr]:
    """Give the names in a place that are no places of their own: of what it calls or binds."""
    parts = [node.func, *node.args[:1]] if isinstance(node, ast.Call) else []
    return [part for part in parts if isinstance(part, ast.Name)]


def _callee(node: ast.AST) -> str:
    """Give the name of what a place asks; of `partial(agent, …)` that is `agent`."""
    match node:
        case ast.Call(
            func=ast.Name(id="partial") | ast.Attribute(attr="partial"),
            args=[ast.Name(id=name), *_],
        ):
            return name
        case ast.Call(func=ast.Name(id=name)) | ast.Name(id=name):
            return name
        case _:
            return ""


def _title(call: ast.Call) -> str:
    match call.args:
        case [ast.Constant(value=str() as title)]:
            return title
        case _:
            return UNTOLD
