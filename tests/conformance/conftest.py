"""Plays the cases of the conformance list: in goes the body of `main()`, out comes what is left.

The numbers in the names of the tests are those of the list in the specification of the script API.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from hocket.testing import Stage, resume_script, run_script

if TYPE_CHECKING:
    from pathlib import Path

HEAD = '''\
"""A case of the conformance list."""
from hocket.script import AgentError, agent, args, ask, attempt, budget, log
from hocket.script import parallel, phase, pipeline, reveal, workflow
'''


@dataclass(frozen=True)
class Case:
    """A project in which scripts run, each given as the body of its `main()`."""

    project: Path

    def source(self, body, *, name="case", meta="", imports="", above=""):
        """Write a whole script: further fields of `meta`, imports, and code above `main()`."""
        inside = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
        fields = f'{imports}\nmeta = {{"name": "{name}", {meta}}}\n'
        return f"{HEAD}{fields}{textwrap.dedent(above)}\nasync def main():\n{inside}\n"

    def save(self, path, body, **parts):
        """Write a script into the project, for `workflow()` to find."""
        place = self.project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self.source(body, name=place.stem, **parts), "utf-8")

    def run(self, body, answers=None, *, args=None, stage=None, **parts):
        """Run a script from its start."""
        source = self.source(body, **parts)
        stage = stage or Stage()
        return run_script(source, answers, project=self.project, args=args, stage=stage)

    def raised(self, call, answers=None, **given):
        """Await one call in a script and give the class and the message of what it raised."""
        body = f"""
            try:
                return await {call}
            except TypeError as error:
                return ["TypeError", str(error)]
            except ValueError as error:
                return ["ValueError", str(error)]
            except AgentError as error:
                return ["AgentError", str(error)]
            """
        return self.run(body, answers, **given).result

    def resume(self, before, answers=None, *, body=None, args=None, stage=None, **parts):
        """Go on with a run, with another body or other args if they are given."""
        source = None if body is None else self.source(body, **parts)
        given = {"source": source, "args": args, "stage": stage or Stage()}
        return resume_script(before.run_id, answers, project=self.project, **given)


@pytest.fixture
def case(hocket_project):
    return Case(hocket_project)


@pytest.fixture
def person():
    """Give a class whose instances answer every question with the next of their answers."""

    class Person:
        def __init__(self, *answers):
            self.answers = list(answers)
            self.asked = []

        async def answer(self, question):
            self.asked.append(question.text)
            return self.answers.pop(0)

    return Person
