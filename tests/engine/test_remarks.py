"""What patterns say of their results, collected for the report."""

from __future__ import annotations

from hocket.engine.remarks import MOST, Remarks


def test_notes_and_ends_are_told_once_each_in_the_order_of_hearing():
    remarks = Remarks()
    for _ in range(2):
        remarks.hear("verify", {"notes": ["b", "a"], "complete": True})
        remarks.hear("rank", {"complete": False, "stopped": "max"})
        remarks.hear("merge", {"complete": False, "stopped": None})

    assert remarks.notes == (
        "verify: b",
        "verify: a",
        "rank: not complete, stopped by max",
        "merge: not complete",
    )


def test_a_result_that_is_no_envelope_says_nothing():
    remarks = Remarks()
    for result in (None, 3, ["notes"], {"notes": "x"}, {"complete": None}):
        remarks.hear("mine", result)

    assert remarks.notes == ()


def test_too_many_remarks_are_counted():
    remarks = Remarks()
    for number in range(MOST + 7):
        remarks.hear("verify", {"notes": [f"note {number}"]})

    assert len(remarks.notes) == MOST + 1
    assert remarks.notes[-1] == "7 more remarks of patterns are not shown"


def test_what_was_left_out_is_counted_by_its_reason_until_the_script_begins_again():
    remarks = Remarks()
    for why in ("vote would add little", "vote would add little", 'phase "Polish" is optional'):
        remarks.leave_out(why)

    assert remarks.notes == (
        "not done, to keep the budget: 2 calls (vote would add little)",
        'not done, to keep the budget: 1 call (phase "Polish" is optional)',
    )
    remarks.begin_again()
    assert remarks.notes == ()
