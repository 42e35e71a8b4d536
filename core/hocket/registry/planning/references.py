"""Reads the source that a lock keeps back into what can be fetched."""

from __future__ import annotations

from hocket.registry.indexes.rows import Source

_PATH, _GIT, _REQUIREMENT, _PLUGIN = "path:", "git+", "requirement:", "plugin:"


def source_of(reference: str) -> Source | None:
    """Give the source; None for a plugin that is installed by its requirement."""
    if reference.startswith(_REQUIREMENT):
        return None
    if reference.startswith(_PATH):
        return Source(path=reference.removeprefix(_PATH))
    if reference.startswith(_PLUGIN):
        return Source(plugin=reference.removeprefix(_PLUGIN))
    if reference.startswith(_GIT):
        where, _, subdir = reference.removeprefix(_GIT).partition("#")
        url, _, rev = where.rpartition("@")
        return Source(git=url, rev=rev, subdir=subdir)
    archive, _, sha256 = reference.partition("#sha256=")
    return Source(archive=archive, sha256=sha256)


def requirement_of(reference: str) -> str:
    """Give the requirement of a plugin; empty for what has files of its own."""
    return reference.removeprefix(_REQUIREMENT) if reference.startswith(_REQUIREMENT) else ""
