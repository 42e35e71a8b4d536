"""Plays scripts as a bundle's: a ceiling by hand, real tools, models that say what is told."""

from __future__ import annotations

import asyncio
import json
import os
import textwrap
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hocket.api.markers import hookimpl
from hocket.engine.clock import MachineClock
from hocket.engine.services import Policies
from hocket.launch import languages
from hocket.launch.arguments import Arguments
from hocket.launch.locate import Found
from hocket.launch.prepare import prepared
from hocket.launch.project import Project
from hocket.launch.reopen import Changes, reopen
from hocket.launch.start import Company, live, new_run
from hocket.testing import JumpingClock, JumpingLoop, ScriptedModel

HEAD = """\
from hocket.script import AgentError, agent, args, attempt, parallel, reveal, workflow
"""


class Offers:
    """A plugin that offers a model, and whatever else."""

    def __init__(self, model, policies=(), stages=(), backends=(), tools=(), kinds=()):
        self.model, self.policies, self.stages = model, policies, stages
        self.backends, self.tools, self.kinds = backends, tools, kinds

    @hookimpl
    def hocket_register_models(self, settings):
        return [self.model]

    @hookimpl
    def hocket_register_policies(self, settings):
        return self.policies

    @hookimpl
    def hocket_register_stages(self, settings):
        return self.stages

    @hookimpl
    def hocket_register_backends(self, settings):
        return self.backends

    @hookimpl
    def hocket_register_tools(self, settings):
        return self.tools

    @hookimpl
    def hocket_register_agent_types(self, settings):
        return self.kinds


@dataclass
class Person:
    """Somebody who says the same to everything."""

    says: str | None = "allow"
    asked: list[str] = field(default_factory=list)

    async def answer(self, question):
        self.asked.append(question.text)
        return self.says


@dataclass
class Played:
    """What is left of a run."""

    report: dict
    folder: Path
    card: object
    run_id: str

    @property
    def result(self):
        return self.report["result"]

    @property
    def records(self):
        lines = (self.folder / "journal.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    @property
    def decided(self):
        """Verdict and reason of all decisions, in order."""
        records = [one for one in self.records if one["t"] == "decided"]
        return [(one["verdict"], one["reason"]) for one in records]

    @property
    def heard(self):
        """What the agents' tools answered, in order."""
        files = sorted((self.folder / "agents").iterdir())
        lines = [json.loads(line) for one in files for line in one.read_text().splitlines()]
        blocks = [block for line in lines if line["t"] == "message" for block in line["blocks"]]
        results = [block for block in blocks if block["kind"] == "tool_result"]
        return [part["text"] for block in results for part in block["content"]]


class Bundle:
    """A project in which scripts run beneath a ceiling."""

    def __init__(self, project):
        self.root = project
        (project / ".hocket" / "config.toml").write_text('[agent_loop]\nprovider = "scripted"\n')
        self.person_says("")

    def person(self, says="allow"):
        return Person(says)

    def person_says(self, text):
        (Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml").write_text(text, "utf-8")

    def write(self, name, text=""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def source(self, body, meta=""):
        inside = textwrap.indent(textwrap.dedent(body).strip(), "    ")
        said = f'meta = {{"name": "story", "description": "A story.", {meta}}}\n'
        return f'"""A story."""\n{HEAD}{said}async def main():\n{inside}\n'

    def play(self, body, *turns, ceiling, meta="", rules=(), real=False, **given):
        """Run a body of `main()` beneath a ceiling."""
        project = self.project(turns, given)
        host = languages.by_name(project, "python")
        script = host.read(self.source(body, meta), "story.py")
        script = replace(script, ceiling=ceiling, bundle="demo" if ceiling else "")
        project = project.granting(replace(project.typed.rules, allow=rules))
        made = prepared(project, Found(script), Arguments())
        return self.lived(new_run(made), made, given, real=real)

    def resume(self, before, *turns, changes=None, rules=(), real=False, **given):
        """Go on with a run, which knows of no ceiling but what its folder says."""
        project = self.project(turns, given)
        project = project.granting(replace(project.typed.rules, allow=rules))
        opened, made, _ = reopen(project, before.run_id, changes or Changes())
        return self.lived(opened, made, given, real=real)

    def project(self, turns, given):
        self.model = given.get("model") or ScriptedModel(*turns)
        names = ("policies", "stages", "backends", "tools", "kinds")
        offers = Offers(self.model, **{name: given[name] for name in names if name in given})
        env = {**os.environ, "HOCKET_TRUSTED_FOLDERS": str(self.root)}
        choices = {"backend": given.get("backend", "agent_loop")}
        plugins = {"testing.offers": offers, **given.get("plugins", {})}
        return Project.open(
            self.root, choices=choices, plugins=plugins, env=env, flags=given.get("flags", {})
        )

    def lived(self, opened, made, given, *, real):
        person = given.get("person")
        company = Company(
            clock=MachineClock() if real else JumpingClock(),
            approver=person,
            policies=Policies(
                attended=person is not None, accepted=frozenset(given.get("accepted", ()))
            ),
        )
        with asyncio.Runner(loop_factory=None if real else JumpingLoop) as runner:
            report = runner.run(live(opened, made, company))
        folder = Path(made.project.store().path(opened.run_id))
        return Played(report, folder, made.card, opened.run_id)


@pytest.fixture
def bundle(hocket_project):
    return Bundle(hocket_project)
