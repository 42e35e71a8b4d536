"""Whether the SDK is there, and its import, which takes half a second."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HINT = "pip install 'hocket[mcp]'"
_MAJOR = "2"


@cache
def missing() -> str | None:
    """Say what is missing, without importing anything."""
    return judged(version)


def judged(look: Callable[[str], str]) -> str | None:
    """Say what is missing by the versions of packages."""
    try:
        found = look("mcp")
    except PackageNotFoundError:
        return f"the package mcp is missing: {HINT}"
    if found.partition(".")[0] != _MAJOR:
        return f"the package mcp is there as {found}, and 2.3 or later is needed: {HINT}"
    return None


def load() -> None:
    """Import it; to be done beside the loop's thread."""
    for name in ("session", "result"):
        import_module(f"hocket_plugins.tools.mcp.{name}")
