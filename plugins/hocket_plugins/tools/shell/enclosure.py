"""Where a command runs: behind bubblewrap, or bare, and then only when a person's rule names it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hocket.errors import RefusedError
from hocket_plugins.tools.shell import sandbox, shield
from hocket_plugins.tools.shell.directory import ground_of
from hocket_plugins.tools.shell.process import CALL, USE, Order
from hocket_plugins.tools.shell.refusal import Refusal
from hocket_plugins.tools.shell.supervisor import FOLDER_FD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocket.api.ceiling import Ceiling
    from hocket.api.tools import ToolContext, Workspace
    from hocket_plugins.tools.shell.section import Shell

_ASKED = "shell.bare"
"""How often a person was asked about a command without a sandbox."""


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
    project: str = ""
    """The project, whose runs are in no folder that is shown."""
    ceiling: Ceiling | None = None
    """Says what alone may be written."""

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
            "--clearenv",
            *sandbox.machine(network=self.network),
            *sandbox.private(environment),
            *_place(ground, self.readable, self.project, self.ceiling),
            *("--chdir", folder),
            *sandbox.variables(environment),
        ]
        marks = {name: environment[name] for name in (CALL, USE)}
        return Order(sandbox.wrapped(self.bubblewrap, shell), "/", marks, tuple(options))


def wrapped(
    settings: Shell,
    argv: tuple[str, ...],
    workspace: Workspace,
    *,
    network: bool,
    project: str,
) -> tuple[str, ...] | None:
    """Put the sandbox around a command that keeps its environment; None: there is none.

    Raises RefusedError where settings require one.
    """
    ground = os.path.realpath(workspace.path)
    try:
        found = _found(settings, os.environ, ground)
        bubblewrap, bare = found.bubblewrap, found.bare
    except Refusal as cause:
        bubblewrap, bare = None, str(cause)
    if bubblewrap is None and settings.sandbox == "require":
        raise RefusedError(
            "shell",
            found=f"there is no sandbox: {bare}",
            expected='one, since the settings say sandbox = "require"',
        )
    if bubblewrap is None:
        return None
    readable = (*settings.readable, *map(os.path.realpath, workspace.roots))
    options = (
        *sandbox.machine(network=network),
        *sandbox.private(os.environ),
        *_place(ground, readable, project, workspace.ceiling),
        *("--chdir", ground),
    )
    return (bubblewrap, *options, "--", *argv)


def _place(
    ground: str, readable: Iterable[str], project: str, ceiling: Ceiling | None
) -> list[str]:
    """Give the options for the workspace and what else is seen beside the system."""
    seen = [path for path in readable if Path(path).exists()]
    hidden = shield.hidden(ground, seen, project)
    inside = [path for path in hidden if Path(path).is_relative_to(ground)]
    return [
        *sandbox.read_only(seen),
        # Before the workspace, which may lie in such a folder and must be seen all the same.
        *sandbox.empty(path for path in hidden if path not in inside),
        *_ground(ground, ceiling),
        *sandbox.read_only((*shield.steering(ground), *shield.repository(ground))),
        *sandbox.empty(inside),
        *sandbox.closed(hidden),
    ]


def _ground(ground: str, ceiling: Ceiling | None) -> list[str]:
    """Give the options for the workspace: to be written where it may be, else to be read."""
    writable = shield.writable(ground, ceiling)
    if writable is None:
        return ["--bind", ground, ground]
    return [
        *sandbox.read_only([ground]),
        *sandbox.writable(writable),
        *sandbox.read_only(shield.spelled_out(writable, ceiling)),
    ]


def _found(settings: Shell, environment: Mapping[str, str], ground: str) -> Enclosure:
    """Find the shell, and a sandbox that works; raises Refusal without a shell."""
    bash = sandbox.program("bash", environment, not_in=ground)
    if bash is None:
        raise Refusal("bash is not installed", "there is no bash")
    bubblewrap = sandbox.program("bwrap", environment, not_in=ground)
    bare = "turned off by a setting"
    if settings.sandbox != "off":
        bare = sandbox.probe(bubblewrap, bash)
    return Enclosure(bash, None if bare else bubblewrap, bare, readable=settings.readable)


async def choose(settings: Shell, context: ToolContext, command: str, project: str) -> Enclosure:
    """Find out what there is, once per process; raises Refusal."""
    ground = ground_of(context)
    found = await asyncio.to_thread(_found, settings, context.environment, ground)
    if found.bare and settings.sandbox == "require":
        raise Refusal(
            f"the settings require a sandbox, and there is none: {found.bare}",
            "there is no sandbox, and the settings require one",
        )
    ceiling = context.workspace.ceiling
    if found.bare and not await _is_let(context, command, found.bare):
        raise Refusal(
            f"shell: not sandboxed: {found.bare}. Without a sandbox only commands run that a "
            f"person's rule names: Bash({command})",
            "there is no sandbox, and no rule of a person names the command",
        )
    roots = map(os.path.realpath, context.workspace.roots)
    network = ceiling is None and context.granted(f"Network({command})")
    readable = (*found.readable, *roots)
    return replace(found, network=network, readable=readable, project=project, ceiling=ceiling)


async def _is_let(context: ToolContext, command: str, bare: str) -> bool:
    """Say whether a command may run without a sandbox: by a rule, for a bundle by a person."""
    if context.workspace.ceiling is None:
        return context.granted(f"Bash({command})")
    asked = context.memory.get(_ASKED, 0)
    times = asked + 1 if isinstance(asked, int) else 1
    context.memory[_ASKED] = times
    text = f"Bash({command}) would run without a sandbox ({bare}). Command {times} of this agent."
    return await context.ask(text, ("allow", "deny")) == "allow"
