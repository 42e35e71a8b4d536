"""Plays scripts on the engine: in goes the body of `main()`, out comes what is left."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

from hocket.api.markers import hookimpl
from hocket.testing import Stage, resume_script, run_script

HEAD = '''\
"""A story of the engine."""
from hocket.script import AgentError, agent, args, ask, attempt, budget, log
from hocket.script import parallel, phase, pipeline, reveal, workflow
'''


class Offers:
    """A plugin that offers whatever it is given."""

    def __init__(self, *, patterns=(), policies=(), stages=(), agent_types=(), router=None):
        self._patterns, self._policies, self._stages = patterns, policies, stages
        self._agent_types, self._router = agent_types, router

    @hookimpl
    def hocket_register_patterns(self):
        return self._patterns

    @hookimpl
    def hocket_register_policies(self, settings):
        return self._policies

    @hookimpl
    def hocket_register_stages(self, settings):
        return self._stages

    @hookimpl
    def hocket_register_agent_types(self, settings):
        return self._agent_types

    @hookimpl
    def hocket_choose_router(self, settings):
        return self._router


class Theatre:
    """A project in which runs are played, with whatever a plugin offers."""

    def __init__(self, project):
        self.project = project

    def source(self, body, *, name="story", imports="", meta=""):
        """Write a whole script around the body of its `main()`."""
        inside = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
        return (
            f'{HEAD}{imports}\nmeta = {{"name": "{name}", {meta}}}\nasync def main():\n{inside}\n'
        )

    def save(self, name, body, **parts):
        """Write a workflow for `workflow()` to find."""
        place = self.project / ".hocket" / "workflows" / f"{name}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.source(body, name=name, **parts), "utf-8")

    def play(self, body, answers=None, *, args=None, imports="", meta="", **stage):
        """Run a script; what is not of the script is of the stage."""
        source = self.source(body, imports=imports, meta=meta)
        return run_script(source, answers, project=self.project, args=args, stage=_stage(stage))

    def again(self, before, answers=None, *, body=None, imports="", **stage):
        """Go on with a run."""
        source = None if body is None else self.source(body, imports=imports)
        given = {"source": source, "stage": _stage(stage)}
        return resume_script(before.run_id, answers, project=self.project, **given)


def _stage(given):
    offers = given.pop("offers", None)
    plugins = dict(given.pop("plugins", {}))
    if offers is not None:
        plugins["testing.offers"] = Offers(**offers)
    return Stage(plugins=plugins, **given)


@pytest.fixture
def theatre(hocket_project):
    return Theatre(hocket_project)


@pytest.fixture
def quarantine_off(hocket_project):
    """Let a person's own settings switch quarantine off."""
    settings = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
    settings.write_text('[quarantine]\nmode = "off"\n')
