"""Words of others in our own sentences: names of tools and sources, made inert and cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocket.api import inert
from hocket_plugins.policies.quarantine import handles

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST, MOST = 80, 4
_SPACES = re.compile(r"\s+")


def name(text: str) -> str:
    """Write a name of somebody else's choice, such as a host or a path, as one inert word."""
    word = _SPACES.sub("_", inert.visible(handles.escaped(text)).strip())
    return word if len(word) <= LONGEST else f"{word[:LONGEST]}…"


def listed(names: Iterable[str]) -> str:
    """List a few names; how many more there are is said."""
    every = [*dict.fromkeys(map(name, names))]
    shown, rest = every[:MOST], len(every) - MOST
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def size(count: int) -> str:
    """Write a number of bytes."""
    return f"{count:,} byte" if count == 1 else f"{count:,} bytes"
