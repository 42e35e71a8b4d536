"""Puts a new file in the place of an old one, in one step; a hard-linked twin keeps the old."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from hocket_plugins.tools.files.confinement import where
from hocket_plugins.tools.files.trouble import Trouble, told

if TYPE_CHECKING:
    from collections.abc import Generator

    from hocket_plugins.tools.files.confinement import Place

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PERMISSIONS = 0o1777
"""What is kept of a mode: a change by another takes set-user bits away, as a write would."""


def put(place: Place, content: bytes, old: os.stat_result | None) -> os.stat_result:
    """Write the file; `old` is the one it replaces, None when there must be none.

    Raises Trouble when another file is there meanwhile; then, and on any failure, nothing
    is changed.
    """
    if old and not old.st_mode & stat.S_IWUSR:
        raise Trouble(f"{place.name}: it is read-only (mode {stat.S_IMODE(old.st_mode):o})")
    try:
        with _folder(place) as folder:
            return _exchange(place, folder, content, old)
    except OSError as cause:
        raise told(place.name, cause) from cause


def _exchange(
    place: Place, folder: int, content: bytes, old: os.stat_result | None
) -> os.stat_result:
    name = os.path.basename(place.real)  # noqa: PTH119
    draft = f".hocket-{token_hex(8)}.tmp"
    try:
        state = _write(draft, folder, content, old)
        _check(place, _state_of(name, folder), old)
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=folder)
        raise
    return state


def _write(draft: str, folder: int, content: bytes, old: os.stat_result | None) -> os.stat_result:
    # The person's umask holds for a new file; a replaced one keeps its mode and its owner.
    with os.fdopen(os.open(draft, _NEW, 0o666, dir_fd=folder), "wb") as file:
        file.write(content)
        file.flush()
        if old:
            with suppress(PermissionError):
                os.fchown(file.fileno(), old.st_uid, old.st_gid)
            os.fchmod(file.fileno(), old.st_mode & _PERMISSIONS)
        return os.fstat(file.fileno())


def _state_of(name: str, folder: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _check(place: Place, now: os.stat_result | None, then: os.stat_result | None) -> None:
    if _identity(now) != _identity(then):
        raise Trouble(f"{place.name}: it changed while it was written; read it again")


def _identity(state: os.stat_result | None) -> tuple[int, ...]:
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns) if state else ()


@contextmanager
def _folder(place: Place) -> Generator[int]:
    """Open the file's folder step by step from the ground, over no link; makes what is missing."""
    folder = os.path.dirname(place.real)  # noqa: PTH120
    fd = os.open(place.ground, _FOLDER)
    try:
        for part in os.path.relpath(folder, place.ground).split("/"):
            inner = _step(fd, part)
            os.close(fd)
            fd = inner
        if where(fd) != folder:
            raise Trouble(f"{place.name}: its folder was moved while it was opened")
        yield fd
    finally:
        os.close(fd)


def _step(fd: int, part: str) -> int:
    with suppress(FileExistsError):
        os.mkdir(part, dir_fd=fd)
    return os.open(part, _FOLDER, dir_fd=fd)
