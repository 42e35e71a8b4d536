"""Proof that injections do nothing: a gullible agent, real tools, and canaries that tell.

What needs other programs is marked slow: `pytest tests/quarantine -m slow`.
"""

from __future__ import annotations

import pytest
from scene import Scene
from theatre import Theatre


@pytest.fixture
def scenes(hocket_project):
    """Give what makes scenes in a project."""

    def made(texts=None, **more):
        return Scene(hocket_project, texts, **more)

    return made


@pytest.fixture(scope="session")
def theatre(tmp_path_factory):
    """Give what plays a scene once for all who look at it."""
    return Theatre(tmp_path_factory)
