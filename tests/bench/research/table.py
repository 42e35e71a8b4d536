"""The table of the research bench: figures under their setting, with bars, met or missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planted.row import Row


def lines(rows: Iterable[Row]) -> Iterable[str]:
    """Write rows, those of one setting under its name."""
    last = None
    for row in rows:
        if (row.about, row.setting) != last:
            last = (row.about, row.setting)
            yield f"\n{row.about}: {row.setting}"
        value = "none" if row.value is None else f"{row.value:.4g}"
        of = "" if row.of is None else f"of {row.of:g}"
        bar = "" if row.bar is None else str(row.bar)
        yield f"  {row.figure:<40} {value:>9} {of:<9} {bar:<14} {row.verdict}".rstrip()


def missed(rows: Sequence[Row]) -> list[Row]:
    """Give the rows whose bar was not met."""
    return [row for row in rows if row.verdict == "missed"]
