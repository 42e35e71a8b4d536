"""A person and a project with skills, and an agent that loads them."""

from __future__ import annotations

import asyncio
import logging
from hashlib import sha256

import pytest

from hocket.api.settings import PluginSettings
from hocket.api.tools import Workspace
from hocket.testing import ScriptedToolContext
from hocket_plugins.tools import skills


def text_of(description, body="Do it.", more=""):
    return f"---\nname: whatever\ndescription: {description}\n{more}---\n\n{body}\n"


class Place:
    """Installs skills, and uses the tool."""

    text_of = staticmethod(text_of)

    def __init__(self, home):
        self.project, self.home = home / "project", home / "home"
        for folder in (self.project, self.home):
            folder.mkdir()
        self.trusted = {}
        self.is_trusted = True
        self.workspace = Workspace(self.project)

    def put(self, folder, text=None, *, trusted=True):
        """Install a skill of the project."""
        raw = self._write(self.project / folder / "SKILL.md", text or text_of("Does it."))
        if trusted:
            self.trusted[f"{folder}/SKILL.md"] = sha256(raw).hexdigest()

    def mine(self, folder, text=None):
        """Install a skill of the person's own; the data folder is `data` beneath the home."""
        self._write(self.home / folder / "SKILL.md", text or text_of("Does it."))

    def file(self, name, text="x"):
        """Write any file of the project."""
        self._write(self.project / name, text)

    def _write(self, path, text):
        raw = text if isinstance(text, bytes) else text.encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return raw

    @property
    def tools(self):
        data = self.home / "data"
        settings = PluginSettings(
            self.project, trusted=self.trusted, is_trusted=self.is_trusted, data=data
        )
        return skills.hocket_register_tools(settings)

    @property
    def tool(self):
        (tool,) = self.tools
        return tool

    @property
    def listed(self):
        """Give the lines that describe or name skills."""
        return self.tool.description.split("\n")[1:] if self.tools else []

    def use(self, tool=None, **arguments):
        context = ScriptedToolContext(self.workspace)
        return asyncio.run((tool or self.tool).run(arguments, context))

    def load(self, name, tool=None):
        output = self.use(tool, name=name)
        assert not output.is_error, output.text
        assert not output.label.outside
        return output.text

    def fails(self, tool=None, **arguments):
        output = self.use(tool, **arguments)
        assert output.is_error, output.text
        return output.text


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Place(tmp_path)


@pytest.fixture
def told(caplog):
    """Give what a person is told, line by line."""
    caplog.set_level(logging.WARNING)
    return lambda: [record.getMessage() for record in caplog.records]
