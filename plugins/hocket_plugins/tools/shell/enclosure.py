"""Where a command runs: behind bubblewrap, or bare, and then only when a person's rule names it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hocket_plugins.tools.shell import sandbox, shield
from hocket_plugins.tools.shell.directory import ground_of
from hocket_plugins.tools.shell.process import CALL, USE, Order
from hocket_plugins.tools.shell.refusal import Refusal
from hocket_plugins.tools.shell.supervisor import FOLDER_FD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocket.api.tools import ToolContext
    from hocket_plugins.tools.shell.section import Shell


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A shell, and what is around it."""

    bash: str
    bubblewrap: str | None
    bare: str
    """Why there is no sandbox; empty when there is one."""
    network: bool = False
    readable: tuple[str, ...] = ()
    """Folders that the sandbox shows beside the system's."""

    def order(
        self, command: str, ground: str, folder: str, environment: Mapping[str, str]
    ) -> Order:
        """Make the order for a command in a folder of the workspace."""
        # The last thing the shell does is to say where it is.
        words = f"trap 'pwd -P >&{FOLDER_FD} 2>/dev/null' EXIT; {command}"
        shell = (self.bash, "--noprofile", "--norc", "-c", words)
        if self.bubblewrap is None:
            return Order(shell, folder, environment)
        options = [
            *sandbox.machine(network=self.network),
            *sandbox.private(environment),
            *sandbox.read_only(path for path in self.readable if Path(path).exists()),
            *sandbox.variables(environment),
            *("--bind", ground, ground),
            *sandbox.read_only((*shield.steering(ground), *shield.repository(ground))),
            *sandbox.empty(shield.hidden(ground)),
            *("--chdir", folder),
        ]
        marks = {name: environment[name] for name in (CALL, USE)}
        return Order(sandbox.wrapped(self.bubblewrap, shell), "/", marks, tuple(options))


async def choose(settings: Shell, context: ToolContext, command: str) -> Enclosure:
    """Find out what there is, once per process; raises Refusal."""
    ground = ground_of(context)
    bash = sandbox.program("bash", context.environment, not_in=ground)
    if bash is None:
        raise Refusal("bash is not installed")
    bubblewrap = sandbox.program("bwrap", context.environment, not_in=ground)
    bare = "turned off by a setting"
    if settings.sandbox != "off":
        bare = await asyncio.to_thread(sandbox.probe, bubblewrap, bash)
    if bare and settings.sandbox == "require":
        raise Refusal(f"the settings require a sandbox, and there is none: {bare}")
    if bare and not context.granted(f"Bash({command})"):
        raise Refusal(
            f"shell: not sandboxed: {bare}. Without a sandbox only commands run that a person's "
            f"rule names: Bash({command})"
        )
    network = context.granted(f"Network({command})")
    return Enclosure(bash, None if bare else bubblewrap, bare, network, settings.readable)
