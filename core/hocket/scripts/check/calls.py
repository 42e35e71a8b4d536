"""S10, S12, S17, S18, S21: how a script calls the host and hands functions over."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from hocket.scripts.check.allowed import HOST
from hocket.scripts.check.nearest import suggest
from hocket.scripts.check.rights import rights
from hocket.scripts.check.tree import Breach
from hocket.scripts.prelude import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.scripts.check.walk import Site

MOST_STAGE_ARGUMENTS = 3

_VALUES = {"args", "budget", "AgentError"}
_AT_ONCE = {"phase", "log"}
_MAIN = "call it in main(), or in a function that main() calls"


def calls(node: ast.AST, site: Site) -> Iterator[Breach]:
    """Look at each call of a host function or a pattern."""
    match node:
        case ast.Call():
            name = _host_name(node.func, site)
            if name is not None and not site.in_function:
                yield Breach(node, "S12", f"{name}() is called at module level", _MAIN)
            yield from _check(node, site)
            yield from _functions(node, name)
            if name is not None:
                yield from rights(node, name)
        case ast.Expr(value=ast.Call() as call) if site.in_function:
            yield from _dropped(call, site)
        case _:
            return


def _host_name(node: ast.AST, site: Site) -> str | None:
    """Name the host function or pattern a node stands for."""
    home, _, name = (site.dotted(node) or "").rpartition(".")
    known = home == HOST and name in site.facts.patterns.union(NAMES) - _VALUES
    return name if known else None


def _check(call: ast.Call, site: Site) -> Iterator[Breach]:
    target = call.func
    if site.dotted(target) == "functools.partial" and call.args:
        target = call.args[0]
    if _host_name(target, site) is None:
        return
    for named in _checks_named(call):
        if named.value not in site.facts.checks:
            name = str(named.value)
            message = f"check '{name}' is not in meta.checks"
            hint = suggest(name, site.facts.checks) or 'add it: "checks": {"…": "command"}'
            yield Breach(named, "S10", message, hint)


def _checks_named(call: ast.Call) -> Iterator[ast.Constant]:
    """Give the names in `check=`, and those in `invariants=` of a pattern that takes names."""
    for each in call.keywords:
        if each.arg in ("check", "invariants"):
            for value in [each.value] if each.arg == "check" else _items(each.value):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value


def _functions(call: ast.Call, name: str | None) -> Iterator[Breach]:
    if name == "pipeline":
        for stage in call.args[1:]:
            if isinstance(stage, ast.Lambda):
                yield from _stage(stage)
    elif name == "parallel" and call.args:
        for thunk in _items(call.args[0]):
            if isinstance(thunk, ast.Lambda) and _required(thunk):
                message = "a function in parallel() is called without arguments"
                hint = "bind what it needs: lambda item=item: …"
                yield Breach(thunk, "S17", message, hint)


def _stage(stage: ast.Lambda) -> Iterator[Breach]:
    count = _required(stage)
    hint = "write lambda result, item, index: …; one or two of them do as well"
    if count > MOST_STAGE_ARGUMENTS or _needs_keywords(stage):
        message = "a stage of pipeline() gets result, item and index, and no more"
        yield Breach(stage, "S17", message, hint)
    elif count == 0 and stage.args.vararg is None:
        yield Breach(stage, "S17", "a stage of pipeline() takes the result before it", hint)


def _items(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return items
        case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item):
            return [item]
        case _:
            return []


def _required(function: ast.Lambda) -> int:
    args = function.args
    return len(args.posonlyargs) + len(args.args) - len(args.defaults) + _needs_keywords(function)


def _needs_keywords(function: ast.Lambda) -> bool:
    return None in function.args.kw_defaults


def _dropped(call: ast.Call, site: Site) -> Iterator[Breach]:
    name = _host_name(call.func, site)
    if name is not None and name not in _AT_ONCE:
        message = f"the result of {name}() is dropped: nothing waits for it"
        yield Breach(call, "S18", message, "write await before it", warning=True)
