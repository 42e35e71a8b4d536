"""The live screen: what is on a terminal after its frames, played by a small terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hocket.api import events
from hocket.api.calls import EndState
from hocket.api.inert import visible
from hocket_plugins.views.progress.board import Board
from hocket_plugins.views.progress.live import LiveScreen

COLOUR = re.compile(r"\x1b\[\d+m")


class Terminal:
    """Understands the four sequences the screen may use, and refuses all others."""

    def __init__(self) -> None:
        self.rows = [""]
        self.row = 0

    def feed(self, text: str) -> None:
        for part in re.findall(r"\x1b\[\d*[A-Z]|\n|[^\x1b\n]+|\x1b", COLOUR.sub("", text)):
            if part == "\n":
                self.row += 1
                self.rows += [""] * (self.row == len(self.rows))
            elif up := re.fullmatch(r"\x1b\[(\d+)F", part):
                self.row -= int(up[1])
                assert self.row >= 0
            elif part == "\x1b[K":
                self.rows[self.row] = self.rows[self.row][: self.column]
            elif part == "\x1b[J":
                self.rows = [*self.rows[: self.row], ""]
            else:
                assert visible(part) == part
                self.rows[self.row] = part
            self.column = 0 if part[0] in "\x1b\n" else len(part)

    def shown(self) -> list[str]:
        return self.rows[:-1]


def screen(columns: int = 100, rows: int = 24, *, colour: bool = False) -> LiveScreen:
    return LiveScreen(lambda: (columns, rows), colour=colour)


def test_a_line_for_each_phase_and_one_for_the_run(story):
    board = story.board(
        story.opened("audit", "Find", "Audit", budget_micros=5_000_000),
        *[story.finished(n, "Find") for n in (100, 101)],
        *story.calls(12, 4),
        story.finished(4, state=EndState.STALLED),
        now=63,
    )
    terminal = Terminal()
    terminal.feed(screen(140).frame(board))
    find, audit, foot = terminal.shown()
    assert find == "Find         2/2  200 tokens  $0.04  0 s"
    assert audit == (
        "Audit       5/12  7 running  1 failed  500 tokens  $0.10  1 min 3 s  "
        "about 1 min 28 s left  file 5, file 6, file 7"
    )
    assert foot == (
        "audit  7/14 calls  700 tokens  $0.14 of $5.00  1 min 3 s  about 1 min 3 s left"
    )


def test_the_next_frame_is_drawn_over_the_last_one_and_log_lines_stay_above(story):
    board, live, terminal = story.board(story.opened(), *story.calls(2, 0)), screen(), Terminal()
    terminal.feed(live.frame(board))
    board.hear(events.Logged("found a thing"))
    board.hear(story.finished(0))
    terminal.feed(live.frame(board))
    board.hear(story.finished(1))
    board.hear(events.Logged("and another"))
    terminal.feed(live.last(board))
    assert terminal.shown() == [
        "found a thing",
        "and another",
        "Audit        2/2  200 tokens  $0.04  0 s",
        "audit  2/2 calls  200 tokens  $0.04  0 s",
    ]


def test_nothing_is_drawn_while_nothing_changes(story):
    board, live = story.board(*story.calls(1, 0)), screen()
    assert live.frame(board)
    board.now = 0.9
    assert live.frame(board) == ""
    board.now = 1.0
    assert live.frame(board)


def test_a_question_has_the_screen_for_itself(story):
    board, live, terminal = story.board(story.opened(), *story.calls(1, 0)), screen(), Terminal()
    assert live.pause() == ""
    terminal.feed(live.frame(board))
    board.hear(events.Asked("q", "May I?"))
    terminal.feed(live.pause())
    assert terminal.shown() == []
    board.now = 100
    assert live.frame(board) == ""
    board.hear(events.Answered("q", "yes"))
    terminal.feed(live.frame(board))
    assert len(terminal.shown()) == 2


def test_a_pause_stands_in_the_last_line(story):
    board = story.board(story.opened(), events.StateChanged("paused", "quota: resets at 14:00"))
    terminal = Terminal()
    terminal.feed(screen().frame(board))
    assert terminal.shown() == [
        "audit  paused: quota: resets at 14:00  0/0 calls  0 tokens  $0.00  0 s"
    ]


def test_more_phases_than_rows_shows_those_at_work_and_the_newest(story):
    done = [story.finished(n, f"done {n}") for n in range(50)]
    board = story.board(*done, story.asked(99, "busy"), story.finished(98, "newest"))
    terminal = Terminal()
    terminal.feed(screen(rows=7).frame(board))
    titles = [row.split("  ")[0].strip() for row in terminal.shown()]
    assert titles == ["… 48 more phases", "done 48", "done 49", "busy", "newest", "51/52 calls"]


def test_colours_mean_nothing_the_words_do_not_say(story):
    board = story.board(*story.calls(2, 1), story.finished(1, state=EndState.ERROR))
    coloured = screen(colour=True).frame(board)
    assert "\x1b[31m  1 failed\x1b[0m" in coloured
    again = story.board(*story.calls(2, 1), story.finished(1, state=EndState.ERROR))
    assert COLOUR.sub("", coloured) == screen().frame(again)


def test_foreign_text_cannot_steer_the_terminal(story):
    board = story.board(
        story.opened("\x1b]0;title\x07"),
        story.asked(1, "\x1b[2J\u202ephase", "\x1b[31mlabel\u200b"),
        events.CallStarted(1),
        events.Logged("\x1b[H\nlog"),
    )
    terminal = Terminal()
    terminal.feed(screen(200).frame(board))
    assert terminal.shown()[0] == "\\x1b[H\\nlog"
    assert "\\x1b[31mlabel\\u200b" in terminal.shown()[1]


names = st.text(min_size=1, max_size=60) | st.sampled_from(["日本語" * 20, "e\u0301" * 30])


@given(st.lists(names, min_size=1, max_size=8), st.integers(10, 120), st.integers(2, 12))
def test_no_row_is_wider_than_the_terminal_and_no_frame_higher(
    titles: list[str], columns: int, rows: int
):
    board, live, terminal = Board(), screen(columns, rows), Terminal()
    for number, title in enumerate(titles):
        board.hear(events.CallAsked(number, title, title))
        board.hear(events.CallStarted(number))
        terminal.feed(live.frame(board))
    assert all(cell_len(row) < columns for row in terminal.shown())
    assert len(terminal.shown()) <= max(2, rows - 1)


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_a_terminal_without_room_breaks_nothing(story, columns: int):
    assert screen(columns, 1).frame(story.board(*story.calls(3, 1)))
