"""Reads a marketplace of plugins as other programs write it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from hocket.errors import PackageRefused
from hocket.registry.imports import entries
from hocket.registry.imports.naming import made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.registry.imports.entries import Entry

FILES = (
    ".claude-plugin/marketplace.json",
    ".github/plugin/marketplace.json",
    ".agents/plugins/marketplace.json",
    ".cursor-plugin/marketplace.json",
)
"""In the order in which they are looked for."""


@dataclass(frozen=True, slots=True)
class Marketplace:
    """What one file of a repository offers."""

    file: str
    name: str
    entries: tuple[Entry, ...]
    renames: Mapping[str, str] = field(default_factory=dict[str, str])


def find(files: Mapping[str, bytes], who: str) -> Marketplace | None:
    """Read the first that is there; raises PackageRefused for one that is no JSON."""
    for file in FILES:
        if file in files:
            return _read(files[file], file, who)
    return None


def _read(raw: bytes, file: str, who: str) -> Marketplace:
    try:
        told: object = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as cause:
        raise PackageRefused(who, [f"{file}: not JSON"], "manifest") from cause
    if not isinstance(told, dict):
        raise PackageRefused(who, [f"{file}: not an object"], "manifest")
    fields = cast("dict[str, object]", told)
    plugins = fields.get("plugins")
    if not isinstance(plugins, list):
        raise PackageRefused(who, [f"{file}: plugins: not a list"], "manifest")
    read = tuple(entries.read(one) for one in cast("list[object]", plugins))
    return Marketplace(file, made(str(fields.get("name", ""))), read, _renames(fields))


def _renames(fields: Mapping[str, object]) -> dict[str, str]:
    given = fields.get("renames")
    if not isinstance(given, dict):
        return {}
    pairs = cast("dict[str, object]", given).items()
    told = {made(old): made(new) if isinstance(new, str) else "" for old, new in pairs}
    return {old: new for old, new in told.items() if old and old != new}
