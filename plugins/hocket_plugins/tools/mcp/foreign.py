"""Words of a server, bounded: what nobody sees of them is taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.inert import stripped

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST, LAST = 4_000, 12_000
"""So many characters of a long output are shown."""
_WINDOW = 16
"""Characters looked at for one that is shown: the others may be escapes."""


def line(text: str, most: int = 200) -> str:
    """Make one short line of it."""
    words = " ".join(stripped(text[: 8 * most]).split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def bounded(text: str, keep: Callable[[bytes], str]) -> str:
    """Give both ends of a long text and say where all of it is kept."""
    if len(text) <= _WINDOW * (FIRST + LAST):
        first = last = stripped(text)
        if len(first) <= FIRST + LAST:
            return first
    else:
        first, last = stripped(text[: _WINDOW * FIRST]), stripped(text[-_WINDOW * LAST :])
    raw = text.encode("utf-8", "replace")
    whole = f"all {len(raw):,} bytes are kept as {keep(raw)}"
    return f"{first[:FIRST]}\n[… the middle is not shown; {whole} …]\n{last[-LAST:]}"
