"""Reads the commands of a folder for the cache that shells are answered from."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from hocket.cli._stamps import stamp
from hocket.errors import HocketError
from hocket.launch.commands import MANIFEST, places, survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hocket.cli._offers import Row
    from hocket.launch.commands import Command, Place

_LANGUAGES = (".py", ".js")
"""A plugin may bring another, but no plugin is asked on a Tab."""
_TAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]*", re.ASCII)
"""What a shell may put on a person's command line; other names are typed by hand."""


def made(here: Path, env: Mapping[str, str]) -> dict[str, object]:
    """Read everything, and remember what it was read from."""
    around = places(here, env)
    found = [*survey(around, _LANGUAGES)]
    return {
        "places": [str(place.folder) for place in around],
        "stamps": {path: stamp(path) for path in dict.fromkeys(_sources(around, found))},
        "offers": [*_offers(found)],
    }


def _sources(around: Sequence[Place], found: Sequence[Command]) -> Iterator[str]:
    """Name every folder and file that a name or a flag comes from, or could come from."""
    for place in around:
        yield str(place.folder)
        with suppress(OSError):
            for entry in os.scandir(place.folder):
                below = ("", f"/{MANIFEST}", "/workflows") if entry.is_dir() else ("",)
                yield from (entry.path + part for part in below)
    yield from (str(command.path) for command in found)


def _offers(found: Sequence[Command]) -> Iterator[Row]:
    taken = {""}
    for command in found:
        forms = [
            form if form not in taken and _TAME.fullmatch(form) else ""
            for form in (command.answers, command.exact)
        ]
        taken |= {command.answers, command.exact}
        if any(forms) and not command.broken:
            yield forms[0], forms[1], _flags(command)


def _flags(command: Command) -> dict[str, list[str]]:
    """Read what a script declares; of one that cannot be read nothing is offered."""
    from hocket.launch.flags import declared
    from hocket.scripts import manifest, source

    if command.path.suffix != ".py":
        return {}
    try:
        text = source.decode(command.path.read_bytes(), command.name)
        flags = declared(manifest.read(text, command.name).manifest.args)
    except (HocketError, OSError, ValueError, RecursionError):
        return {}
    return {
        option: [one for one in flag.choices if _TAME.fullmatch(one)]
        for option, flag in flags.items()
        if _TAME.fullmatch(option[2:])
    }
