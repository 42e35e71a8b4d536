"""The Python script host: scripts run in Monty, in a process of its own, driven from a thread."""

from __future__ import annotations

import asyncio
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from hocket.api.markers import hookimpl
from hocket.api.scripts import HostCrashed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from pydantic_monty import Monty, MontySession

    from hocket.api.patterns.context import Pattern
    from hocket.api.scripts import Batch, Finding, Script, ScriptHost, Settle, Start
    from hocket.scripts.sandbox import Sandbox


class PythonHost:
    """Reads, checks and runs `.py` scripts."""

    language = "python"
    suffixes: tuple[str, ...] = (".py",)
    by_value = False

    def read(self, source: str, path: str) -> Script:
        """Read the script's meta; nothing is executed."""
        from hocket.scripts import manifest
        from hocket.scripts.source import normalise

        return manifest.read(normalise(source, path), path)

    def check(self, script: Script, patterns: Sequence[Pattern]) -> list[Finding]:
        """Run the static checks, and when they find no error, the type checker."""
        from hocket.scripts import check, stubs, types

        findings = check.check(script, [pattern.name for pattern in patterns])
        if any(not finding.warning for finding in findings):
            return findings
        # Only a pattern that the script can mean is imported for its stub.
        meant = [pattern for pattern in patterns if pattern.name in script.source]
        return sorted([*findings, *types.check(script, stubs.render(meant))])

    @asynccontextmanager
    async def open(self, start: Start) -> AsyncGenerator[MontyProcess]:
        """Start a worker for the script; leaving kills it, whatever it is doing."""
        process = MontyProcess(start)
        try:
            yield process
        finally:
            await process.close()


class MontyProcess:
    """A script in its worker: one thread, one exchange at a time."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._thread = ThreadPoolExecutor(1, "script")
        self._pool: Monty | None = None
        self._session: MontySession | None = None
        self._sandbox: Sandbox | None = None
        self.pid: int | None = None

    async def resume(self, settles: Sequence[Settle]) -> Batch:
        """Apply the answers, run to rest, and hand over all that was asked."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._advance, settles)

    async def close(self) -> None:
        """Kill the worker first: a script in an endless loop answers to nothing else."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        loop = asyncio.get_running_loop()
        await asyncio.shield(loop.run_in_executor(self._thread, self._leave))
        self._thread.shutdown(wait=False)

    def _advance(self, settles: Sequence[Settle]) -> Batch:
        if self._sandbox is None:
            self._sandbox = self._enter()
        return self._sandbox.advance(settles)

    def _enter(self) -> Sandbox:
        from pydantic_monty import Monty, MontyCrashedError

        from hocket.scripts.sandbox import Sandbox

        limits = self._start.limits
        try:
            self._pool = Monty(min_processes=1, max_processes=1).__enter__()
            self._session = self._pool.checkout(
                script_name=os.path.basename(self._start.script.path),  # noqa: PTH119  (a display name, not a path)
                limits={
                    "max_turn_duration_secs": limits.turn_s,
                    "max_feed_duration_secs": limits.cpu_s,
                    "max_memory": limits.memory,
                    "max_recursion_depth": limits.recursion,
                    "max_suspensions": 20 * limits.calls,
                },
                os_policy={
                    "datetime": "call_host",
                    "sleep": "call_host",
                    "random_start": "call_host",
                },
            ).__enter__()
        except (MontyCrashedError, OSError, RuntimeError) as crash:
            raise HostCrashed(f"the worker did not start: {crash}") from crash
        self.pid = self._session.worker_pid
        return Sandbox(self._session, self._start)

    def _leave(self) -> None:
        from pydantic_monty import MontyError

        for part in (self._session, self._pool):
            if part is not None:
                with suppress(MontyError, RuntimeError):
                    part.__exit__(None, None, None)
        self._session = self._pool = self._sandbox = None


@hookimpl
def hocket_register_script_hosts() -> Sequence[ScriptHost]:
    """Offer the Python host."""
    return (PythonHost(),)
