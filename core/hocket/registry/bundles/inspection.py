"""What the rooms that read scripts tell of a tree; nothing of it was imported or run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hocket.api.protocols import Tree


@dataclass(frozen=True, slots=True)
class Inspection:
    """The scripts of a tree, as far as they could be read."""

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """By path of a script: the name in its `meta`."""
    findings: tuple[str, ...] = ()
    """What the static checks refuse, a line each."""


Inspect = Callable[[Tree], Inspection]
