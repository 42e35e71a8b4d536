"""Fixtures for tests of scripts and plugins; every pytest run loads this, so it imports little."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket.testing.clock import JumpingClock
    from hocket.testing.standin import StandIn

_HOMES = (
    *("HOME", "USERPROFILE"),
    *("HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME"),
)
_BEGINNINGS = ("ANTHROPIC_", "OPENAI_", "AWS_", "CLAUDE_CODE_", "CLOUD_ML_", "GOOGLE_")
_OWN = {name: value for name, value in os.environ.items() if name.startswith(_BEGINNINGS)}
"""What would make a test ask a real model in the name of who runs it."""


@pytest.fixture
def hocket_clock() -> JumpingClock:
    """Give a clock that jumps on the loop of `hocket.testing.run`."""
    from hocket.testing.clock import JumpingClock  # noqa: PLC0415  asyncio costs 40 ms

    return JumpingClock()


@pytest.fixture
def hocket_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty project; the person's home, settings and data are empty folders beside it.

    No model of theirs is found: their keys are taken out of the environment, those that a test
    put there are not, and no server is looked for.
    """
    for name, value in _OWN.items():
        if os.environ.get(name) == value:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOCKET_LOCAL_SERVERS", "none")
    for name in _HOMES:
        home = tmp_path / "homes" / name.lower()
        home.mkdir(parents=True)
        monkeypatch.setenv(name, str(home))
    project = tmp_path / "project"
    (project / ".hocket").mkdir(parents=True)
    return project


@pytest.fixture
def hocket_standin() -> Generator[StandIn]:
    """Give a stand-in for model servers; it serves from a thread of its own, steered by prompts."""
    from hocket.testing.standin import serving  # noqa: PLC0415  asyncio costs 40 ms

    with serving() as server:
        yield server
