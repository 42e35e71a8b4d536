"""Plugins that nobody pinned: with `require_pinned_plugins` they are never imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket import config
from hocket.host.plugins import OWN, installed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def unpinned(root: Path, env: Mapping[str, str]) -> frozenset[str]:
    """Name the plugins to block: those hocket did not install, or whose code is another by now."""
    if not config.pins_plugins(root, env):
        return frozenset()
    from packaging.utils import canonicalize_name  # noqa: PLC0415  (only where it is required)

    whole = _whole(root, env)
    foreign = (point for point in installed() if not point.value.startswith(OWN))
    return frozenset(
        point.name
        for point in foreign
        if point.dist is None or canonicalize_name(point.dist.name) not in whole
    )


def _whole(root: Path, env: Mapping[str, str]) -> set[str]:
    """Name the packages whose code is what a receipt says."""
    from hocket.launch.receipts import scopes  # noqa: PLC0415  (only where it is required)
    from hocket.registry.installing.kept import Kept  # noqa: PLC0415
    from hocket.registry.plugins import code  # noqa: PLC0415
    from hocket.registry.plugins.environment import look  # noqa: PLC0415

    there = look()
    kept = (one for scope in scopes(root, env) for one in Kept(scope).all().values())
    receipts = [one for one in kept if one.distributions]
    return {
        package.name
        for receipt in receipts
        if not code.changes(receipt, there)
        for package in receipt.distributions
    }
