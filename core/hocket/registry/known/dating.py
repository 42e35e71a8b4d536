"""Dates the versions of an import: its commits say what they like about when they were made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from hocket.registry.indexes.rows import Package, Row
    from hocket.registry.indexes.seen import Seen
    from hocket.registry.known.looking import Look


def dated(look: Look, seen: Seen, now: datetime) -> Look:
    """Count the age of a version from when it was first seen, so that the cooldown holds.

    What was there at first contact is as old as its commit: nothing younger was ever seen.
    """
    if not look.is_import or not seen.fetches:
        return look
    packages = {name: _package(one, seen, now) for name, one in look.index.packages.items()}
    return replace(look, index=replace(look.index, packages=packages))


def _package(one: Package, seen: Seen, now: datetime) -> Package:
    return replace(one, rows=tuple(_row(row, seen, now) for row in one.rows))


def _row(row: Row, seen: Seen, now: datetime) -> Row:
    shown = seen.rows.get((row.name, row.version))
    first = shown.at if shown else now
    return row if first == seen.fetches[0].at else replace(row, published=first)
