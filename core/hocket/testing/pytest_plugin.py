"""Fixtures for tests of scripts and plugins; every pytest run loads this, so it imports little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from hocket.testing.clock import JumpingClock
    from hocket.testing.standin import StandIn

_HOMES = ("HOME", "USERPROFILE", "HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME")


@pytest.fixture
def hocket_clock() -> JumpingClock:
    """Give a clock that jumps on the loop of `hocket.testing.run`."""
    from hocket.testing.clock import JumpingClock  # noqa: PLC0415  asyncio costs 40 ms

    return JumpingClock()


@pytest.fixture
def hocket_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty project; the person's home, settings and data are empty folders beside it."""
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
