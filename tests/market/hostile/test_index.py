"""Every case of the list is proved somewhere, and where is no guess."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
HERE = Path(__file__).parent
ELSEWHERE = {
    "M41": "registry/sources/test_fetching.py::test_a_tag_that_was_moved_is_not_the_commit",
    "M47": "registry/planning/test_withdrawals.py::"
    "test_a_young_version_waits_unless_it_is_accepted",
    "B03": "registry/linting/test_lints.py::test_b03_l02_a_known_installer_is_only_warned_about",
}
ALL = {*(f"M{number:02}" for number in range(1, 53)), *(f"B{number:02}" for number in range(1, 11))}


def test_no_case_is_missing():
    texts = [path.read_text("utf-8") for path in HERE.glob("test_*.py") if path != Path(__file__)]
    here = set(re.findall(r"\b[MB]\d\d\b", "\n".join(texts)))
    assert ALL - here - {*ELSEWHERE} == set()
    for case, place in ELSEWHERE.items():
        path, _, test = place.partition("::")
        assert f"def {test}(" in (TESTS / path).read_text("utf-8"), f"{case}: no {place}"
