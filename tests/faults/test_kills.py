"""Cases 1 and 2 with real kills: SIGKILL at a journal write, and at a sync, by strace."""

from __future__ import annotations

import pytest
from inject import can_trace
from killing import killed_at, sample

pytestmark = [
    pytest.mark.skipif(not can_trace(), reason="strace is not here or may not attach"),
    pytest.mark.timeout(120),
]


LATER = [pytest.param(count, marks=pytest.mark.slow) for count in (1, 2, 20, 37)]
"""All points are the full run's: `python tests/faults/run.py --full`."""


@pytest.mark.parametrize("count", [9, *LATER])
def test_sigkill_at_a_journal_write_repeats_nothing_committed(hocket_project, count):
    killed_at(hocket_project, sample(hocket_project, 12, 1), "write", count)


@pytest.mark.slow
def test_sigkill_at_a_sync_repeats_nothing_committed(hocket_project):
    killed_at(hocket_project, sample(hocket_project, 12, 1), "fdatasync", 1)
