"""One line of the doctor."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """A candidate for a part of hocket: whether it is here, and why it is so."""

    part: str
    which: str
    state: str
    """`chosen`, `found`, `missing`, or `broken`: there, but of no use."""
    why: str
