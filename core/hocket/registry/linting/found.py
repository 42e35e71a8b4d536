"""What the skills of a package want from the hosts they are exported to, whatever was declared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.registry.capabilities.table import union
from hocket.registry.capabilities.wishes import wished
from hocket.registry.skills import skill_md
from hocket.registry.skills.skill_md import Skill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocket.api.ceiling import Ceiling
    from hocket.api.protocols import Tree

HOOKS = "hooks/hooks.json"
"""Where other hosts look for hooks of a plugin."""


def found(tree: Tree) -> Ceiling:
    """Give what all skills of a tree wish for: tools, unlimited shells, hooks, inline commands."""
    whole = union(_wishes(tree))
    hooks = any(f"/{path}".endswith(f"/{HOOKS}") for _kind, path, _raw in tree.entries)
    return replace(whole, hooks=whole.hooks or hooks, is_declared=False)


def _wishes(tree: Tree) -> Iterator[Ceiling]:
    for _kind, path, raw in tree.entries:
        folder, _, file = f"skill/{path}".rpartition("/")
        if file in skill_md.FILES:
            skill = skill_md.read(raw, folder.rpartition("/")[2], file)
            if isinstance(skill, Skill):
                yield wished(skill)
