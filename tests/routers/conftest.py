"""A project whose calls a router sends to scripted models."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pytest

from hocket.api.calls import Usage
from hocket.testing import ScriptedBackend, Stage, Tokens, resume_script, run_script

HEAD = '"""A story."""\nfrom hocket.script import agent, args, attempt, budget, parallel\n'
MINE = 'meta = {{"name": "story", {meta}}}\n\nasync def main():\n'


class Models(ScriptedBackend):
    """Answers by the model that was asked; a function is given the call."""

    def __init__(self, *, cost=None, **answers):
        super().__init__({"": self._answer}, has_workspace=answers.pop("has_workspace", False))
        self._answers = answers
        self._cost = cost or {}
        self.asked: list[str | None] = []
        """The models in the order of being asked."""
        self.seen = []
        """The calls, as they came out of the stages."""

    def _answer(self, call):
        model = call.options.model
        self.asked.append(model)
        self.seen.append(call)
        answer = self._answers.get(model, "an answer")
        answer = answer(call) if callable(answer) else answer
        cost = self._cost.get(model, 1)
        return Tokens(Usage(output=cost, cost_micros=cost), answer)


@dataclass
class Routed:
    """A project with a router."""

    project: object
    router: str

    def settings(self, **fields):
        lines = [f"{name} = {value!r}" for name, value in fields.items()]
        text = "\n".join([f'router = "{self.router}"', f"[router_{self.router}]", *lines])
        (self.project / ".hocket" / "config.toml").write_text(text.replace("True", "true"), "utf-8")

    def source(self, body, meta=""):
        inside = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
        return HEAD + MINE.format(meta=meta) + inside + "\n"

    def play(self, body, models, *, meta="", **stage):
        source = self.source(body, meta)
        return run_script(source, models, project=self.project, stage=Stage(**stage))

    def again(self, before, models, **stage):
        return self.go_on(before.run_id, models, **stage)

    def go_on(self, run_id, models, **stage):
        return resume_script(run_id, models, project=self.project, stage=Stage(**stage))


@pytest.fixture
def routed(hocket_project):
    """Give what makes a project with a router of that name."""
    return lambda router: Routed(hocket_project, router)


@pytest.fixture
def models():
    """Give the backend that answers by model."""
    return Models
