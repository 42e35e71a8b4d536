"""A real process killed in the middle of a call, and resumed: no whole turn is asked for again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from hocket.testing.standin import Reply, Said, StandIn, Used, serving

pytest.importorskip("anthropic", reason="needs anthropic: pip install 'hocket[test]'")

SCRIPT = '''"""Two agents, one after the other."""
from hocket.script import agent

meta = {"name": "two", "description": "Two agents"}


async def main():
    return [await agent("First."), await agent("Second.", tools=["Glob"])]
'''
PATIENCE_S = 20.0
HOCKET = (sys.executable, "-m", "hocket")

pytestmark = pytest.mark.timeout(60)


class Model:
    """Uses a tool in its first two turns; holds the third back as long as it is told to."""

    def __init__(self):
        self.holds = True
        self.asked = []
        self._news = threading.Condition()

    def heard(self, turns):
        """Wait until it was asked for so many turns."""
        with self._news:
            return self._news.wait_for(lambda: len(self.asked) >= turns, PATIENCE_S)

    def __call__(self, request):
        first = json.dumps(request.body["messages"][0])
        turn = sum(one["role"] == "assistant" for one in request.body["messages"])
        with self._news:
            self.asked.append(("Second" if "Second." in first else "First", turn + 1))
            self._news.notify_all()
        if "Second." not in first:
            return Reply(blocks=(Said("one"),))
        if turn < 2:
            return Reply(blocks=(Used.with_input("Glob", pattern=f"{turn}*"),))
        return Reply(blocks=(Said("two"),), first_ms=600_000 if self.holds else 0)


VOTES = '''"""Four votes."""
from hocket.script import agent, parallel

meta = {"name": "votes", "description": "Four votes"}


async def main():
    return await parallel([lambda n=n: agent(f"answer={n}; Vote.", tools=[]) for n in range(4)])
'''


class Project:
    """A project on a stand-in, in which real processes run."""

    def __init__(self, folder, url):
        self.folder = folder
        (folder / "script.py").write_text(SCRIPT, "utf-8")
        home = folder / "home"
        home.mkdir()
        settings = f'[anthropic]\nbase_url = "{url}"\n[agent_loop]\nmodel = "standin"\n'
        (home / "config.toml").write_text(f'backend = "agent_loop"\n{settings}', "utf-8")
        own = {name: v for name, v in os.environ.items() if not name.startswith("ANTHROPIC_")}
        places = {"HOME": str(home), "HOCKET_DATA_HOME": str(home), "HOCKET_CONFIG_HOME": str(home)}
        self.environment = {**own, **places, "ANTHROPIC_API_KEY": "sk-nobody"}

    def begin(self, *words):
        return subprocess.Popen(
            [*HOCKET, *words],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def killed(self, enough, *words):
        """Kill a command as soon as there was enough."""
        process = self.begin(*words)
        try:
            assert enough()
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def resumed(self, *words):
        process = self.begin("resume", self.run.name, "--json", *words)
        out, err = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, err
        return json.loads(out)

    @property
    def run(self):
        (folder,) = (self.folder / ".hocket" / "runs").glob("????")
        return folder

    def lines(self, number):
        lines = (self.run / "agents" / f"{number:04d}.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]

    def heard(self, kind, calls):
        """Wait until so many transcripts have such a line."""
        for _ in range(int(PATIENCE_S / 0.05)):
            found = [*(self.folder / ".hocket" / "runs").glob("????/agents/*.jsonl")]
            if sum(f'"t": "{kind}"' in path.read_text("utf-8") for path in found) == calls:
                return True
            threading.Event().wait(0.05)
        return False


@pytest.fixture
def model():
    return Model()


@pytest.fixture
def project(hocket_project, model):
    with serving(StandIn(rules=model)) as server:
        yield Project(hocket_project, server.url)


@pytest.mark.slow
def test_only_the_turn_that_was_cut_off_is_asked_for_again(project, model):
    project.killed(lambda: model.heard(4), "run", "script.py", "--yes", "--quiet")
    whole = [("First", 1), ("Second", 1), ("Second", 2), ("Second", 3)]
    assert model.asked == whole
    model.holds = False
    told = project.resumed()
    assert model.asked == [*whole, ("Second", 3)]
    assert (told["status"], told["result"]) == ("completed", ["one", "two"])
    kinds = [line["t"] for line in project.lines(2)]
    assert (kinds.count("call"), kinds.count("goes_on")) == (1, 1)


@pytest.mark.slow
def test_a_batch_outlives_a_kill_and_nothing_is_paid_twice(hocket_project):
    with serving(StandIn(batch_s=2.0)) as server:
        project = Project(hocket_project, server.url)
        (hocket_project / "script.py").write_text(VOTES, "utf-8")
        with (hocket_project / "home" / "config.toml").open("a", encoding="utf-8") as file:
            file.write("cheap_later = true\n")
        # With a single slot the four still go together: who waits gives it back.
        words = ("run", "script.py", "--yes", "--quiet", "--concurrency", "1")
        project.killed(lambda: project.heard("batch", 4), *words)
        told = project.resumed()
        entries = server.log
    assert (told["status"], told["result"]) == ("completed", ["0", "1", "2", "3"])
    assert [entry.stream for entry in entries] == [False] * 4
    lines = [line for number in range(1, 5) for line in project.lines(number)]
    assert len({line["id"] for line in lines if line["t"] == "batch"}) == 1
