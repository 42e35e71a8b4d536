"""Cases 1, 2 and 9, and property P2: die at any write, whole or torn, and nothing repeats."""

from __future__ import annotations

import pytest
from points import Fan, count_writes, dies_at, undisturbed_resume

QUICK = Fan(12, failing=(3, 8))
WRITES = 26
"""Two records open a run of 12 calls, two more are written for each call."""


def test_the_points_are_all_there_are(hocket_project):
    assert count_writes(hocket_project, QUICK) == WRITES + 1  # and one closes it


@pytest.mark.parametrize("write", range(WRITES + 1))
def test_killed_before_a_write_only_uncommitted_calls_run_again(hocket_project, write):
    dies_at(hocket_project, QUICK, write)


@pytest.mark.parametrize("write", range(2, WRITES + 1, 3))
@pytest.mark.parametrize("torn", [1, 40])
def test_killed_within_a_write_the_torn_tail_is_cut(hocket_project, write, torn):
    dies_at(hocket_project, QUICK, write, torn=torn)


@pytest.mark.parametrize("write", range(2, WRITES + 1, 3))
def test_after_a_power_cut_nothing_torn_is_taken(hocket_project, write):
    dies_at(hocket_project, QUICK, write, torn=7, power=True)


def test_a_finished_run_dispatches_only_its_failures_again(hocket_project):
    assert undisturbed_resume(hocket_project, QUICK) == ["unit 3.", "unit 8."]
