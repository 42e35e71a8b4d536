"""Scenes that many cases look at: each is played once, in a project and a home of its own."""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest

HOMES = ("HOME", "USERPROFILE", "HOCKET_CONFIG_HOME", "HOCKET_DATA_HOME", "HOCKET_CACHE_HOME")
KEYS = ("ANTHROPIC_", "OPENAI_", "AWS_", "CLAUDE_CODE_", "CLOUD_ML_", "GOOGLE_")


class Theatre:
    """Remembers what was played."""

    def __init__(self, folders):
        self._folders = folders
        self._played = {}

    def played(self, key, play):
        """Give what a play came to; `play` gets a new project."""
        if key not in self._played:
            with self._at_home("-".join(key)) as project:
                self._played[key] = play(project)
        return self._played[key]

    @contextmanager
    def _at_home(self, name):
        folder = self._folders.mktemp(name)
        with pytest.MonkeyPatch.context() as patched:
            for variable in [one for one in os.environ if one.startswith(KEYS)]:
                patched.delenv(variable)
            patched.setenv("HOCKET_LOCAL_SERVERS", "none")
            for variable in HOMES:
                home = folder / "homes" / variable.lower()
                home.mkdir(parents=True)
                patched.setenv(variable, str(home))
            project = folder / "project"
            (project / ".hocket").mkdir(parents=True)
            yield project
