"""Finds the skills of a repository: each folder with a SKILL.md, known by its path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.imports.naming import distinguished, made
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import FILES, Skill

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_DEPTH, MOST_FOLDERS = 6, 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A folder with a SKILL.md."""

    folder: str
    """Empty for the repository itself."""
    name: str
    skill: Skill | None
    why: str = ""
    """Why it cannot be taken."""


def find(files: Mapping[str, bytes], repository: str) -> tuple[Found, ...]:
    """List the skills, sorted by their folders; `repository` names one at the top."""
    places = {
        path.rpartition("/")[0]: path for path in sorted(files, reverse=True) if _is_one(path)
    }
    near = sorted(one for one in places if one.count("/") < MOST_DEPTH)[:MOST_FOLDERS]
    named = distinguished(one or repository for one in near)
    return _judged([_read(folder, places[folder], files, named, repository) for folder in near])


def _is_one(path: str) -> bool:
    return path.rpartition("/")[2] in FILES


def _read(
    folder: str, path: str, files: Mapping[str, bytes], named: Mapping[str, str], repository: str
) -> Found:
    last = folder.rpartition("/")[2] or repository
    read = skill_md.read(files[path], last, path.rpartition("/")[2])
    name = named.get(folder or repository, "")
    if not isinstance(read, Skill):
        return Found(folder, name or made(last), None, str(read))
    if not name:
        return Found(folder, "", None, "nothing of its path can be a name of its own")
    return Found(folder, name, read)


def _judged(found: list[Found]) -> tuple[Found, ...]:
    """Bar what calls itself by the name of another: other hosts would take it for that one."""
    called: dict[str, list[Found]] = {}
    for one in found:
        if one.skill and one.skill.name:
            called.setdefault(one.skill.name, []).append(one)
    return tuple(_single(one, called) for one in found)


def _single(one: Found, called: Mapping[str, list[Found]]) -> Found:
    if not one.skill or len(alike := called.get(one.skill.name, [])) < 2:  # noqa: PLR2004
        return one
    # Copies in several folders of one name, such as translations, deceive nobody.
    if one.skill.name == one.folder.rpartition("/")[2]:
        return one
    others = ", ".join(other.folder or "." for other in alike if other is not one)
    why = f'it calls itself "{one.skill.name}", as {others} does'
    return Found(one.folder, one.name, None, why)
