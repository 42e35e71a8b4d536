"""What a router made of the calls of runs: who was asked, what it cost, what it was worth."""

from __future__ import annotations

from hocket.launch.routing.comparison import Comparison, compare
from hocket.launch.routing.courses import Course, Try, courses
from hocket.launch.routing.labels import Labels, read_labels
from hocket.launch.routing.shares import Share, Shares, shares

__all__ = [
    "Comparison",
    "Course",
    "Labels",
    "Share",
    "Shares",
    "Try",
    "compare",
    "courses",
    "read_labels",
    "shares",
]
