"""Where settings come from, the weakest source first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hocket import paths
from hocket.config.files import SettingsFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import JsonValue

    Kind = Literal["user", "project", "environment", "flags", "managed"]

PREFIX = "HOCKET_"
NO_SETTINGS = frozenset({"config_home", "data_home", "cache_home", "call", "bundle"})
"""Variables of hocket that are no settings: they say where things are, or mark a process."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one source says."""

    kind: Kind
    values: Mapping[str, JsonValue]
    file: SettingsFile | None = None

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
    owner = paths.managed_config() if managed is None else managed
    read = SettingsFile.read
    found: list[tuple[Kind, SettingsFile | None]] = [
        ("user", read(paths.user_config(env) / "config.toml", project)),
        ("project", read(project / "pyproject.toml", project, "tool", "hocket")),
        ("project", read(project / ".hocket" / "config.toml", project)),
        ("managed", read(owner / "config.toml", project)),
    ]
    return [Layer(kind, file.table, file) for kind, file in found if file]


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
) -> list[Layer]:
    """Put all sources in order: user, project, environment, flags, managed."""
    read = files(project, env, managed)
    owner = [layer for layer in read if layer.kind == "managed"]
    rest = [layer for layer in read if layer.kind != "managed"]
    return [*rest, environment(env), typed(flags), *owner]
