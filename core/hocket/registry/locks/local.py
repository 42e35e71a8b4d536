"""Packages that a person installed by the place of their files: they are of no registry.

Their keys are `local/NAME`. A lock has no `[[registry]]` for them: `source` says all, and a path in
it is beneath the root of the scope.
"""

from __future__ import annotations

LOCAL = "local"
"""No registry may have this name."""


def key_of(name: str) -> str:
    """Name such a package."""
    return f"{LOCAL}/{name}"


def is_local(key: str) -> bool:
    """Whether a package is of no registry."""
    return key.startswith(f"{LOCAL}/")
