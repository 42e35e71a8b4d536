"""Checks: commands of a script that an answer must survive, in the tree where it was made."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hocket.workspaces.commands import Command, run_command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hocket.api.calls import Check
    from hocket.api.tools import Workspace
    from hocket.workspaces.commands import Finished

    Wrap = Callable[[tuple[str, ...], Workspace], tuple[str, ...]]

BUNDLE = "HOCKET_BUNDLE"


def bare(argv: tuple[str, ...], workspace: Workspace) -> tuple[str, ...]:
    """Put no sandbox around a command."""
    del workspace
    return argv


@dataclass(frozen=True, slots=True)
class Checks:
    """Runs the checks of one script."""

    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """The only variables a check sees, besides where its bundle is."""
    wrap: Wrap = bare
    """Puts the sandbox around a command, where there is one; may take a moment."""

    async def run(
        self, check: Check, workspace: Workspace, call_id: str, given: bytes | None = None
    ) -> Finished:
        """Run a check, with what it is given on its standard input; exit code 0 passes."""
        environment = dict(self.environment)
        if check.bundle is not None:
            environment[BUNDLE] = str(check.bundle)
        typed = Command(check.run, workspace.path, environment, check.timeout_s, call_id)
        argv = await asyncio.to_thread(self.wrap, typed.argv, workspace)
        return await run_command(replace(typed, run=argv, given=given))
