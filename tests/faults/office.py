"""A project whose agents reach a stand-in over real HTTP, on a clock that jumps.

Client and server share one loop, so nothing of the wire is left out and an hour passes at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import textwrap
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from oracle import check

from hocket.api.approval import Judgement, Verdict
from hocket.api.markers import hookimpl
from hocket.api.tools import AgentType
from hocket.engine.clock import MachineClock
from hocket.testing import JumpingClock, Stage, resume_script, run_script
from hocket.testing.standin import StandIn

if TYPE_CHECKING:
    from hocket.api.clock import Clock

HEAD = """\
from hocket.script import AgentError, agent, args, attempt, log, parallel, pipeline
meta = {"name": "case", "description": "A case."}
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"],
          "additionalProperties": False}
async def main():
"""
FAN = """
    async def one(n):
        record = await attempt(args["say"].replace("#", str(n)), label=str(n), tools=[])
        return [record["state"], record["cause"], record["value"]]
    return await parallel([lambda n=n: one(n) for n in range(args["n"])])
    """
"""So many agents, each with the same orders under an id of its own, and what became of each."""


def nobody(monkeypatch, home):
    """Take away everybody's keys and places, and give one key that opens nothing."""
    for name in list(os.environ):
        if name.startswith(("ANTHROPIC_", "OPENAI_", "AWS_", "CLAUDE_CODE_", "GOOGLE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, "sk-nobody")


class LongWinded:
    """A plugin with an agent type that has so much to say that its prefix is worth keeping."""

    @hookimpl
    def hocket_register_agent_types(self, settings):
        """Offer it."""
        return [AgentType("long", "", "The rules of this project are long. " * 1_700, ("Glob",))]


class Permissive:
    """A plugin with a policy that allows whatever it is asked about."""

    name = "permissive"

    @hookimpl
    def hocket_register_policies(self, settings):
        """Offer itself."""
        return [self]

    def judge(self, call):
        """Allow every call."""
        return Judgement(Verdict.ALLOW)

    def judge_use(self, call, use):
        """Allow every use of a tool."""
        return Judgement(Verdict.ALLOW)


@dataclass
class Office:
    """Plays scripts in one project; `server` tells what was asked, `journal` what was kept."""

    project: Path
    cap: int = 16
    lives: int = 0
    repeats: int = 0
    server: StandIn = field(default_factory=StandIn)
    port: int = 0
    clock: Clock = field(default_factory=JumpingClock)

    def __post_init__(self):
        """Take a port that stays the same for all lives, so that nothing of a run changes."""
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.settle()

    def settle(self, *, model="anthropic/standin", anthropic="", more="", **loop):
        """Write the person's settings: no project may say where a key is sent."""
        values = {"model": f'"{model}"', **loop}
        lines = "\n".join(f"{name} = {value}" for name, value in values.items())
        url = f"http://127.0.0.1:{self.port}"
        text = (
            f'{more}\n[anthropic]\nbase_url = "{url}"\n{anthropic}\n'
            f'[openai]\nbase_url = "{url}/v1"\n[agent_loop]\n{lines}\n'
        )
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text, "utf-8")

    @property
    def config(self):
        """Where the person's settings are."""
        return Path(os.environ["HOCKET_CONFIG_HOME"]) / "config.toml"

    def play(self, body, args=None, *, rules=(), serve=True, **stage):
        """Run the body of a `main()` to the moment the run leaves."""
        source = HEAD + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n"
        self.lives = 0
        on = self._stage(rules, stage, serve=serve)
        return self._held(run_script(source, project=self.project, args=args, stage=on))

    def again(self, before, *, rules=(), serve=True, **stage):
        """Go on with a run, on a new server."""
        on = self._stage(rules, stage, serve=serve)
        return self._held(resume_script(before.run_id, project=self.project, stage=on))

    def fan(self, say, n=1, **stage):
        """Play so many agents at once; gives the run."""
        return self.play(FAN, {"say": say, "n": n}, **stage)

    def real_clock(self):
        """Give the clock for stories with processes."""
        return MachineClock()

    def lines(self, played, kind):
        """Give the lines of one kind out of all transcripts."""
        texts = [path.read_text("utf-8") for path in sorted((played.folder / "agents").iterdir())]
        lines = [json.loads(line) for text in texts for line in text.splitlines()]
        return [line for line in lines if line["t"] == kind]

    @property
    def starts(self):
        """When each request for a turn arrived, in seconds of the run."""
        return [entry.at_s for entry in self.server.log]

    def bodies(self, name):
        """Give what was asked under an id, try by try."""
        return [entry.body for entry in self.server.log if entry.id == name]

    def _stage(self, rules, stage, *, serve):
        self.server = StandIn(rules=rules, clock=self.clock, port=self.port)
        flags = {"concurrency": self.cap, **stage.pop("flags", {})}
        given = Stage(choices={"backend": "agent_loop"}, flags=flags, **stage)
        return replace(given, ready=self._open(given.ready)) if serve else given

    def _open(self, ready):
        """Serve as long as the run's loop runs; its end cancels what is left on it."""

        def opened(run):
            self._served = asyncio.get_running_loop().create_task(self._serve())
            ready(run)

        return opened

    async def _serve(self):
        async with self.server:
            await asyncio.Event().wait()

    def _held(self, played):
        """Hold the run against what is promised of every run."""
        self.lives += 1
        self.journal = journal = check(played.folder, cap=self.cap, lives=self.lives)
        self.repeats = max(self.repeats, journal.repeats)
        ended = {(r["key"], r["occ"]) for r in journal.records if r["t"] == "ended"}
        assert sum(played.census.values()) == len(ended)
        return played
