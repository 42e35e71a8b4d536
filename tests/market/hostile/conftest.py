"""Somebody who installs what should not be installed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from watched import everything

ALLOWED = frozenset({"git", "ssh-keygen"})
"""The only programs that installing may start."""


class Trap:
    """Watches one command: what it writes lies in its own folders, and nothing of others ran."""

    def __init__(self, person, outside):
        self.person, self.outside = person, outside
        outside.mkdir()
        (outside / "canary").write_text("as it was\n", "utf-8")

    def types(self, *words):
        """Type a command, and look at everything that it did."""
        with everything() as found:
            said = self.person.types(*words)
        started = {Path(where).name for what, where in found if what == "start"}
        assert started <= ALLOWED, started
        for what, where in found:
            if what != "start" and Path(where).is_absolute() and where != os.devnull:
                assert Path(where).is_relative_to(self.person.folder), (what, where)
        assert [path.name for path in self.outside.iterdir()] == ["canary"]
        assert (self.outside / "canary").read_text("utf-8") == "as it was\n"
        return said


@pytest.fixture
def trap(bob, tmp_path, monkeypatch):
    """Watch Bob, whose temporary files lie in his folder too."""
    (bob.folder / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(bob.folder / "tmp"))
    return Trap(bob, tmp_path / "outside")
