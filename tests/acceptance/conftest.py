"""An office for every case: a project on the stand-in, with nobody's own keys.

What takes longer than the quick suite may is marked slow: `pytest tests/acceptance -m slow`.
"""

from __future__ import annotations

import office as offices
import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: a proof that takes its time; run it with -m slow")


def pytest_collection_modifyitems(config, items):
    if "slow" in config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow") is not None]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]


@pytest.fixture
def office(hocket_project, monkeypatch, tmp_path):
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    offices.nobody(monkeypatch, tmp_path)  # after the project, which takes all keys away
    return offices.Office(hocket_project)
