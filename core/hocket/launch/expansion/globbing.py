"""`glob`: files of the project by globs, folders or their own names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hocket.api import reach
from hocket.launch.expansion.files import Files, is_shown
from hocket.launch.expansion.found import EVERY, Found, Unusable, pointer
from hocket.launch.expansion.ground import PROJECT

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.launch.expansion.asking import Asking

_WILD = frozenset("*?[")


def paths(asking: Asking) -> Found:
    """List what was meant, sorted, each file once."""
    files = Files(asking.ground.root)
    found = sorted({name for word in asking.words for name in _meant(asking, files, word)})
    value: list[JsonValue] = [*found]
    if not asking.ground.is_trusted:
        return Found(value, {pointer(EVERY): (PROJECT,)})
    doubted = ((at, asking.ground.doubts.hold(name)) for at, name in enumerate(found))
    return Found(value, {pointer(at): (found[at],) for at, is_so in doubted if is_so})


def _meant(asking: Asking, files: Files, word: str) -> list[str]:
    ground = asking.ground
    way = os.path.relpath(ground.here.resolve() / word, ground.root)
    if way.split("/")[0] == "..":
        raise Unusable(f"{word} lies outside the project", "files of the project")
    place = ground.root / way
    if place.is_file():
        return [way]
    if place.is_dir():
        found = [ground.name(file) for file in files.beneath(place)]
        found = [name for name in found if is_shown(name)]
    else:
        found = [name for name in files.all() if reach.covers([way], name)]
    if not found:
        what = "matches no file" if _WILD & {*word} else "does not exist"
        raise Unusable(f"{word} {what}", "a glob, folder or file of the project")
    return found
