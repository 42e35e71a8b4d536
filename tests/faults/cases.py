"""The cases that are tests: run by pytest, and counted case by case."""

from __future__ import annotations

from collections import defaultdict
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from row import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
FILES = ("test_provider.py", "test_network.py", "test_agents.py")


class Count:
    """A plugin of pytest that makes rows out of reports."""

    def __init__(self, wanted: list[str] | None) -> None:
        self.wanted = wanted
        self.rows: dict[int, Row] = {}
        self._cases: dict[str, int] = {}
        self._skipped: defaultdict[int, list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the cases that are wanted."""
        marked = {item.nodeid: item.get_closest_marker("case") for item in items}
        self._cases = {name: mark.args[0] for name, mark in marked.items() if mark is not None}
        if self.wanted is not None:
            items[:] = [i for i in items if str(self._cases.get(i.nodeid)) in self.wanted]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a point when it ran; what was set up or cleared away wrongly did not survive."""
        number = self._cases.get(report.nodeid)
        if number is None:
            return
        row = self.rows.setdefault(number, Row(str(number), _words(report.nodeid)))
        if report.skipped and not hasattr(report, "wasxfail"):
            self._skipped[number].append(str(report.longrepr[2]))  # type: ignore[index]
            row.not_run = self._skipped[number][0].removeprefix("Skipped: ")
        elif report.when == "call":
            row.points += 1
            row.seconds = round(row.seconds + report.duration, 1)
            row.survived += report.passed
        if report.failed or hasattr(report, "wasxfail"):
            why = getattr(report, "wasxfail", "") or report.longreprtext.splitlines()[-1]
            row.broken.append(f"{report.nodeid.rpartition('::')[2]}: {why}")
            row.survived -= report.failed and report.when == "teardown"
        told = dict(report.user_properties)
        row.repeats = max(row.repeats, int(str(told.get("repeats", 0))))
        row.orphans = max(row.orphans, int(str(told.get("orphans", 0))))


def counted(wanted: list[str] | None) -> Iterator[Row]:
    """Run them, and give a row for each case."""
    count = Count(wanted)
    files = [str(HERE / name) for name in FILES]
    with redirect_stdout(StringIO()):
        pytest.main([*files, "-q", "-p", "no:cacheprovider"], plugins=[count])
    yield from (count.rows[number] for number in sorted(count.rows))


def _words(nodeid: str) -> str:
    """Give the sentence that a test's name is."""
    name = nodeid.rpartition("::")[2].partition("[")[0]
    return " ".join(name.split("_")[2:])
