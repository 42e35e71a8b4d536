"""The files that are written when a run is done; a fault of ours never costs the result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocket.api.inert import csv_line
from hocket.api.protocols import Extractive
from hocket.launch.reports.account import account
from hocket.launch.reports.sarif import sarif

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocket.api.protocols import Backend
    from hocket.engine.summary import Report


def written(run: Report, warn: Callable[[str], None], *, rules: bool = False) -> dict[str, bytes]:
    """Give the files of a report by name; none for a result that is no report."""
    try:
        return _files(run, rules=rules)
    except Exception as bug:  # noqa: BLE001  (the run is done, and its result is kept)
        warn(f"the report could not be written ({type(bug).__name__}); result.json has all of it.")
        return {}


def by_rules(backend: Backend) -> bool:
    """Say whether a backend answers by rules alone, without a language model."""
    return isinstance(backend, Extractive) and backend.extractive


def _files(run: Report, *, rules: bool) -> dict[str, bytes]:
    made = account(run, rules=rules)
    if made is None:
        return {}
    files = {"report.md": made.markdown(), "report.html": made.html()}
    if made.data.findings:
        log = sarif(made.data, made.run.name)
        files["report.sarif"] = json.dumps(log, ensure_ascii=False, indent=1) + "\n"
    if made.data.tables:
        first = made.data.tables[0]  # a file of cells holds one
        files["report.csv"] = "".join(csv_line([*row]) for row in (first.columns, *first.rows))
    return {name: text.encode("utf-8", "replace") for name, text in files.items()}
