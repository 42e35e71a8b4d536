"""The folders that were typed for agents to read: open to them, and nobody vouches for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hocket.errors import UsageError
from hocket.launch import flags
from hocket.launch.arguments import EXPAND
from hocket.launch.expansion.corpora import HERE
from hocket.launch.expansion.doubts import literal
from hocket.launch.expansion.expanding import expanding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hocket.api.scripts import Script
    from hocket.launch.arguments import Arguments
    from hocket.launch.project import Project

KIND = "folders"


def opened(project: Project, script: Script, given: Arguments) -> Project:
    """Give the project with these folders to be read; raises UsageError for one that is gone."""
    found = dict.fromkeys(_found(project, script, given))
    root = project.root.resolve()
    inside = [place for place in found if place.is_relative_to(root)]
    globs = [literal(place.relative_to(root).as_posix()) for place in inside]
    settings = project.plugin_settings
    outside = tuple(dict.fromkeys((*settings.outside, *globs)))
    return replace(project, plugin_settings=replace(settings, outside=outside), roots=(*found,))


def _found(project: Project, script: Script, given: Arguments) -> Iterator[Path]:
    value = given.value if isinstance(given.value, dict) else {}
    for name, schema in expanding(script).items():
        corpus = value.get(name)
        if schema[EXPAND] != KIND or not isinstance(corpus, dict):
            continue
        typed = corpus.get("folders")
        for folder in typed if isinstance(typed, list) else []:
            if isinstance(folder, str) and folder != HERE:
                yield _place(project, script, name, folder)


def _place(project: Project, script: Script, name: str, folder: str) -> Path:
    place = (project.root / folder).resolve()
    if not place.exists():
        raise UsageError(
            f"/{script.manifest.name}",
            found=f"{flags.Flag(name, {}).option}: {folder} is not there any more",
            expected="the folder that the run reads",
            hint="Put it back, or name another one with --args. Nothing is lost.",
        )
    return place
