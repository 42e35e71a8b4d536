"""The rows of the table, and how the episodes of one of them are played in a process."""

from __future__ import annotations

import tempfile
import warnings
from functools import cache, partial
from pathlib import Path

from dojo import Episode, episodes, tasks
from house import ALONE, BOUND, CARELESS, GET, NONE, REVEALED, SHOWN, House, Policy
from yardsticks import YARDSTICKS

__all__ = ["NAMES", "move_in", "play", "tasks"]

ROWS = (NONE, *YARDSTICKS, GET, ALONE, CARELESS, BOUND, SHOWN, REVEALED)
NAMES = {row.name: row.told for row in ROWS}
_BY_NAME = {row.name: row for row in ROWS}


def move_in(folder: str) -> None:
    """Let this process work in a folder, and not tell AgentDojo's doubts about its own suites."""
    tempfile.tempdir = folder
    warnings.simplefilter("ignore")


def play(name: str, suite: str, task: str) -> list[Episode]:
    """Play a task of a suite in a row, without an attack and with every goal."""
    row = _BY_NAME[name]
    player = partial(_house().play, row) if isinstance(row, Policy) else row.play
    return [*episodes(player, name, suite, task)]


@cache
def _house() -> House:
    """Open one house per process."""
    return House(Path(tempfile.mkdtemp()))
