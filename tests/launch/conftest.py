"""A project to launch from: scripts are saved in it, and it is opened as a command would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from hocket.launch.project import Project
from hocket.testing import ScriptedBackend
from hocket.testing.running import _Offers

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '"""A script."""\nfrom hocket.script import agent, args, attempt, log, workflow\n'


@dataclass
class Place:
    """An empty project of a person with empty settings."""

    root: Path

    def save(self, body="return args", name="wf.py", *, meta=""):
        inside = "".join(f"    {line}\n" for line in body.splitlines())
        script = f'{HEAD}meta = {{"name": "case", {meta}}}\n\nasync def main():\n{inside}'
        return self.write(name, script)

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def settings(self, text):
        self.write(".hocket/config.toml", text)

    def open(self, backend=None, *, here=None, **more):
        """Open it with a scripted backend, unless another is named."""
        offered = backend or ScriptedBackend({"": "an answer"})
        more.setdefault("choices", {"backend": offered.name})
        return Project.open(here or self.root, plugins={"test": _Offers(offered)}, **more)


@pytest.fixture
def place(hocket_project):
    return Place(hocket_project)
