"""What is said twice of a bundle must be the same: by its row, its manifest, its SKILL.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.registry.capabilities.difference import allows, difference, ids
from hocket.registry.capabilities.wishes import unnamed, wished
from hocket.registry.forms.links import spdx
from hocket.registry.forms.names import Unfit, quoted
from hocket.registry.forms.problem import Problem, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.ceiling import Ceiling
    from hocket.api.protocols import Tree
    from hocket.registry.bundles.manifest import Manifest
    from hocket.registry.forms.ranges import Range
    from hocket.registry.indexes.rows import Row
    from hocket.registry.skills.skill_md import Skill


def row_problems(row: Row, rights: str, manifest: Manifest, tree: Tree) -> tuple[Problem, ...]:
    """Tell everything in which a row and the bundle it points to differ.

    `rights` is the license that the index states, for all versions of the package at once.
    """
    return (
        *_differing(row, rights, manifest),
        *_dependencies(row, manifest),
        *_ceilings(row.capabilities, manifest.ceiling),
        *_sizes(row, tree),
    )


def skill_problems(skill: Skill, manifest: Manifest) -> tuple[Problem, ...]:
    """Tell what SKILL.md wishes from other hosts beyond what bundle.toml declares."""
    wish = wished(skill)
    wanted = (each for each in ids(wish) if each.startswith(("shell:", "tools:")))
    beyond = (each for each in wanted if not allows(manifest.ceiling, each))
    odd = (f"{quoted(rule)} is about no tool" for rule in unnamed(skill))
    told = (f"{quoted(each)} is not declared in bundle.toml" for each in beyond)
    return tuple(Problem("allowed-tools", text, "SKILL.md") for text in (*told, *odd))


def _differing(row: Row, rights: str, manifest: Manifest) -> Iterator[Problem]:
    commands = frozenset(command.name for command in manifest.commands)
    for key, ours, theirs in (
        ("name", manifest.name, row.name),
        ("version", str(manifest.version), str(row.version)),
        ("license", manifest.license, _spelled(rights)),
        ("requires-hocket", manifest.requires_hocket.text, row.requires_hocket.text),
        ("commands", ", ".join(sorted(commands)), ", ".join(sorted(row.commands))),
    ):
        if ours != theirs:
            yield Problem(key, f"{quoted(ours)} differs from the registry's {quoted(theirs)}")


def _dependencies(row: Row, manifest: Manifest) -> Iterator[Problem]:
    for key in sorted({*row.dependencies, *manifest.dependencies}):
        ours, theirs = (_text(one.get(key)) for one in (manifest.dependencies, row.dependencies))
        if ours != theirs:
            text = f"{quoted(ours)} differs from the registry's {quoted(theirs)}"
            yield Problem(key_of("dependencies", key), text)


def _ceilings(row: Ceiling, manifest: Ceiling) -> Iterator[Problem]:
    change = difference(row, manifest)
    for verb, items in (("does not state", change.added), ("states", change.removed)):
        if items:
            listed = ", ".join(map(quoted, items))
            only = " and bundle.toml does not" if verb == "states" else ""
            yield Problem("capabilities", f"the registry {verb} {listed}{only}")


def _sizes(row: Row, tree: Tree) -> Iterator[Problem]:
    size = sum(len(content) for _kind, _path, content in tree.entries)
    for key, found, theirs in (("size", size, row.size), ("files", len(tree.entries), row.files)):
        if found != theirs:
            yield Problem(key, f"{found} differs from the registry's {theirs}", "the bundle")


def _spelled(rights: str) -> str:
    try:
        return spdx(rights)
    except Unfit:
        return rights


def _text(one: Range | None) -> str:
    return "" if one is None else one.text
