"""Reads a whole bundle: its manifest, its SKILL.md, and whether the two say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.registry.bundles import manifest as manifests
from hocket.registry.bundles.agreement import skill_problems
from hocket.registry.bundles.manifest import Around, Manifest
from hocket.registry.forms.problem import MANIFEST, Problem
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import Skill

if TYPE_CHECKING:
    from hocket.api.protocols import Tree
    from hocket.registry.bundles.inspection import Inspect


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose parts agree."""

    manifest: Manifest
    skill: Skill


def read(tree: Tree, folder: str, inspect: Inspect) -> Bundle | tuple[Problem, ...]:
    """Give the bundle in a folder of this name, or all that is wrong with it."""
    files = {path: content for _kind, path, content in tree.entries}
    skill = _skill(files, folder)
    called = skill.name if isinstance(skill, Skill) else ""
    around = Around(folder, called, frozenset(files), inspect(tree))
    manifest = _manifest(files, around)
    if isinstance(manifest, Manifest) and isinstance(skill, Skill):
        return skill_problems(skill, manifest) or Bundle(manifest, skill)
    return (*_problems(manifest), *_problems(skill))


def _skill(files: dict[str, bytes], folder: str) -> Skill | tuple[Problem, ...]:
    for file in skill_md.FILES:
        if file in files:
            found = skill_md.read(files[file], folder, file)
            return found if isinstance(found, Skill) else (_unread(found.reason),)
    return (_unread("missing"),)


def _manifest(files: dict[str, bytes], around: Around) -> Manifest | tuple[Problem, ...]:
    if MANIFEST not in files:
        return (Problem("", "missing"),)
    return manifests.read(files[MANIFEST], around)


def _unread(reason: str) -> Problem:
    return Problem("", reason, skill_md.FILE)


def _problems(part: Manifest | Skill | tuple[Problem, ...]) -> tuple[Problem, ...]:
    return part if isinstance(part, tuple) else ()
