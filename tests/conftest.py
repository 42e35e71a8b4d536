"""What holds for all tests: who is trusted, and what is not run unless it is asked for.

Temporary projects are trusted, as on a CI machine; tests of trust take the variable away. Proofs
that take their time are marked slow, and have their own command: `pytest -m slow`.
"""

from __future__ import annotations

import os
import tempfile

import pytest

VARIABLE = "HOCKET_TRUSTED_FOLDERS"


def pytest_xdist_auto_num_workers(config):
    """Take one worker more than there are processors: much of a test is waiting for a process."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config, items):
    if "slow" in config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow") is not None]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item.get_closest_marker("slow") is None]


@pytest.fixture(scope="session", autouse=True)
def _temporary_folders_are_trusted(tmp_path_factory):
    """Set it for this process and all that it starts, as long as the tests last."""
    before = os.environ.get(VARIABLE)
    folders = dict.fromkeys((tempfile.gettempdir(), str(tmp_path_factory.getbasetemp())))
    os.environ[VARIABLE] = os.pathsep.join(folders)
    yield
    os.environ.pop(VARIABLE) if before is None else os.environ.update({VARIABLE: before})
