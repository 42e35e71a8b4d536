"""Temporary projects are trusted, as on a CI machine; tests of trust take the variable away."""

from __future__ import annotations

import os
import tempfile

import pytest

VARIABLE = "HOCKET_TRUSTED_FOLDERS"


@pytest.fixture(scope="session", autouse=True)
def _temporary_folders_are_trusted(tmp_path_factory):
    """Set it for this process and all that it starts, as long as the tests last."""
    before = os.environ.get(VARIABLE)
    folders = dict.fromkeys((tempfile.gettempdir(), str(tmp_path_factory.getbasetemp())))
    os.environ[VARIABLE] = os.pathsep.join(folders)
    yield
    os.environ.pop(VARIABLE) if before is None else os.environ.update({VARIABLE: before})
