"""A person and a project, each with files that define agent types."""

from __future__ import annotations

from hashlib import sha256

import pytest

from hocket.api.settings import PluginSettings
from hocket_plugins.agents import files


class Place:
    """Writes files, trusts them, and asks the plugin."""

    def __init__(self, project, home):
        self.project, self.home, self.data = project, home, home / "data"
        self.trusted = {}

    def put(self, name, text, *, trusted=True):
        """Write a file of the project."""
        raw = text if isinstance(text, bytes) else text.encode()
        self._write(self.project / name, raw)
        if trusted:
            self.trusted[name] = sha256(raw).hexdigest()

    def mine(self, name, text):
        """Write a file of the person's own, beneath their home."""
        self._write(self.home / name, text.encode())

    def _write(self, path, raw):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)

    def settings(self, **more):
        given = {"trusted": self.trusted, "data": self.data} | more
        return PluginSettings(self.project, **given)

    def types(self, **more):
        """Give what the plugin hands over, by name."""
        found = files.hocket_register_agent_types(self.settings(**more))
        assert len({kind.name for kind in found}) == len(found)
        return {kind.name: kind for kind in found}


@pytest.fixture
def place(tmp_path, monkeypatch):
    (tmp_path / "project").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Place(tmp_path / "project", tmp_path / "home")
