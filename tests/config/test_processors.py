"""The processors a container leaves us."""

from __future__ import annotations

import os

import pytest

from hocket.config.processors import agents_at_once, processors

FREE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000\n", FREE),
        ("50000 100000\n", 1),
        ("100000 100000\n", 1),
        ("150000 100000\n", min(FREE, 2)),
        ("99900000 100000\n", FREE),
        ("garbage\n", FREE),
    ],
)
def test_a_quota_counts_in_whole_processors(quota, expected, tmp_path):
    path = tmp_path / "cpu.max"
    path.write_text(quota)
    assert processors(path) == expected


def test_without_a_quota_the_scheduler_decides(tmp_path):
    assert processors(tmp_path / "absent") == FREE


def test_the_default_cap_is_from_2_to_16():
    assert 2 <= agents_at_once() <= 16
