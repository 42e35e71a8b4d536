"""Figures for a person: a table on a terminal, a row per line elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from figures import number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from figures import Figure

COLUMNS = ("figure", "value", "unit", "goal", "", "note")
_NUMBERS = (1, 3)
_COLOURS = {"met": "green", "missed": "red"}


def show(figures: Iterable[Figure]) -> None:
    """Print the figures on stdout."""
    rows = [_cells(figure) for figure in figures]
    if sys.stdout.isatty():
        _draw(rows)
        return
    for row in rows:
        print("\t".join(row))


def _cells(figure: Figure) -> tuple[str, ...]:
    verdict = {True: "met", False: "missed", None: ""}[figure.holds]
    limit = "" if figure.goal is None else f"{'= ' if figure.exact else '≤ '}{figure.goal:g}"
    return figure.key, number(figure.value), figure.unit, limit, verdict, figure.note


def _draw(rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console  # noqa: PLC0415  (a pipe needs none)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    drawn = Table(box=None, header_style="bold")
    for index, column in enumerate(COLUMNS):
        drawn.add_column(column, justify="right" if index in _NUMBERS else "left")
    for row in rows:
        drawn.add_row(*(Text(cell, _COLOURS.get(cell, "")) for cell in row))
    Console().print(drawn)
