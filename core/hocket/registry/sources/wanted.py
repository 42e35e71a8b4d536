"""Which files of a registry are served: those of its index, or those that an import reads."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from hocket.registry.indexes.index import FILE
from hocket.registry.sources.failing import refused
from hocket.registry.trees.intake import MIB, MOST_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_DEPTH = 3
MOST_DEPTH_OF_AN_IMPORT = 8
MOST_SERVED = 10_000
MOST_SERVED_BYTES = 64 * MIB
_MANIFESTS = frozenset(("marketplace.json", "plugin.json", "hooks.json", ".mcp.json", ".lsp.json"))
_SKILLS = frozenset(("SKILL.md", "skill.md"))
_FOLDERS = {"workflows": ".js", "agents": ".md", "commands": ".md"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A regular file that is there; its bytes are read only if they are wanted."""

    path: str
    size: int
    read: Callable[[], bytes]


def served(who: str, offers: Callable[[], Iterable[Offer]]) -> dict[str, bytes]:
    """Take what is served; raises PackageRefused where that is too much."""
    index = _index(who, offers())
    if index is None:
        return _taken(who, offers(), is_for_import, MIB)
    keys = _signers(index)
    return _taken(who, offers(), lambda path: path in keys or is_of_index(path), MOST_FILE_BYTES)


def is_of_index(path: str) -> bool:
    """Whether a file may belong to an index."""
    parts = PurePosixPath(path)
    is_named = parts.name == "allowed_signers" or parts.suffix in {".toml", ".sig", ".krl"}
    return is_named and len(parts.parts) <= MOST_DEPTH


def is_for_import(path: str) -> bool:
    """Whether a file of a foreign repository says what it offers."""
    parts = PurePosixPath(path)
    above = parts.parts[:-1]
    if len(above) >= MOST_DEPTH_OF_AN_IMPORT:
        return False
    return parts.name in _MANIFESTS | _SKILLS or any(
        folder in above and parts.suffix == ending for folder, ending in _FOLDERS.items()
    )


def _index(who: str, offers: Iterable[Offer]) -> bytes | None:
    for one in offers:
        if one.path == FILE:
            if one.size > MOST_FILE_BYTES:
                raise refused(who, f"{FILE} has {one.size:,} bytes, {MOST_FILE_BYTES:,} allowed")
            return one.read()
    return None


def _taken(
    who: str, offers: Iterable[Offer], is_wanted: Callable[[str], bool], most: int
) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    size = 0
    for one in offers:
        if one.size > most or not one.path.isprintable() or not is_wanted(one.path):
            continue
        size += one.size
        if len(found) == MOST_SERVED or size > MOST_SERVED_BYTES:
            limits = f"{MOST_SERVED:,} files and {MOST_SERVED_BYTES // MIB} MiB"
            raise refused(who, f"an index of more than {limits}")
        found[one.path] = one.read()
    return dict(sorted(found.items()))


def _signers(index: bytes) -> frozenset[str]:
    """Find the files of keys that an index names; what is wrong with it is said by its reader."""
    with suppress(ValueError, RecursionError):
        trust = tomllib.loads(index.decode()).get("trust")
        named = cast("dict[str, object]", trust).get("signers") if isinstance(trust, dict) else None
        if isinstance(named, str):
            beside = PurePosixPath(named).with_name("revoked.krl") if named else named
            return frozenset((named, f"{named}.sig", str(beside)))
    return frozenset()
