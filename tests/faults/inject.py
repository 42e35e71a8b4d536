"""Injects faults into real processes: a kill or an error at the Nth call, no net, a silent peer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HOCKET = (sys.executable, "-m", "hocket")


def can_trace() -> bool:
    """Say whether strace is here and may attach."""
    if shutil.which("strace") is None:
        return False
    probe = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], check=False)  # noqa: S607
    return probe.returncode == 0


def hocket(project: Path, *words: str, before: Sequence[str] = ()) -> subprocess.CompletedProcess:
    """Run a command of hocket in a project, under whatever stands before it."""
    return subprocess.run(
        [*before, *HOCKET, *words],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment(project: Path) -> dict[str, str]:
    """Keep the person's own settings and data out of it."""
    home = str(project / ".home")
    places = {"HOME": home, "HOCKET_DATA_HOME": home, "HOCKET_CONFIG_HOME": home}
    return {**os.environ, **places, "PYTHONDONTWRITEBYTECODE": "1"}


def at_call(journal: Path, call: str, what: str, count: int) -> list[str]:
    """Give the words that let the Nth such call on the journal be a kill or an error."""
    return [
        *("strace", "-f", "-qq", "-o", os.devnull, "-P", str(journal)),
        *("-e", f"trace={call}", "-e", f"inject={call}:{what}:when={count}"),
    ]


@cache
def can_leave_the_net() -> bool:
    """Say whether a process can be given a network of its own, with nothing in it."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(without_net("true"), capture_output=True, check=False).returncode == 0


def without_net(*words: str) -> list[str]:
    """Give the words that run a command where not even the loopback is up."""
    return ["unshare", "-rn", *words]


@contextmanager
def standin(port: int) -> Iterator[subprocess.Popen[str]]:
    """Serve from a process of its own, which can be stopped and killed like any other."""
    words = [sys.executable, "-m", "hocket.testing.standin", "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield process
        finally:
            process.kill()
