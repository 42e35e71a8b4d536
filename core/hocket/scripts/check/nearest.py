"""What somebody may have meant by a name nobody knows."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that is spelt most like this one, whatever its case and underscores."""
    plain = {_plain(each): each for each in sorted(known)}
    close = difflib.get_close_matches(_plain(name), plain, 1)
    return plain[close[0]] if close else None


def suggest(name: str, known: Iterable[str]) -> str:
    """Write the hint: the nearest name, else all of them."""
    names = sorted(known)
    near = nearest(name, names)
    if near is not None:
        return f"did you mean '{near}'?"
    return f"known: {', '.join(names)}" if names else ""


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()
