"""When findings end a command with exit code 1: by how bad they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.launch.reports.account import account
from hocket.launch.reports.data import SEVERITIES

if TYPE_CHECKING:
    from hocket.engine.summary import Report


def worse(run: Report, level: str) -> int:
    """Count the findings that hold and are of this severity or worse."""
    made = account(run)
    if made is None:
        return 0
    bad = SEVERITIES[: SEVERITIES.index(level) + 1]
    return sum(1 for one in made.data.findings if one.holds and one.severity in bad)
