"""Where the files of a package come from, as far as consent is bound to it: the host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.errors import StructureError
from hocket.registry.locks.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocket.registry.installing.plan import Plan
    from hocket.registry.locks.lock import Lock, Registry

LOCAL = "local"
"""Stands for folders of this machine."""
INDEX = "index"
"""Stands for the index of Python packages that the person's own pip uses."""
_ADDRESS = re.compile(r"(?:git\+)?[a-z+]+://(?:[^/@]*@)?(\[[^]]*\]|[^/:#?]+)(:[0-9]+)?", re.ASCII)


def host(reference: str, url: str = "") -> str:
    """Give the host of a source as the lock writes it; a path lies where its registry does."""
    if reference.startswith("requirement:"):
        return INDEX
    if reference.startswith("plugin:"):
        return reference.removeprefix("plugin:").partition(":")[0]
    if reference.startswith("path:") and url:
        return host(url)
    found = _ADDRESS.match(reference)
    return f"{found[1].lower()}{found[2] or ''}" if found else LOCAL


def locked_before(plan: Plan) -> Lock | None:
    """Read the lock that was there; one that cannot be read vouches for nothing."""
    try:
        return read(plan.lock_before) if plan.lock_before is not None else None
    except StructureError:
        return None


def urls(registries: Iterable[Registry]) -> dict[str, str]:
    """Give the addresses by local name."""
    return {one.name: one.url for one in registries}
