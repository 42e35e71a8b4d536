"""Finds the bundles and the index that come with hocket."""

from __future__ import annotations

from pathlib import Path

from hocket.errors import StructureError

PACKAGE = Path(__file__).parent


def root(package: Path = PACKAGE) -> Path:
    """Give the folder with `skills/` and `registry.toml`: in a wheel, else in the checkout."""
    places = (package / "_bundled", package.parents[1])
    for place in places:
        if (place / "registry.toml").is_file():
            return place
    raise StructureError(
        "hocket",
        found="the bundled workflows are not where they were installed",
        expected="_bundled/registry.toml in the package",
        hint="Install hocket again.",
    )
