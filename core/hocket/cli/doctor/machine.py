"""What the machine offers: programs are tried, not only looked for."""

from __future__ import annotations

import platform
import shutil
import subprocess
from typing import TYPE_CHECKING

from hocket import __version__
from hocket.cli.doctor.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

PROBE = ("--ro-bind", "/", "/", "--unshare-all", "--die-with-parent", "true")
PROBE_TIMEOUT_S = 5


def machine() -> Iterator[Finding]:
    """Look at this Python and at the programs that hocket can make use of."""
    yield Finding("hocket", __version__, "found", "")
    yield Finding("python", platform.python_version(), "found", platform.python_implementation())
    yield _git()
    yield _sandbox()


def _git() -> Finding:
    program = shutil.which("git")
    if not program:
        return Finding("git", "git", "missing", "an isolated agent gets a copy of the folder")
    ended = _tried(program, "--version")
    if ended.returncode:
        return Finding("git", "git", "broken", _last_line(ended.stderr))
    version = ended.stdout.strip().removeprefix("git version ")
    return Finding("git", version, "found", "an isolated agent gets a worktree")


def _sandbox() -> Finding:
    program = shutil.which("bwrap")
    if not program:
        why = "agents' commands run without a sandbox; install bubblewrap"
        return Finding("sandbox", "bwrap", "missing", why)
    ended = _tried(program, *PROBE)
    if ended.returncode:
        return Finding("sandbox", "bwrap", "broken", _last_line(ended.stderr))
    return Finding("sandbox", "bwrap", "found", "it was tried, and it runs")


def _tried(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a program that may be anything: it gets no input, and not for ever."""
    try:
        return subprocess.run(  # noqa: S603 (a program from the person's PATH)
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PROBE_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as cause:
        return subprocess.CompletedProcess(command, 1, "", str(cause))


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it failed and does not say why"])[-1]
