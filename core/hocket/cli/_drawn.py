"""A report on a terminal: its Markdown drawn for people, at the width they have."""

from __future__ import annotations

import os

from hocket.cli._text import inert

_WIDEST = 100
"""Longer lines are hard to follow, however wide the window is."""


def draw(markdown: str) -> None:
    """Draw a report; nothing in it can steer the terminal, and no link can be clicked."""
    from rich.console import Console
    from rich.markdown import Markdown

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    console = Console(color_system=None if plain else "auto", highlight=False)
    text = Markdown(inert(markdown, newlines="keep"), hyperlinks=False, code_theme="bw")
    console.print(text, width=min(console.width, _WIDEST))
