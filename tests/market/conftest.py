"""People with folders of their own who type commands about packages."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from hocket.cli import main

GIT = {
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@acme.example",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@acme.example",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Said(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def data(self):
        """The object that `--json` printed."""
        return json.loads(self.out)


class Person:
    """Somebody with a home, a project, and nobody else's folders."""

    def __init__(self, folder, monkeypatch):
        self.folder, self._patch = folder, monkeypatch
        self.home, self.project = folder / "home", folder / "project"
        for one in (self.home, self.project / ".hocket"):
            one.mkdir(parents=True)

    @property
    def workflows(self):
        """Where the project's bundles are."""
        return self.project / ".hocket" / "workflows"

    @property
    def lock(self):
        return self.project / "hocket.lock"

    def types(self, *words, at=None):
        """Type a command; nobody is at the terminal to answer."""
        for name in ("CONFIG", "DATA", "CACHE"):
            self._patch.setenv(f"HOCKET_{name}_HOME", str(self.folder / name.lower()))
        self._patch.setenv("HOME", str(self.home))
        for name, value in GIT.items():
            self._patch.setenv(name, value)
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(at or self.project),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = main([str(word) for word in words])
        return Said(code, out.getvalue(), err.getvalue())

    def does(self, *words, at=None):
        """Type a command that has to work."""
        said = self.types(*words, at=at)
        assert said.code == 0, said
        return said

    def files(self, folder=None):
        """Read all files of the project, but for git's own, by their paths."""
        root = Path(folder or self.project)
        found = sorted(path for path in root.rglob("*") if path.is_file())
        inside = ((path.relative_to(root).as_posix(), path) for path in found)
        return {
            name: path.read_bytes()
            for name, path in inside
            if not name.startswith(".git/") and "/.git/" not in name and "/runs/" not in name
        }


@pytest.fixture
def people(tmp_path, monkeypatch):
    """Give people by name."""
    known = {}

    def person(name):
        if name not in known:
            known[name] = Person(tmp_path / name, monkeypatch)
        return known[name]

    return person


@pytest.fixture
def ann(people):
    """Give the one who writes bundles."""
    return people("ann")


@pytest.fixture
def bob(people):
    """Give the one who uses them."""
    return people("bob")
