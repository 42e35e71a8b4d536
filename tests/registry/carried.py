"""What comes with hocket: the commands of the bundles in `skills/`, as their manifests say."""

from __future__ import annotations

import tomllib

from hocket import bundled


def bundles():
    """Give the bundle of each command, in the order of the list: by folder, then by name."""
    manifests = sorted((bundled.root() / "skills").glob("[!.]*/bundle.toml"))
    return {
        name: file.parent.name
        for file in manifests
        for name in sorted(tomllib.loads(file.read_text("utf-8"))["commands"])
    }


def names():
    """Give the names that the commands answer to."""
    return [*bundles()]
