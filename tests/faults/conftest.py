"""Every case has a number, an office of its own, and leaves no process behind."""

from __future__ import annotations

from pathlib import Path

import office as offices
import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "case(number): the case of the fault matrix it proves")


def children():
    """Give the processes that this one started and that still live."""
    found = set()
    for tasks in Path("/proc/self/task").glob("*/children"):
        found.update(tasks.read_text().split())
    return found


@pytest.fixture
def office(hocket_project, monkeypatch, tmp_path, record_property):
    """Give an office; what it repeated and what it left running is told to `run.py`."""
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    offices.nobody(monkeypatch, tmp_path)
    before = children()
    office = offices.Office(hocket_project)
    yield office
    orphans = children() - before
    record_property("repeats", office.repeats)
    record_property("orphans", len(orphans))
    assert not orphans
