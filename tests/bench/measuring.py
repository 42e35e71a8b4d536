"""One command from spawn to exit: seconds, CPU, memory of all its processes, what it left over."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from figures import InvalidRun
from tree import Group, PeakMemory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

GONE_S = 2.0
"""How long processes of a group may take to disappear after its first one ended."""
SHOWN = 400


@dataclass(frozen=True, slots=True)
class Measured:
    """A command that ended."""

    exit_code: int
    spawned_s: float
    """CLOCK_MONOTONIC at the spawn; the same clock in all processes of the machine."""
    spawned_at_ms: float
    """The wall clock at the spawn, to compare with the times in a journal."""
    wall_s: float
    cpu_s: float
    """User and system seconds of the process and of the children it waited for."""
    peak_mb: float
    output: bytes
    errors: bytes


class Child:
    """A command that runs in a process group of its own."""

    def __init__(self, command: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        self._command = command
        # Files, since a pipe that nobody reads would stop the command; `wait` closes them.
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._spawned_at_ms = time.time() * 1000
        self._spawned_s = time.monotonic()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._errors,
            process_group=0,
        )
        self.pid = self._process.pid
        self._group = Group(self.pid)
        self._memory = PeakMemory(self._group)

    @property
    def is_over(self) -> bool:
        """Whether it ended; `wait` is due even then."""
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, flags) is not None

    def kill(self) -> None:
        """Kill the whole group at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def wait(self, grace_s: float = GONE_S) -> Measured:
        """Wait for its end; raises InvalidRun when it left processes behind."""
        _, status, used = os.wait4(self.pid, 0)
        wall_s = time.monotonic() - self._spawned_s
        self._process.returncode = os.waitstatus_to_exitcode(status)
        peak_mb = self._memory.stop()
        output, errors = _all_of(self._output), _all_of(self._errors)
        self._clear(grace_s)
        return Measured(
            self._process.returncode,
            self._spawned_s,
            self._spawned_at_ms,
            wall_s,
            used.ru_utime + used.ru_stime,
            peak_mb,
            output,
            errors,
        )

    def _clear(self, grace_s: float) -> None:
        until = time.monotonic() + grace_s
        while (left := self._group.members()) and time.monotonic() < until:
            time.sleep(0.01)
        if left:
            self.kill()
            raise InvalidRun(f"{self._command[0]} left {len(left)} processes behind")


def measured(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Measured:
    """Run a command to its end; raises InvalidRun when it fails."""
    done = Child(command, folder, env).wait()
    if done.exit_code:
        said = (done.errors or done.output).decode("utf-8", "replace")[-SHOWN:].strip()
        raise InvalidRun(f"{' '.join(command[:3])} … ended with {done.exit_code}: {said}")
    return done


def _all_of(file: IO[bytes]) -> bytes:
    with file:
        file.seek(0)
        return file.read()
