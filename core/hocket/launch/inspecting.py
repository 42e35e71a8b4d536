"""Reads the scripts of a bundle by the script hosts that are installed; nothing is ever imported.

The registry knows trees and not scripts, so it is handed an `Inspect` that is made here.
"""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from hocket.errors import ScriptRejected
from hocket.registry.bundles.inspection import Inspection
from hocket.registry.forms.problem import MANIFEST
from hocket.scripts.source import decode, render

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hocket.api.protocols import Tree
    from hocket.api.scripts import Script
    from hocket.host import PluginHost
    from hocket.registry.bundles.inspection import Inspect

_ALONE, _FOLDER = "workflow", "workflows/"


@dataclass(slots=True)
class _Told:
    """What the scripts read so far came to."""

    names: dict[str, str] = field(default_factory=dict[str, str])
    findings: list[str] = field(default_factory=list[str])


def inspector(host: PluginHost, taken: Collection[str] = ()) -> Inspect:
    """Make the function that inspects trees; `taken` are words that no argument may have.

    Scripts are `workflow.*`, what lies in `workflows/`, and what a command names.
    """

    def inspect(tree: Tree) -> Inspection:
        told = _Told()
        files = {path: content for _kind, path, content in tree.entries}
        named = _named(files.get(MANIFEST, b""))
        for path in sorted(files):
            if _is_script(host, path) or path in named:
                _look(host, path, files[path], taken, told)
        return Inspection(told.names, tuple(told.findings))

    return inspect


def _is_script(host: PluginHost, path: str) -> bool:
    place = PurePosixPath(path)
    where = path.startswith(_FOLDER) or path == f"{_ALONE}{place.suffix}"
    return where and place.suffix in host.script_hosts()


def _named(manifest: bytes) -> set[str]:
    """Give the paths that commands name, of a manifest that may be anything."""
    found: object = {}
    with suppress(ValueError, RecursionError):
        found = tomllib.loads(manifest.decode()).get("commands")
    entries = cast("dict[str, object]", found).values() if isinstance(found, dict) else ()
    tables = [cast("dict[str, object]", one) for one in entries if isinstance(one, dict)]
    return {path for one in tables if isinstance(path := one.get("script"), str)}


def _look(host: PluginHost, path: str, content: bytes, taken: Collection[str], told: _Told) -> None:
    language = host.script_hosts().get(PurePosixPath(path).suffix)
    if language is None:
        told.findings.append(f"{path}: no plugin here reads scripts of this kind")
        return
    patterns = host.patterns()
    try:
        script = language.read(decode(content, path), path)
    except ScriptRejected as rejected:
        told.findings.extend(rejected.findings)
        return
    told.names[path] = script.manifest.name
    found = language.check(script, [patterns[name] for name in sorted(patterns)])
    told.findings += render(path, [one for one in found if not one.warning])
    told.findings += _clashes(script, taken)


def _clashes(script: Script, taken: Collection[str]) -> Iterator[str]:
    """Tell every argument that could not be typed, because an option of a run has its name."""
    properties = (script.manifest.args or {}).get("properties")
    for name in sorted(properties if isinstance(properties, dict) else {}):
        if (word := name.replace("_", "-").casefold()) in taken:
            yield f"{script.path}: meta.args: {name!r} is the name of an option of runs (--{word})"
