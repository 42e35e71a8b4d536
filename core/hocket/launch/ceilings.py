"""The ceiling of a run: what its journal keeps of it, what a resume takes, what its card says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.api.ceiling import AGENTS, FLAGS, LISTS, Ceiling
from hocket.launch import bundles, locate
from hocket.registry.capabilities import table
from hocket.registry.capabilities.difference import allows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import JsonValue

    from hocket.api.scripts import Script
    from hocket.launch.project import Project

BUNDLE, CEILING = "bundle", "ceiling"
_DECLARED = "declared"
UNDECLARED = "its bundle declares nothing: each effect is asked, and nothing is done unattended"


def told(script: Script) -> dict[str, JsonValue]:
    """Write down what a script is held to; nothing for one that is of no bundle."""
    ceiling = script.ceiling
    if ceiling is None:
        return {}
    kept: dict[str, JsonValue] = {**ceiling.table(), _DECLARED: ceiling.is_declared}
    return {BUNDLE: script.bundle, CEILING: kept}


def resumed(project: Project, script: Script, before: Mapping[str, JsonValue]) -> Script:
    """Hold a script that goes on to what it was held to, and to what its bundle may do now.

    What cannot be read allows nothing. Raises like `bundles.bound`.
    """
    had = _read(before[CEILING]) if CEILING in before else None
    bound = bundles.bound(project, locate.file_of(project.root, script))
    ceiling = meet(had, meet(script.ceiling, bound.ceiling if bound else None))
    name = script.bundle or (bound.name if bound else "") or str(before.get(BUNDLE) or "")
    return script if ceiling is None else replace(script, ceiling=ceiling, bundle=name)


def meet(one: Ceiling | None, other: Ceiling | None) -> Ceiling | None:
    """Give what both allow; one that declares nothing stays so."""
    if one is None or other is None or one == other:
        return other if one is None else one
    if not (one.is_declared and other.is_declared):
        return replace(Ceiling(), is_declared=False)
    lists = {key: [*_common(one, other, key), *_common(other, one, key)] for key in LISTS}
    flags = {key: one.has(key) and other.has(key) for key in FLAGS}
    return table.read({**lists, **flags, AGENTS: min(one.agents, other.agents)}).ceiling


def rows(ceiling: Ceiling | None) -> Iterator[str]:
    """Write what a run may do at the most, a line for each kind."""
    if ceiling is None:
        return
    if not ceiling.is_declared:
        yield UNDECLARED
        return
    for key in LISTS:
        if items := ceiling.items(key):
            yield f"{key} {', '.join(items)}"
    if ceiling.reveal:
        yield "reveal: its script may see words from outside"
    closed = [key for key in LISTS if not ceiling.items(key)]
    if closed:
        yield f"no {', '.join(closed)}"


def _common(one: Ceiling, other: Ceiling, key: str) -> list[str]:
    return [item for item in one.items(key) if allows(other, f"{key}:{item}")]


def _read(kept: JsonValue) -> Ceiling:
    given = {**kept} if isinstance(kept, dict) else {}
    is_declared = given.pop(_DECLARED, False) is True
    read = table.read(given)
    return replace(Ceiling() if read.problems else read.ceiling, is_declared=is_declared)
