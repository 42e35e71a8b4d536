"""The run on a terminal: a few lines at its foot that are drawn again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.api.inert import visible
from hocket_plugins.views.progress.words import counts, spent, spent_of_budget, times

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket_plugins.views.progress.board import Board, Tally

    Size = Callable[[], tuple[int, int]]
    Cell = tuple[str, str]

_TITLE = 24
_LABELS, _LABEL = 3, 40
_BOLD, _DIM, _RED, _GREEN, _YELLOW, _PLAIN = "1", "2", "31", "32", "33", ""


class LiveScreen:
    """Draws the phases over what it drew before; log lines move up and stay."""

    def __init__(self, size: Size, *, colour: bool) -> None:
        self._size = size
        self._colour = colour
        self._height = 0
        self._drawn: tuple[int, int] = (-1, -1)

    def frame(self, board: Board) -> str:
        """Give what to send to the terminal; nothing while nothing changed or a person is asked."""
        if board.questions or self._drawn == (board.changes, int(board.now)):
            return ""
        return self.last(board)

    def pause(self) -> str:
        """Take the lines away, so that a question has the screen for itself."""
        up, self._height = f"\x1b[{self._height}F\x1b[J" if self._height else "", 0
        self._drawn = (-1, -1)
        return up

    def last(self, board: Board) -> str:
        """Give the picture as it is now; the last one stays."""
        self._drawn = (board.changes, int(board.now))
        columns, rows = self._size()
        logged = board.lines()
        below = [self._painted(cells, columns - 1) for cells in _rows(board, max(2, rows - 1))]
        up = f"\x1b[{self._height}F" if self._height else ""
        self._height = len(below)
        return up + "".join(f"{line}\x1b[K\n" for line in (*logged, *below)) + "\x1b[J"

    def _painted(self, cells: list[Cell], columns: int) -> str:
        """Cut a row to the terminal's width, which no row may exceed."""
        from rich.cells import cell_len, set_cell_size

        painted: list[str] = []
        for text, style in cells:
            fitting = text
            if cell_len(text) > columns:
                fitting = set_cell_size(text, columns - 1) + "…" if columns > 0 else ""
            columns -= cell_len(fitting)
            coloured = fitting and style and self._colour
            painted.append(f"\x1b[{style}m{fitting}\x1b[0m" if coloured else fitting)
        return "".join(painted)


def _rows(board: Board, rows: int) -> list[list[Cell]]:
    """Choose the phases there is room for: those at work, then the last ones."""
    seen = [tally for tally in board.phases.values() if tally.asked]
    newest_first = [*reversed(seen)]
    wanted = sorted(newest_first, key=lambda tally: tally.complete)[: rows - 2]
    kept = {id(tally) for tally in wanted}
    shown = [tally for tally in seen if id(tally) in kept]
    width = max((min(_TITLE, len(tally.title)) for tally in shown), default=0)
    hidden = len(seen) - len(shown)
    more: list[list[Cell]] = [[(f"… {hidden:,} more phases", _DIM)]] if hidden else []
    return [*more, *(_phase(tally, width, board.now) for tally in shown), _foot(board)]


def _phase(tally: Tally, width: int, now: float) -> list[Cell]:
    from rich.cells import set_cell_size

    style = _GREEN if tally.complete else _PLAIN
    parts = [*counts(tally), *spent(tally), *times(tally, now)]
    labels = [visible(label)[:_LABEL] for label in [*tally.running.values()][:_LABELS]]
    return [
        (set_cell_size(tally.title, width), _BOLD),
        (f"  {f'{tally.ended:,}/{tally.asked:,}':>9}", style),
        *((f"  {part}", _RED if part.endswith("failed") else _PLAIN) for part in parts),
        (f"  {', '.join(labels)}" if labels else "", _DIM),
    ]


def _foot(board: Board) -> list[Cell]:
    run = board.run
    parts = [f"{run.ended:,}/{run.asked:,} calls", *spent_of_budget(board), *times(run, board.now)]
    cause = f"{board.state}: {board.cause}".rstrip(": ")
    state = [(f"{cause}  ", _YELLOW)] if board.state != "running" else []
    return [(f"{run.title}  " if run.title else "", _BOLD), *state, ("  ".join(parts), _PLAIN)]
