"""The plain screen: whole lines, few of them, and none that steers anything."""

from __future__ import annotations

from hocket.api import events
from hocket.api.calls import EndState
from hocket_plugins.views.progress.plain import PlainScreen


def test_a_finished_phase_is_one_line_once_it_is_quiet(story):
    board, screen = story.board(story.opened(), *story.calls(3, 3)), PlainScreen()
    assert screen.frame(board) == ""
    board.now = 2.0
    assert screen.frame(board) == "Audit:  3/3  300 tokens  $0.06  0 s\n"
    board.now = 9.0
    assert screen.frame(board) == ""


def test_a_phase_that_gets_more_calls_is_told_again(story):
    board, screen = story.board(*story.calls(1, 1), now=5), PlainScreen()
    assert screen.frame(board).startswith("Audit:  1/1")
    board.hear(story.asked(7))
    board.now = 20
    assert screen.frame(board) == ""
    board.hear(story.finished(7, state=EndState.ERROR))
    board.now = 23
    assert screen.frame(board) == "Audit:  2/2  1 failed  200 tokens  $0.04  20 s\n"


def test_every_thirty_seconds_there_is_a_line_about_the_run(story):
    opened = story.opened("audit", budget_tokens=5_000, budget_micros=1_000_000)
    board, screen = story.board(opened, *story.calls(4, 1)), PlainScreen()
    texts = []
    for now in (29.9, 30, 31, 59, 61):
        board.now = now
        texts.append(screen.frame(board))
    assert texts[1] == "audit:  1/4  3 running  100 of 5,000 tokens  $0.02 of $1.00  30 s\n"
    assert [bool(text) for text in texts] == [False, True, False, False, True]


def test_a_pause_is_said_with_its_cause(story):
    board = story.board(story.opened(), events.StateChanged("paused", "quota"), now=30)
    assert PlainScreen().frame(board) == "audit:  0/0  paused: quota  0 tokens  $0.00  30 s\n"
    board = story.board(story.opened(), events.StateChanged("paused"), now=30)
    assert "  paused  " in PlainScreen().frame(board)


def test_log_lines_come_at_once_and_foreign_text_is_harmless(story):
    board = story.board(events.Logged("\x1b[2Jgone?"), story.finished(1, "\u202eevil"), now=2)
    assert PlainScreen().frame(board) == (
        "\\x1b[2Jgone?\n\\u202eevil:  1/1  100 tokens  $0.02  0 s\n"
    )


def test_at_the_end_nothing_is_kept_back(story):
    board, screen = story.board(*story.calls(2, 2)), PlainScreen()
    board.hear(events.Logged("bye"))
    assert screen.frame(board) == "bye\n"
    assert screen.last(board) == "Audit:  2/2  200 tokens  $0.04  0 s\n"


def test_a_question_needs_no_room_on_a_pipe():
    assert PlainScreen().pause() == ""


def test_replayed_calls_are_said(story):
    board = story.board(story.finished(1, replayed=True), story.finished(2), now=2)
    assert "2/2  1 from the journal  200 tokens" in PlainScreen().frame(board)
