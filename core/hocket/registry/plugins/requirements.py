"""The one text that a plugin's digest is over: every requirement with the hashes of its wheels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.protocols import Tree

if TYPE_CHECKING:
    from hocket.registry.indexes.rows import Row, Wheels

FILE = "requirements.txt"


def lines(row: Row) -> tuple[str, ...]:
    """Write a line for each package, sorted, with names in their one form."""
    return tuple(sorted(_line(one) for one in row.wheels))


def tree(row: Row) -> Tree:
    """Give the tree with that text, which rows, signatures and locks stand for."""
    return Tree((("f", FILE, "".join(f"{line}\n" for line in lines(row)).encode()),))


def names(row: Row) -> tuple[str, ...]:
    """Name the packages, the plugin's own first."""
    return tuple(_split(one)[0] for one in row.wheels)


def _line(one: Wheels) -> str:
    name, version, marker = _split(one)
    condition = f" ; {marker}" if marker else ""
    hashes = " ".join(f"--hash={each}" for each in sorted(set(one.hashes)))
    return f"{name}=={version}{condition} {hashes}"


def _split(one: Wheels) -> tuple[str, str, str]:
    from packaging.utils import canonicalize_name  # noqa: PLC0415

    wanted, _, marker = one.requirement.partition(" ; ")
    name, _, version = wanted.partition("==")
    return canonicalize_name(name), version, marker.strip()
