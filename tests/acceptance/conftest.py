"""An office for every case: a project on the stand-in, with nobody's own keys."""

from __future__ import annotations

import office as offices
import pytest


@pytest.fixture
def office(hocket_project, monkeypatch, tmp_path):
    pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")
    offices.nobody(monkeypatch, tmp_path)  # after the project, which takes all keys away
    return offices.Office(hocket_project)
