"""What a person wants done to every new tree before its agent begins."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hocket.errors import HocketError
from hocket.workspaces.commands import Command, run_command

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hocket.workspaces.shelf import Entry

_TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True)
class Preparation:
    """Links to folders that git ignores, and commands; from the person's own settings only."""

    link: tuple[str, ...] = ()
    setup: tuple[str | tuple[str, ...], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    mark: str = ""
    """Names the run in the mark of the commands' processes."""

    async def prepare(self, entry: Entry, project: Path, path: Path) -> None:
        """Make the links and run the commands in the new tree; raises HocketError."""
        linked = [name for name in self.link if _linked(project / name, path / name)]
        if linked:
            beneath = [(path / name).relative_to(entry.tree) for name in linked]
            entry.excluded.write_bytes(b"".join(map(_pattern, beneath)))
        for command in self.setup:
            asked = Command(command, path, self.environment, _TIMEOUT_S, self._marked(entry))
            ended = await run_command(asked)
            if ended.code != 0:
                shown = command if isinstance(command, str) else " ".join(command)
                raise HocketError(
                    "setup",
                    found=f"`{shown}` {ended.how}",
                    expected="an end with exit code 0",
                    # Not in what was found: that becomes a cause, and this is foreign text.
                    hint=f"It said: {ended.output[-500:].strip() or 'nothing'}",
                )

    def linked(self, path: Path) -> tuple[Path, ...]:
        """List where the links in a new tree lead: its agent may read there."""
        links = (path / name for name in self.link)
        return tuple(link.resolve() for link in links if link.is_symlink())

    def _marked(self, entry: Entry) -> str:
        return f"{self.mark}/{entry.folder.name}/setup" if self.mark else ""


def _linked(source: Path, target: Path) -> bool:
    if not source.is_dir() or os.path.lexists(target):
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(source.resolve())
    return True


def _pattern(path: Path) -> bytes:
    r"""Write a name for an ignore file: every sign with a meaning there is escaped."""
    plain = "".join(f"\\{sign}" if sign in "\\*?[]!# " else sign for sign in str(path))
    return os.fsencode(f"/{plain}\n")
