"""Which plugins are never imported: known before any plugin is, so only TOML is read here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.config.layers import files
from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hocket.config.layers import Kind, Layer

POLICIES = "policies."


def blocked(
    project: Path, env: Mapping[str, str], *, managed: Path | None = None
) -> frozenset[str]:
    """Collect the plugins that any settings file blocks; nobody can unblock what another did."""
    return frozenset(
        name
        for layer in files(project, env, managed)
        for name in blockable(layer.kind, _listed(layer))
    )


def pins_plugins(project: Path, env: Mapping[str, str], *, managed: Path | None = None) -> bool:
    """Say whether any settings file wants only plugins that hocket itself installed."""
    return any(
        layer.values.get("require_pinned_plugins") is True for layer in files(project, env, managed)
    )


def blockable(kind: Kind, names: Sequence[str]) -> tuple[str, ...]:
    """Leave out what this source may not block: a cloned project must not drop a policy."""
    return tuple(name for name in names if kind != "project" or not name.startswith(POLICIES))


def _listed(layer: Layer) -> list[str]:
    plugins = layer.values.get("plugins")
    names = plugins.get("block") if isinstance(plugins, dict) else None
    listed = names if isinstance(names, list) else []
    texts = [name for name in listed if isinstance(name, str)]
    if names is not None and texts != names:
        raise UsageError(
            layer.place("plugins", "block"),
            found="'plugins.block' is no list of names",
            expected='block = ["plugin"]',
            hint="Nothing was started.",
        )
    return texts
