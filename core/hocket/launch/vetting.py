"""Whether a script that came with the folder may be started by its name.

A file of a bundle may be run by a check or read by an agent, so a bundle holds as a whole. What
lies beside a script that a person named by its path came along with that name; only what lies in
a folder from which names are taken has to be trusted.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import paths
from hocket.trust import kinds
from hocket.trust.candidates import State, look

if TYPE_CHECKING:
    from hocket.launch.project import Project


def distrusted(project: Project, path: Path, content: bytes) -> str:
    """Name the file for which a script of the folder does nothing; empty when it may be used."""
    own = _came(project, path)
    if own is None or not kinds.in_workflows(own):
        return ""
    if not project.standing.holds(own, content):
        return own
    bundle = kinds.bundle_of(project.root, own)
    return "" if bundle is None else _changed(project, bundle)


def _came(project: Project, path: Path) -> str | None:
    """Give the path in the project of what came with it; a link is what it is and where it leads.

    The person's own folder may lie in a project, when their home is one.
    """
    root, real = Path(os.path.realpath(project.root)), Path(os.path.realpath(path))
    if real.is_relative_to(os.path.realpath(paths.user_data(project.typed.env))):
        return None
    pairs = ((path, project.root), (path, root), (real, root))
    inside = (one.relative_to(base).as_posix() for one, base in pairs if one.is_relative_to(base))
    return next(inside, None)


def _changed(project: Project, bundle: str) -> str:
    root, standing = project.root, project.standing
    for file in sorted(kinds.below(root / bundle)):
        path = file.relative_to(root).as_posix()
        seen = look(root, path, standing.pins.get(path), lambda _digest: None)
        if not (seen.state is State.TRUSTED or standing.is_listed):
            return path
    return ""
