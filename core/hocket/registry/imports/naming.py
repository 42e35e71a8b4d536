"""Names for what a repository holds: by folder, never by what a file calls itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hocket.registry.forms.names import Unfit
from hocket.registry.skills.name import key_of_folder

if TYPE_CHECKING:
    from collections.abc import Iterable


def made(text: str) -> str:
    """Make a NAME of what somebody called a thing; empty where nothing of it can be one."""
    try:
        return key_of_folder(text)
    except Unfit:
        return ""


def distinguished(folders: Iterable[str]) -> dict[str, str]:
    """Name each folder by its last part, or where two are alike by the shortest that is not.

    A folder of which no name can be made, or none that is its own, is left out.
    """
    named = {folder: _names(folder) for folder in sorted(set(folders))}
    found = {folder: names for folder, names in named.items() if names}
    told: dict[str, str] = {}
    open_ones = set(found)
    for depth in range(max(map(len, found.values()), default=0)):
        near = {one: found[one][min(depth, len(found[one]) - 1)] for one in open_ones}
        counted = Counter([*near.values(), *told.values()])
        settled = {one: name for one, name in near.items() if counted[name] == 1}
        told |= settled
        open_ones -= set(settled)
    return dict(sorted(told.items()))


def _names(folder: str) -> list[str]:
    """List the names a folder could have, from its own to that with its whole path."""
    parts = [part for part in folder.split("/") if part]
    tails = ("-".join(parts[-count:]) for count in range(1, len(parts) + 1))
    return list(dict.fromkeys(filter(None, map(made, tails))))
