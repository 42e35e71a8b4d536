"""Where settings come from, the weakest source first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hocket import paths
from hocket.config.files import SettingsFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pydantic import JsonValue

    Kind = Literal["user", "project", "environment", "flags", "managed"]
    Vet = Callable[[str, bytes], bool]

PREFIX = "HOCKET_"
OWN, SHARED, TABLE = ".hocket/config.toml", "pyproject.toml", ("tool", "hocket")
"""A project's two files, and the table of the second one that counts."""
NO_SETTINGS = frozenset({"config_home", "data_home", "cache_home", "call", "bundle"})
"""Variables of hocket that are no settings: they say where things are, or mark a process."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says."""

    kind: Kind
    values: Mapping[str, JsonValue]
    file: SettingsFile | None = None
    held: bool = True
    """False: a project's file that nobody trusts as it is; of it holds only what tightens."""

    def origin(self, key: str) -> str:
        """Say where a setting was given, as a person would look for it."""
        if self.file:
            return self.file.name
        spoken = {"flags": f"--{key.replace('_', '-')}", "environment": PREFIX + key.upper()}
        return spoken[self.kind]

    def place(self, *keys: str) -> str:
        """Say the same for a message, with the line where there is one."""
        return self.file.place(*keys) if self.file else self.origin(keys[0])


def files(project: Path, env: Mapping[str, str], managed: Path | None = None) -> list[Layer]:
    """Read the files: the person's, the project's two, and the machine owner's."""
    user, owner = _theirs(project, env, managed)
    return [*user, *_projects(project, _held), *owner]


def beyond(project: Path, env: Mapping[str, str], managed: Path | None = None) -> list[Layer]:
    """Read what no project writes: the person's file, the environment, and the owner's file."""
    user, owner = _theirs(project, env, managed)
    return [*user, environment(env), *owner]


def environment(env: Mapping[str, str]) -> Layer:
    """Take the settings out of the environment; an empty variable counts as not set."""
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in env.items()
        if name.startswith(PREFIX) and value
    }
    return Layer("environment", {k: v for k, v in named.items() if k not in NO_SETTINGS})


def typed(flags: Mapping[str, JsonValue]) -> Layer:
    """Take what was typed; None is an option that was not."""
    return Layer("flags", {key: value for key, value in flags.items() if value is not None})


def layers(
    project: Path,
    *,
    flags: Mapping[str, JsonValue],
    env: Mapping[str, str],
    managed: Path | None = None,
    vet: Vet | None = None,
) -> list[Layer]:
    """Put all sources in order: user, project, environment, flags, managed.

    `vet` says of a project's file, by its path and what is pinned of it, whether it holds.
    """
    user, owner = _theirs(project, env, managed)
    projects = _projects(project, vet or _held)
    return [*user, *projects, environment(env), typed(flags), *owner]


def _theirs(
    project: Path, env: Mapping[str, str], managed: Path | None
) -> tuple[list[Layer], list[Layer]]:
    owner = paths.managed_config() if managed is None else managed
    mine = SettingsFile.read(paths.user_config(env) / "config.toml", project)
    ruled = SettingsFile.read(owner / "config.toml", project)
    return _layers("user", mine), _layers("managed", ruled)


def _projects(project: Path, vet: Vet) -> list[Layer]:
    read = [
        (SHARED, SettingsFile.read(project / SHARED, project, *TABLE)),
        (OWN, SettingsFile.read(project / OWN, project)),
    ]
    return [
        Layer("project", file.table, file, vet(path, file.pinned)) for path, file in read if file
    ]


def _layers(kind: Kind, file: SettingsFile | None) -> list[Layer]:
    return [Layer(kind, file.table, file)] if file else []


def _held(_path: str, _content: bytes) -> bool:
    return True
