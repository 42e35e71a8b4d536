"""A workshop in which scripts are estimated, and then really run by agents of a made-up world."""

from __future__ import annotations

import importlib
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from hocket.api.markers import hookimpl
from hocket.engine.services import Policies
from hocket.estimate.making import estimate
from hocket.launch.opened import new_run
from hocket.launch.prepare import Demand, prepare
from hocket.launch.project import Project
from hocket.launch.start import Company, live
from hocket.testing import JumpingClock, ScriptedBackend, run

BENCH = Path(__file__).parents[1] / "bench" / "estimate"
HEAD = '''"""A script."""
from hocket.script import agent, args, ask, attempt, budget, parallel, phase, pipeline, workflow

meta = {"name": "case"%s}
LIST = {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "string"}}},
        "required": ["items"]}
VOTE = {"type": "object", "properties": {"verdict": {"enum": ["yes", "no"]}},
        "required": ["verdict"]}
'''


class Ticking:
    """A clock on which time passes when somebody looks at it; with a step of 0 it stands still."""

    def __init__(self, step=1.0):
        self.now, self._step = 0.0, step

    def monotonic(self):
        self.now += self._step
        return self.now

    def wall_ms(self):
        return 0

    async def sleep(self, seconds):
        self.now += seconds


class Plugin:
    """Offers a backend, and patterns."""

    def __init__(self, backend, patterns=()):
        self._backend, self._patterns = backend, patterns

    @hookimpl
    def hocket_register_backends(self, settings):
        return [self._backend]

    @hookimpl
    def hocket_register_patterns(self):
        return [*self._patterns]


class Workshop:
    """A project with one script."""

    def __init__(self, root):
        self.root = root
        self.patterns = ()
        self.choices = {}

    def save(self, body, name="wf.py", *, meta=""):
        """Write a script: a body with `async def main()`, or only what is inside of it."""
        if "async def main" not in body:
            inside = "".join(f"    {line}\n" for line in body.splitlines())
            body = f"async def main():\n{inside}"
        place = self.root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{HEAD % meta}\n{body}")
        return place

    def settings(self, text):
        """Write the person's own settings."""
        Path(os.environ["HOCKET_CONFIG_HOME"], "config.toml").write_text(text)

    def prepared(self, args=None, *, backend=None, name="wf.py", **flags):
        offered = backend or ScriptedBackend({"": "an answer"})
        project = Project.open(
            self.root,
            choices={"backend": offered.name, **self.choices},
            flags={"concurrency": 4, **flags},
            plugins={"test": Plugin(offered, self.patterns)},
        )
        return prepare(project, Demand(name, None if args is None else json.dumps(args)))

    def estimate(self, args=None, *, most=12, clock=None, **more):
        """Estimate the script; on a clock that stands still the number of draws decides."""
        return estimate(self.prepared(args, **more), clock or Ticking(0.0), most=most)

    def run(self, args=None, *, shown=None, **more):
        """Run it really, as if a person had been shown an estimate; gives the report."""
        prepared = replace(self.prepared(args, **more), shown=shown)
        company = Company(clock=JumpingClock(), policies=Policies())
        return run(live(new_run(prepared), prepared, company))

    @property
    def files(self):
        """All files of the project and of the person."""
        top = self.root.parent
        return sorted(str(path.relative_to(top)) for path in top.rglob("*") if path.is_file())


@pytest.fixture
def shop(hocket_project):
    return Workshop(hocket_project)


@pytest.fixture
def bench(monkeypatch):
    """Import the bench's own modules, and forget them again."""
    monkeypatch.syspath_prepend(BENCH)
    before = set(sys.modules)
    names = ("histories", "shapes", "trial", "worlds")
    yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == BENCH:
            del sys.modules[name]


@pytest.fixture
def ticking():
    return Ticking
