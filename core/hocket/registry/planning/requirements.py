"""Reads the requirement lines of a plugin back out of the tree that its digest is over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.indexes.rows import Wheels
from hocket.registry.plugins.requirements import FILE

if TYPE_CHECKING:
    from hocket.api.protocols import Tree

_RUNS = re.compile(r"[-_.]+")
_LINE = re.compile(r"(?P<requirement>[^\s]+==[^\s]+(?: ; .+?)?)(?P<hashes>(?: --hash=[^\s]+)+)")


def wheels(kept: Tree, own: str) -> tuple[Wheels, ...]:
    """Give them, that of the plugin's own requirement first; raises Unfit."""
    name = _RUNS.sub("-", own.partition("==")[0]).lower()
    text = next((content for _kind, path, content in kept.entries if path == FILE), b"").decode()
    read = [_wheels(line) for line in text.splitlines()]
    return tuple(sorted(read, key=lambda one: not one.requirement.startswith(f"{name}==")))


def _wheels(line: str) -> Wheels:
    if not (found := _LINE.fullmatch(line)):
        raise Unfit(f"{quoted(line)} is no requirement with hashes")
    hashes = (word.removeprefix("--hash=") for word in found["hashes"].split())
    return Wheels(found["requirement"], tuple(hashes))
