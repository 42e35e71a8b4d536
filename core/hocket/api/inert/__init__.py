"""Makes text of others harmless for the person who reads it, on a terminal or in a file.

What can steer a terminal or hide from a reader is decided here, once, for hocket and all plugins:
`visible` shows it, `stripped` takes it out; the others say what it may become in a file.
"""

from __future__ import annotations

from hocket.api.inert.cells import cell, csv_line
from hocket.api.inert.characters import stripped, visible
from hocket.api.inert.misfits import Misfit, link_misfits
from hocket.api.inert.passages import html, markdown

__all__ = [
    "Misfit",
    "cell",
    "csv_line",
    "html",
    "link_misfits",
    "markdown",
    "stripped",
    "visible",
]
