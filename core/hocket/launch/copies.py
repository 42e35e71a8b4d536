"""Exported copies: a bundle that was put into a folder of other programs is listed once."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocket.launch.commands import Command

SKILL = "SKILL.md"
_MARK = "hocket-bundle"


def originals(found: Sequence[Command]) -> list[Command]:
    """Leave out what is a copy of a listed one, byte for byte; an edited copy is its own."""
    own = [command for command in found if not command.place.is_foreign]
    return [command for command in found if not _is_copy(command, own)]


def _is_copy(command: Command, own: Iterable[Command]) -> bool:
    if not command.place.is_foreign:
        return False
    same = (one for one in own if one.name == command.name and one.folder and not one.broken)
    return any(_equal(command, one) for one in same)


def _equal(command: Command, original: Command) -> bool:
    with suppress(OSError):
        if command.folder is None:
            return _same(command.path, original.path)
        if original.folder is not None and command.bundle == original.bundle:
            return _all_same(command.folder, original.folder) and _is_marked(command)
    return False


def _all_same(copy: Path, original: Path) -> bool:
    """Compare every file of the copy but SKILL.md, whose text is written for other programs."""
    files = (path for path in copy.rglob("*") if not path.is_dir())
    inside = (path.relative_to(copy) for path in files)
    return all(str(file) == SKILL or _same(copy / file, original / file) for file in inside)


def _same(one: Path, other: Path) -> bool:
    if not (one.is_file() and other.is_file()) or one.suffix != other.suffix:
        return False
    return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()


def _is_marked(command: Command) -> bool:
    """Say whether its SKILL.md names the bundle that it was exported from."""
    from hocket.registry.skills import skill_md  # noqa: PLC0415  (YAML, for copies alone)

    folder = command.folder or Path()
    skill = skill_md.read((folder / SKILL).read_bytes(), folder.name)
    marked = isinstance(skill, skill_md.Skill) and skill.metadata.get(_MARK)
    return marked == command.bundle
