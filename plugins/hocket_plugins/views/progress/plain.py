"""The run on a pipe: whole lines that stay, few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket_plugins.views.progress.words import counts, spent, spent_of_budget, times

if TYPE_CHECKING:
    from hocket_plugins.views.progress.board import Board, Tally

EVERY_S = 30.0
_QUIET_S = 2.0


class PlainScreen:
    """Writes a line for each finished phase, one every 30 seconds, and every log line."""

    def __init__(self) -> None:
        self._told: dict[str | None, int] = {}
        self._summary_at = EVERY_S

    def frame(self, board: Board) -> str:
        """Give what is new; a phase is finished when nothing happened in it for 2 seconds.

        More calls may still come to it: then it is told again, with its new counts.
        """
        return self._text(board, quiet_s=_QUIET_S)

    def pause(self) -> str:
        """Leave the screen to a question: lines need not be taken away."""
        return ""

    def last(self, board: Board) -> str:
        """Give what is left to say at the end."""
        return self._text(board, quiet_s=0.0)

    def _text(self, board: Board, *, quiet_s: float) -> str:
        lines = [*board.lines(), *self._finished(board, quiet_s), *self._summary(board)]
        return "".join(f"{line}\n" for line in lines)

    def _finished(self, board: Board, quiet_s: float) -> list[str]:
        lines: list[str] = []
        for title, tally in board.phases.items():
            quiet = tally.complete and board.now - tally.changed >= quiet_s
            if quiet and self._told.get(title, 0) != tally.ended:
                self._told[title] = tally.ended
                lines.append(
                    _line(tally, [*counts(tally), *spent(tally), *times(tally, board.now)])
                )
        return lines

    def _summary(self, board: Board) -> list[str]:
        if board.now - board.run.since < self._summary_at:
            return []
        self._summary_at = board.now - board.run.since + EVERY_S
        parts = [*counts(board.run), *spent_of_budget(board), *times(board.run, board.now)]
        state = [] if board.state == "running" else [f"{board.state}: {board.cause}".rstrip(": ")]
        return [_line(board.run, [*state, *parts])]


def _line(tally: Tally, parts: list[str]) -> str:
    return "  ".join([f"{tally.title}:", f"{tally.ended:,}/{tally.asked:,}", *parts])
