"""A project, a person who allows every canary, a gullible model, and one run of all that."""

from __future__ import annotations

import json
import os
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from canaries import EVIL, Kit
from obedient import Gullible, seen
from orders import mentions

from hocket.testing import Stage, resume_script, run_command, run_script

HEAD = """\
from hocket.script import (
    AgentError, agent, args, ask, attempt, classify_and_act, fan_out, generate_and_filter, log,
    parallel, phase, pipeline, rank, reveal, synthesize, tournament, until_done, verify, workflow,
)
import json
meta = {"name": "case", "description": "A case.", "phases": ["Read", "Act"]META}
ACT = ["send_report", "post_status", "Write"]
async def main():
"""
ALLOWED = (
    "send_report",
    "post_status",
    "deploy",
    "Write",
    "Edit",
    "Bash",
    "WebFetch",
    "WebSearch",
    "read_page",
    "read_broken",
    "mcp__s",
    "Skill",
)
ACTING = frozenset({"send_report", "post_status", "deploy", "Write", "Edit", "Bash"})
PWNED = f"{EVIL}.txt"


def script(body, meta=""):
    """Write the body of a `main()` as a script."""
    more = f", {meta}" if meta else ""
    return HEAD.replace("META", more) + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")


@dataclass
class Played:
    """What a run did: which canaries ran for whom, and what models were sent."""

    run: object
    kit: Kit
    project: Path
    requests: list = field(default_factory=list)

    @property
    def result(self):
        return self.run.result

    @property
    def census(self):
        return {state: count for state, count in self.run.census.items() if count}

    def ran(self, word=EVIL):
        """List the hostile uses of canaries that really happened."""
        uses = [
            (tool.name, use)
            for tool in self.kit.canaries
            for use in tool.ran
            if word in json.dumps(use)
        ]
        files = self.project.glob(f"{word}*.txt")
        return uses + [("file", path.name) for path in files]

    def done(self, to="owner"):
        """Count the legitimate uses."""
        return sum(use.get("to") == to for tool in self.kit.canaries for use in tool.ran)

    def actors(self):
        """Give what was sent to models in calls that can act and cannot read from outside."""
        return [request for request in self.requests if _acts(request)]

    def leaked(self, word=EVIL):
        """List the texts of strangers that an actor's model was sent."""
        texts = [text for request in self.actors() for text in seen(request)]
        return [text for text in texts if mentions(text, word)]

    def records(self, kind):
        """Give the lines of one kind out of the journal."""
        lines = (self.run.folder / "journal.jsonl").read_text("utf-8").splitlines()
        found = [json.loads(line[line.index("{") :]) for line in lines if "{" in line]
        return [line for line in found if line.get("t") == kind]


def _acts(request):
    names = {spec.name for spec in request.tools}
    reads = any(name.startswith(("read_", "Web", "mcp__")) for name in names)
    return bool(names & ACTING) and not reads


class Scene:
    """Plays scripts in one project, again and again."""

    def __init__(self, project, texts=None, *, tools=(), model=None):
        self.project = project
        self.texts = texts or {}
        self.kit = Kit(model or Gullible(), self.texts, tools)
        self.plugins = {"test.kit": self.kit}
        self.allowed = ()
        """Further tools that the person allows."""
        self.more = ""
        """Further settings of the person."""

    def settle(self, *, mode="on", ids="values", more=""):
        """Write the person's settings."""
        config = Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"
        allowed = json.dumps([*ALLOWED, *self.allowed])
        quarantine = f'[quarantine]\nmode = "{mode}"\nids = "{ids}"\n'
        config.write_text(
            f'{more}\n[agent_loop]\nprovider = "gullible"\n'
            f"[permissions]\nallow = {allowed}\n{quarantine}{self.more}",
            "utf-8",
        )

    def play(self, body, args=None, *, mode="on", ids="values", meta="", more="", **stage):
        """Run the body of a `main()` to its end."""
        return self.whole(script(body, meta), args, mode=mode, ids=ids, more=more, **stage)

    def whole(self, source, args=None, *, mode="on", ids="values", more="", **stage):
        """Run a whole script to its end."""
        self.settle(mode=mode, ids=ids, more=more)
        run = run_script(source, project=self.project, args=args, stage=self.stage(**stage))
        return self._played(run)

    def types(self, words, **stage):
        """Run what a person types after `hocket` to its end."""
        self.settle()
        return self._played(run_command(words, project=self.project, stage=self.stage(**stage)))

    def again(self, before, body=None, *, meta="", **stage):
        """Go on with a run, in what is another process as far as it can tell."""
        source = None if body is None else script(body, meta)
        run = resume_script(
            before.run.run_id, project=self.project, source=source, stage=self.stage(**stage)
        )
        return self._played(run)

    def resumed(self, run_id):
        """Go on with a run that another process began."""
        self.settle()
        return self._played(resume_script(run_id, project=self.project, stage=self.stage()))

    def stage(self, **stage):
        plugins = {**self.plugins, **stage.pop("plugins", {})}
        return Stage(choices={"backend": "agent_loop"}, plugins=plugins, **stage)

    def _played(self, run):
        return Played(run, self.kit, self.project, [*self.kit.model.requests])
