"""The board: what a person sees is what the events add up to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hocket.api import events
from hocket.api.calls import EndState, Usage
from hocket_plugins.views.progress.board import LOG_LINES, Board


def test_a_call_waits_runs_and_ends(story):
    board = story.board(story.asked(1, label="a.py"), story.asked(2, label="b.py"))
    phase = board.phases["Audit"]
    assert (phase.asked, phase.running, phase.complete) == (2, {}, False)
    board.hear(events.CallStarted(1))
    assert phase.running == {1: "a.py"}
    board.hear(story.finished(1))
    assert (phase.running, phase.ended, phase.tokens, phase.micros) == ({}, 1, 100, 20_000)
    board.hear(story.finished(2, state=EndState.OVER_CAP, usage=Usage()))
    assert (phase.ended, phase.failed, phase.complete) == (2, 1, True)
    assert (board.run.ended, board.run.failed, board.run.tokens) == (2, 1, 100)


def test_phases_stand_in_the_order_they_were_announced_then_met(story):
    board = story.board(
        story.opened("audit", "Find", "Audit"),
        story.asked(1, "Extra"),
        events.PhaseEntered("Verify"),
        story.asked(2, None),
    )
    assert [tally.title for tally in board.phases.values()] == [
        "Find",
        "Audit",
        "Extra",
        "Verify",
        "no phase",
    ]


def test_an_answer_of_the_journal_is_counted_although_nobody_heard_it_asked(story):
    board = story.board(story.finished(1, replayed=True), story.asked(2))
    phase = board.phases["Audit"]
    assert (phase.asked, phase.ended, phase.cached) == (2, 1, 1)


def test_a_call_that_starts_again_is_one_call(story):
    again = [story.asked(1), events.CallStarted(1), events.CallStarted(1), story.finished(1)]
    phase = story.board(*again).phases["Audit"]
    assert (phase.asked, phase.ended, phase.running) == (1, 1, {})


def test_one_unknown_price_makes_the_sum_unknown(story):
    unknown = story.finished(2, usage=Usage(output=5, cost_micros=None))
    board = story.board(story.finished(1), unknown, story.finished(3))
    assert (board.run.micros, board.run.tokens) == (None, 205)


def test_states_budgets_and_questions_are_kept(story):
    board = story.board(
        story.opened("audit\x1b[0m", budget_tokens=9, budget_micros=8),
        events.StateChanged("paused", "quota\u202e"),
        events.Asked("q1", "May I\x07?"),
        events.Asked("q2", "And?"),
        events.Answered("q2", "yes"),
        events.Answered("q3", None),
        events.RunFinished("completed", None, {}, Usage()),
    )
    assert (board.run.title, board.budget_tokens, board.budget_micros) == ("audit\\x1b[0m", 9, 8)
    assert (board.state, board.cause) == ("paused", "quota\\u202e")
    assert board.questions == {"q1": "May I\\x07?"}


def test_signs_of_life_change_nothing_that_is_seen(story):
    board = story.board(story.asked(1), events.CallStarted(1))
    before = board.changes
    board.hear(events.CallProgress(1, "reading"))
    assert board.changes == before


def test_log_lines_are_taken_once_and_marked_by_level(story):
    board = story.board(events.Logged("found 3\nfiles"), events.Logged("slow disk", "warn"))
    assert board.lines() == ["found 3\\nfiles", "warn: slow disk"]
    assert board.lines() == []


def test_a_flood_of_log_lines_is_bounded_and_counted(story):
    board = story.board(*(events.Logged(str(n)) for n in range(LOG_LINES + 50)))
    first, second, *rest = board.lines()
    assert (first, second, len(rest)) == (
        "… 50 lines were too many to show",
        "50",
        LOG_LINES - 1,
    )


steps = st.sampled_from(["ask", "start", "end", "fail", "replay", "log", "life"])


@given(st.lists(st.tuples(steps, st.integers(0, 5)), max_size=60))
def test_every_order_of_events_keeps_the_counts_sane(drawn: list[tuple[str, int]]):
    board = Board()
    for step, number in drawn:
        failed = EndState.ERROR if step == "fail" else EndState.OK
        board.hear(
            {
                "ask": events.CallAsked(number, "l", "p"),
                "start": events.CallStarted(number),
                "log": events.Logged("x"),
                "life": events.CallProgress(number, "x"),
            }.get(step)
            or events.CallFinished(number, "l", "p", failed, None, Usage(), step == "replay")
        )
    for tally in (board.run, *board.phases.values()):
        assert 0 <= tally.ended <= tally.asked or not tally.asked
        assert 0 <= tally.failed <= tally.ended
        assert len(tally.running) <= tally.asked
