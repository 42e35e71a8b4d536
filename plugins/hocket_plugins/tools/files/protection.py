"""What needs a person's rule even inside the workspace: keys, and what steers something later."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from hocket.api import reach
from hocket_plugins.tools.files.trouble import Trouble

if TYPE_CHECKING:
    from hocket.api.tools import ToolContext, Workspace
    from hocket_plugins.tools.files.confinement import Place

STEERING = frozenset(
    {".git", ".hocket", ".claude", ".agents", ".vscode", ".mcp.json"}
    | {"agents.md", "claude.md", "hocket.lock"}
)
"""Names, at any depth, that run or steer something later: never written."""
SECRET = (".env*", "*.pem", "id_*", "*.p12", ".npmrc", ".netrc")
"""Names of files that hold keys: never read."""
RUNS = ".hocket/runs"
"""What other agents wrote and read; nobody vouches for it."""


def is_steering(name: str) -> bool:
    """Say whether something later runs or obeys what has this name."""
    return any(part in STEERING for part in name.casefold().split("/"))


def is_secret(name: str) -> bool:
    """Say whether a file of this name is read only with a person's leave."""
    folded = name.casefold()
    last = folded.rpartition("/")[2]
    return any(fnmatchcase(last, pattern) for pattern in SECRET) or f"/{folded}/".startswith(
        f"/{RUNS}/"
    )


def may_read(context: ToolContext, place: Place) -> None:
    """Raise Trouble for what is read only with a person's leave."""
    if not is_secret(place.name) and not is_secret(place.typed):
        return
    # A person may have said yes to the whole path, which is how the agent named it.
    if not any(context.granted(f"Read({name})") for name in (place.name, place.real)):
        raise Trouble(
            f"{place.name}: it may hold secrets; a rule Read({place.name}) would allow it"
        )


def is_declared(context: ToolContext, place: Place, *, written: bool = False) -> None:
    """Raise Trouble for what the bundle that asks may not touch, whatever a person's rules say."""
    may, key = (reach.may_write, "write") if written else (reach.may_read, "read")
    name = ".." if place.outside else os.path.relpath(place.real, place.ground)
    workspace = context.workspace
    if not (may(workspace.ceiling, name) or (not written and _is_beside(workspace, place))):
        raise Trouble(f"{place.name}: capability:{key}: its bundle did not declare it")


def _is_beside(workspace: Workspace, place: Place) -> bool:
    """Say whether a file lies in a root that may be read: a person typed it."""
    names = (os.path.relpath(place.real, os.path.realpath(root)) for root in workspace.roots)
    return any(reach.may_read_beside(workspace.ceiling, name) for name in names)


def may_write(context: ToolContext, place: Place, tool: str) -> None:
    """Raise Trouble for what is not to be written, or under another name only."""
    if place.outside:
        raise Trouble(f"{place.name}: it lies in a folder that is read-only")
    if place.linked:
        # Rules judged the name that was typed; they have to judge the file that is changed.
        raise Trouble(f"{place.typed}: a link leads from there to {place.name}; use that path")
    is_declared(context, place, written=True)
    use = f"{tool}({place.name})"
    if is_steering(place.name) and not context.granted(use):
        raise Trouble(f"{place.name}: it is protected; only a rule {use} would allow it")
