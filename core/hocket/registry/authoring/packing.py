"""Checks a folder as strictly as a stranger's hocket will, and says what it is as a bundle.

Everything that is wrong is told at once; a folder without faults has a digest.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocket.errors import PackageRefused
from hocket.registry.authoring.idle import idle
from hocket.registry.authoring.litter import litter
from hocket.registry.bundles import bundle as bundles
from hocket.registry.bundles.bundle import Bundle
from hocket.registry.capabilities.table import capability_hash
from hocket.registry.forms.names import quoted
from hocket.registry.forms.problem import Problem
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import FILE, Skill
from hocket.registry.skills.writer import portable
from hocket.registry.trees.digest import hk1
from hocket.registry.trees.folders import read_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hocket.api.protocols import Tree
    from hocket.registry.bundles.inspection import Inspect, Inspection
    from hocket.registry.bundles.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle that passed: the very bytes that were checked, and what they come to."""

    tree: Tree
    bundle: Bundle
    warnings: tuple[str, ...] = ()

    @property
    def manifest(self) -> Manifest:
        """What its author says of it."""
        return self.bundle.manifest

    @property
    def digest(self) -> str:
        """Its identity."""
        return hk1(self.tree)

    @property
    def capabilities(self) -> str:
        """The hash of the table that people consent to."""
        return capability_hash(self.manifest.ceiling)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(len(content) for _kind, _path, content in self.tree.entries)

    @property
    def files(self) -> int:
        """How many files."""
        return len(self.tree.entries)


def pack(folder: Path, inspect: Inspect) -> Packed:
    """Read a folder once and judge it; raises PackageRefused with all that is wrong."""
    name = os.path.basename(os.path.abspath(folder))  # noqa: PTH100, PTH119  (a link keeps its name)
    return packed(name, read_folder(name, folder), inspect)


def packed(name: str, tree: Tree, inspect: Inspect) -> Packed:
    """Judge a tree that lies, or will lie, in a folder of this name."""
    inspection = inspect(tree)
    found = bundles.read(tree, name, lambda _tree: inspection)
    wrong = [*map(str, _problems(found, tree, name)), *inspection.findings]
    if isinstance(found, Bundle) and not wrong:
        return Packed(tree, found, tuple(_warnings(found, tree, inspection)))
    raise PackageRefused(
        name, wrong, "manifest", "Nothing was written. Mend these, then once more: hocket pack"
    )


def _problems(found: Bundle | tuple[Problem, ...], tree: Tree, folder: str) -> Iterator[Problem]:
    yield from litter(tree)
    yield from () if isinstance(found, Bundle) else found
    files = {path: content for _kind, path, content in tree.entries}
    skill = skill_md.read(files[FILE], folder) if FILE in files else None
    if isinstance(skill, Skill):
        for remark in skill.remarks:
            yield Problem(remark.key, remark.text, FILE)
    elif skill is None and FILE.lower() in files:
        yield Problem("", f"the file is called {FILE.lower()}", FILE)
    if isinstance(found, Bundle):
        yield from _disagreements(found)


def _disagreements(bundle: Bundle) -> Iterator[Problem]:
    """Tell where SKILL.md says of hocket what bundle.toml does not."""
    skill, manifest = bundle.skill, bundle.manifest
    told = portable(manifest, "").metadata
    pairs = [(f"metadata.{key}", skill.metadata.get(key, ""), told.get(key, "")) for key in told]
    for key, theirs, ours in (("license", skill.license, manifest.license), *pairs):
        if theirs and theirs != ours:
            yield Problem(key, f"{quoted(theirs)} differs from bundle.toml's {quoted(ours)}", FILE)


def _warnings(bundle: Bundle, tree: Tree, inspection: Inspection) -> Iterator[str]:
    for each in idle(bundle.manifest.ceiling, tree):
        yield f"bundle.toml: capabilities: {quoted(each)} is named by no script or agent file"
    spare = sorted({*inspection.names} - {one.script for one in bundle.manifest.commands})
    for path in spare:
        yield f"{path}: no command of bundle.toml starts it"
