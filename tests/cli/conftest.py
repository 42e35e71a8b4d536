"""A desk to type commands at: in this process, as a child, and on a terminal of its own."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from contextlib import suppress
from threading import Event

import pytest

from hocket.cli import main

HEAD = '"""A script."""\nfrom hocket.script import agent, args, ask, log, parallel, phase\n'
THREE = "return await parallel([lambda i=i: agent(f'q{i}') for i in range(3)])"

GATE = '''
"""A backend whose calls wait until a file lets them through; it writes down what it was asked."""

import os
from pathlib import Path

from hocket.api.calls import Bound, EndState, Outcome, Usage
from hocket.api.markers import hookimpl


class Gate:
    name = "gate"
    has_workspace = False
    checks_pass = True

    def bound(self, call):
        return Bound(100)

    async def run(self, call, context):
        folder = Path(os.environ["GATE"])
        with (folder / "asked").open("a") as asked:
            asked.write(call.prompt + "\\n")
        doors = [folder / "open", folder / f"open-{call.prompt}"]
        while not any(door.exists() for door in doors):
            await context.clock.sleep(0.01)
        context.spend(Usage(input=1, output=2))
        if (folder / f"fail-{call.prompt}").exists():
            return Outcome(EndState.ERROR, cause="told to fail")
        return Outcome(EndState.OK, f"answer to {call.prompt}")

    async def aclose(self):
        pass


@hookimpl
def hocket_register_backends(settings):
    return [Gate()]
'''


def until(condition):
    """Wait for what a child process does; gives what the condition gave."""
    for _ in range(2000):
        if found := condition():
            return found
        Event().wait(0.01)
    pytest.fail("it never came to pass")


class Child:
    """A command in a process of its own."""

    def __init__(self, *args, **streams):
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.process = subprocess.Popen([sys.executable, "-m", "hocket", *args], **given | streams)

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        """Wait for its end: exit code, stdout and stderr."""
        out, err = self.process.communicate(timeout=25)
        return self.process.returncode, (out or b"").decode(), (err or b"").decode()


class Terminal:
    """A command on a terminal: what a person types goes in, what is drawn is kept."""

    def __init__(self, *args, **streams):
        self.screen, theirs = "", None
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hocket", *args],
            **{"stdin": theirs, "stdout": theirs, "stderr": theirs} | streams,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )
        os.close(theirs)

    def see(self, text):
        """Read the screen until a text is on it; what was before it is not looked at again."""
        seen = getattr(self, "_seen", 0)
        for _ in range(200):
            at = self.screen.find(text, seen)
            if at >= 0:
                self._seen = at + len(text)
                return self
            self._read()
        pytest.fail(f"{text!r} was not drawn:\n{self.screen}")

    def press(self, key):
        """Press a key once the command reads single keys."""
        until(lambda: not termios.tcgetattr(self._ours)[3] & termios.ICANON)
        os.write(self._ours, key.encode())
        return self

    def type(self, text):
        """Type as a person would, Enter and Ctrl-C included."""
        os.write(self._ours, text.encode())
        return self

    def hang_up(self):
        """Close the terminal's window."""
        os.close(self._ours)
        self._ours = -1

    def end(self):
        """Read to the end, and give the exit code."""
        while self._ours >= 0 and self._read():
            pass
        return self.process.wait(timeout=100)

    def close(self):
        if self._ours >= 0:
            os.close(self._ours)

    def _read(self):
        ready, _, _ = select.select([self._ours], [], [], 0.1)
        if not ready:
            return self.process.poll() is None
        with suppress(OSError):
            drawn = os.read(self._ours, 65_536).decode("utf-8", "replace")
            self.screen += drawn.replace("\r\n", "\n")
            return bool(drawn)
        return False


class Desk:
    """A project, and everything that can be typed in it."""

    def __init__(self, project, capsys):
        self.project, self._capsys = project, capsys
        self.gate = project.parent / "gate"
        self.gate.mkdir()
        self._children = []

    def save(self, body=THREE, name="wf.py", *, meta="", above=""):
        """Write a script: the body of its `main()`."""
        inside = "".join(f"    {line}\n" for line in body.splitlines())
        text = f'{HEAD}meta = {{"name": "three", {meta}}}\n{above}\nasync def main():\n{inside}'
        place = self.project / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        return place

    def type(self, *args):
        """Type a command into this process: exit code, stdout and stderr."""
        self._capsys.readouterr()
        code = main([*args])
        return (code, *self._capsys.readouterr())

    def json(self, *args):
        """Type a command with `--json`; gives its exit code and its object."""
        code, out, _ = self.type(*args, "--json")
        return code, json.loads(out)

    def show(self, run_id):
        return self.json("runs", "show", run_id)[1]

    def start(self, *args, **streams):
        """Start a command as a child."""
        self._children.append(Child(*args, **streams))
        return self._children[-1]

    def sit(self, *args, **streams):
        """Start a command on a terminal."""
        self._children.append(Terminal(*args, **streams))
        return self._children[-1]

    def live(self, *more, count=3):
        """Start a run whose calls wait at the gate; gives the child and the run's id."""
        before = set(self.runs)
        child = self.start(
            "run", "wf.py", "--yes", "--backend", "gate", "--concurrency", "3", *more
        )
        self.waiting(count)
        (run_id,) = set(self.runs) - before
        until((self.folder(run_id) / "control.sock").exists)
        return child, run_id

    def waiting(self, count):
        """Wait until so many calls were asked for in all lives."""
        until(lambda: len(self.asked) >= count or self._died())

    def _died(self):
        for child in self._children:
            assert child.process.poll() is None or len(self.asked), child.end()

    @property
    def asked(self):
        """The prompts that reached the backend, in all lives and processes."""
        asked = self.gate / "asked"
        return asked.read_text().splitlines() if asked.exists() else []

    @property
    def runs(self):
        folder = self.project / ".hocket" / "runs"
        return [f.name for f in folder.iterdir() if f.is_dir()] if folder.is_dir() else []

    def folder(self, run_id):
        return self.project / ".hocket" / "runs" / run_id

    def open(self, prompt=""):
        """Let calls through the gate."""
        (self.gate / (f"open-{prompt}" if prompt else "open")).touch()

    def shut(self):
        """Shut the gate again."""
        for door in self.gate.glob("open*"):
            door.unlink()

    def close(self):
        for child in self._children:
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGKILL)
                child.process.wait()
            for stream in (child.process.stdout, child.process.stderr):
                if stream is not None:
                    stream.close()
            if isinstance(child, Terminal):
                child.close()


@pytest.fixture
def desk(hocket_project, monkeypatch, capsys):
    """Give a desk in an empty project, with the gate installed as a plugin."""
    site = hocket_project.parent / "site"
    info = site / "acme_gate-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-gate\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[hocket]\nacme.gate = acme_gate\n")
    (site / "acme_gate.py").write_text(GATE)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
    monkeypatch.setenv("GATE", str(hocket_project.parent / "gate"))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.chdir(hocket_project)
    made = Desk(hocket_project, capsys)
    yield made
    made.close()
    sys.modules.pop("acme_gate", None)


@pytest.fixture
def simulated(monkeypatch):
    """Name the backend of made-up answers, as nothing here has a model."""
    monkeypatch.setenv("HOCKET_BACKEND", "simulate")


@pytest.fixture
def eventually():
    """Give the bounded wait for what another process does."""
    return until
