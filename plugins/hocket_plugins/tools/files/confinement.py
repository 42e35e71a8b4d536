"""Keeps the file tools inside the workspace: resolve, then open, then compare.

A shell may exchange a folder for a link between two steps. So a path is followed to its end
first, judged, opened without following a link, and what was opened is asked where it is.
"""

from __future__ import annotations

import fcntl
import os
import stat
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket_plugins.tools.files.names import shown, typed, unescaped
from hocket_plugins.tools.files.trouble import Trouble, told

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from io import BufferedReader

    from hocket.api.tools import Workspace

_SAFE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
"""Never through a link, never waiting for the other end of a pipe, never kept by a child."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path at the end of all its links, inside the workspace or a root."""

    real: str
    ground: str
    """The workspace, or the root that it lies in."""
    typed: str
    """What the model called it, without `.` and `..`, beneath the ground where possible."""
    outside: bool = False
    """In a root beside the workspace: to be read only, and nobody vouches for its words."""

    @property
    def name(self) -> str:
        """The name in rules and messages: beneath the workspace, else the whole path."""
        return shown(self.real if self.outside else os.path.relpath(self.real, self.ground))

    @property
    def linked(self) -> bool:
        """Whether the way there leads over a link."""
        return not self.outside and os.path.relpath(self.real, self.ground) != self.typed


class Confinement:
    """The ground that one use of a tool may touch."""

    def __init__(self, workspace: Workspace) -> None:
        self._path = os.path.abspath(workspace.path)  # noqa: PTH100  (a Path drops odd bytes)
        self.ground = os.path.realpath(workspace.path)
        self._roots = tuple(os.path.realpath(root) for root in workspace.roots)

    def locate(self, path: str) -> Place:
        """Follow a path to its end; raises Trouble when that is outside."""
        name = typed(path)
        other = unescaped(name)
        if other != name and not os.path.lexists(self._joined(name)):
            name = other if os.path.lexists(self._joined(other)) else name
        return self._follow(name)

    def holds(self, path: str) -> bool:
        """Say whether a path ends in the workspace or a root."""
        real = os.path.realpath(path)
        return any(_is_in(real, ground) for ground in (self.ground, *self._roots))

    def beneath(self, folder: Place, name: str) -> Place:
        """Name something in a folder whose own way is known to be free of links."""
        real = os.path.join(folder.real, name)  # noqa: PTH118
        typed_name = os.path.relpath(real, folder.ground)
        return Place(real, folder.ground, typed_name, folder.outside)

    @contextmanager
    def file(self, place: Place) -> Generator[BufferedReader]:
        """Open a regular file for reading; raises Trouble for all else."""
        with os.fdopen(_opened(place, os.O_RDONLY, stat.S_ISREG), "rb") as file:
            yield file

    @contextmanager
    def folder(self, place: Place) -> Generator[int]:
        """Open a folder; its names are then used beneath the descriptor only."""
        fd = _opened(place, os.O_DIRECTORY, stat.S_ISDIR)
        try:
            yield fd
        finally:
            os.close(fd)

    def _follow(self, name: str) -> Place:
        # Followed as typed: `link/..` is not where the words say.
        real = os.path.realpath(self._joined(name))
        for ground in (self.ground, *self._roots):
            if _is_in(real, ground):
                return Place(real, ground, self._said(name), ground != self.ground)
        raise Trouble(f"{shown(name)}: it lies outside the workspace")

    def _joined(self, name: str) -> str:
        return os.path.join(self._path, name)  # noqa: PTH118

    def _said(self, name: str) -> str:
        whole = os.path.normpath(self._joined(name))
        return os.path.relpath(whole, self._path if _is_in(whole, self._path) else self.ground)


def _is_in(path: str, ground: str) -> bool:
    return os.path.commonpath((ground, path)) == ground


def _opened(place: Place, flags: int, is_wanted: Callable[[int], bool]) -> int:
    try:
        fd = os.open(place.real, _SAFE | flags)
        try:
            _compare(fd, place, is_wanted)
        except BaseException:
            os.close(fd)
            raise
    except OSError as cause:
        raise told(place.name, cause) from cause
    return fd


def _compare(fd: int, place: Place, is_wanted: Callable[[int], bool]) -> None:
    if where(fd) != place.real:
        raise Trouble(f"{place.name}: it was moved or replaced while it was opened")
    mode = os.fstat(fd).st_mode
    if not is_wanted(mode):
        kind = "a folder: use Glob" if stat.S_ISDIR(mode) else "no regular file"
        raise Trouble(f"{place.name}: it is {kind}")


def where(fd: int) -> str:
    """Ask the kernel where an open file is."""
    if sys.platform == "darwin":
        return os.fsdecode(fcntl.fcntl(fd, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0"))
    return os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115
