"""S05 to S08: clock, chance, the world outside, and parts of modules the sandbox does not have."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from hocket.scripts.check.allowed import MODULES, OUTSIDE, WORLD, instead, may_import
from hocket.scripts.check.tree import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.scripts.check.walk import Site

_CLOCK = ("a script has no clock", "pass the time in through args")
_WAIT = ("a script cannot wait", "await what you wait for")
_CHANCE = ("a script has no chance", "put an index into the prompt for variety")

_CLOCKS = {
    "asyncio.sleep": _WAIT,
    "time.sleep": _WAIT,
    "datetime.date.today": _CLOCK,
    "datetime.datetime.now": _CLOCK,
    "datetime.datetime.today": _CLOCK,
    "datetime.datetime.utcnow": _CLOCK,
    "time": _CLOCK,
}
_CHANCES = ("os.urandom", "random", "secrets", "uuid")
_ABSENT = ("re.VERBOSE", "re.X", "re.subn")


def world(node: ast.AST, site: Site) -> Iterator[Breach]:
    """Look at every chain of names once, at its outermost attribute."""
    if not isinstance(node, (ast.Attribute, ast.Name)) or isinstance(site.parent, ast.Attribute):
        return
    dotted = site.dotted(node)
    if dotted is None or (dotted == getattr(node, "id", None)):
        return
    called = isinstance(site.parent, ast.Call) and site.parent.func is node
    yield from _judge(node, dotted, f"{dotted}()" if called else dotted)


def _judge(node: ast.AST, dotted: str, shown: str) -> Iterator[Breach]:
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        if ".".join(parts[:end]) in _CLOCKS:
            why, hint = _CLOCKS[".".join(parts[:end])]
            yield Breach(node, "S06", f"{shown}: {why}", hint)
            return
    if parts[0] in _CHANCES or ".".join(parts[:2]) in _CHANCES:
        yield Breach(node, "S07", f"{shown}: {_CHANCE[0]}", _CHANCE[1])
    elif parts[0] in WORLD:
        why, _, hint = OUTSIDE.partition("; ")
        yield Breach(node, "S08", f"{shown}: {why}", hint)
    elif _lacks(parts):
        yield Breach(node, "S05", f"{shown} is not available", instead(".".join(parts[:2])))


def _lacks(parts: list[str]) -> bool:
    if parts[0] not in MODULES or parts[1:] == []:
        return False
    return ".".join(parts[:2]) in _ABSENT or not may_import(parts[0], parts[1])
