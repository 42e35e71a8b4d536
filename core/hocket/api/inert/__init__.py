"""Makes text of others harmless for the person who reads it, on a terminal or in a file.

What can steer a terminal or hide from a reader is decided here, once, for hocket and all plugins:
`visible` shows it, `stripped` takes it out; the others say what it may become in a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.inert.characters import stripped, visible

if TYPE_CHECKING:
    from hocket.api.inert.cells import cell, csv_line
    from hocket.api.inert.misfits import Misfit, link_misfits
    from hocket.api.inert.passages import html, markdown
else:
    # A terminal needs none of the others: their patterns are compiled for who asks.
    _LATER = {
        **dict.fromkeys(("cell", "csv_line"), "cells"),
        **dict.fromkeys(("Misfit", "link_misfits"), "misfits"),
        **dict.fromkeys(("html", "markdown"), "passages"),
    }

    def __getattr__(name: str) -> object:
        """Import what is asked for the first time."""
        from importlib import import_module  # noqa: PLC0415

        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)


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
