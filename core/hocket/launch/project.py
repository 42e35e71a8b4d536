"""Everything a command knows before it starts: the project, its settings, the plugins."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from hocket import config, paths
from hocket.api.settings import PluginSettings
from hocket.errors import UsageError
from hocket.host import PluginHost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from hocket.api.protocols import Backend
    from hocket.api.storage import Store
    from hocket.config import Loaded

CHOICES = ("backend", "model", "effort", "router", "executor", "store", "simulate", "replay")
"""What a plugin may be told by name; the last two are the options of the dry backends."""
FALLBACK_BACKEND = "simulate"
"""Used when nothing is chosen and no backend that needs a model is installed."""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with its settings and the plugins that are on in it."""

    here: Path
    root: Path
    host: PluginHost
    loaded: Loaded
    plugin_settings: PluginSettings

    @classmethod
    def open(
        cls,
        start: Path,
        *,
        flags: Mapping[str, JsonValue] | None = None,
        choices: Mapping[str, str] | None = None,
        plugins: Mapping[str, object] | None = None,
        env: Mapping[str, str] = os.environ,
    ) -> Project:
        """Read the settings and load the plugins; raises what configuration can be wrong in."""
        root = paths.project_root(start)
        host = PluginHost.load(blocked=config.blocked(root, env), extra=plugins)
        loaded = config.load(root, flags=flags or {}, env=env, models=host.settings_models())
        chosen = {
            name: str(value)
            for name in CHOICES
            if (value := getattr(loaded.settings, name, None)) is not None
        }
        settings = PluginSettings(root, loaded.sections, {**chosen, **(choices or {})})
        return cls(start, root, host, loaded, settings)

    def store(self) -> Store:
        """Give the store that keeps this project's runs."""
        return self.host.store(self.plugin_settings)

    def backend(self) -> Backend:
        """Give the chosen backend, else the one that is there without any model."""
        backends = self.host.backends(self.plugin_settings)
        name = self.plugin_settings.choices.get("backend", FALLBACK_BACKEND)
        if name not in backends:
            known = ", ".join(sorted(backends)) or "none"
            near = get_close_matches(name, backends, 1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise UsageError(
                f"backend '{name}'",
                found="not installed",
                expected=f"one of {known}",
                hint=f"{hint}Nothing was started.",
            )
        return backends[name]
