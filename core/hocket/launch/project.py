"""Everything a command knows before it starts: the project, its settings, the plugins."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from hocket import config, paths
from hocket.api.settings import PluginSettings, Rules
from hocket.errors import UsageError
from hocket.host import PluginHost
from hocket.launch.binding import bound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.protocols import Backend
    from hocket.api.storage import Store
    from hocket.config import Loaded

CHOICES = ("backend", "model", "effort", "router", "executor", "store", "simulate", "replay")
"""What a plugin may be told by name; the last two are the options of the dry backends."""
NO_RULES = Rules()
FALLBACK_BACKEND = "simulate"
"""Used when nothing is chosen and no backend that needs a model is installed."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed beside the script, and the environment it was typed in."""

    flags: Mapping[str, JsonValue]
    choices: Mapping[str, str]
    env: Mapping[str, str]
    rules: Rules = NO_RULES
    """What this one run may do beside the settings."""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with its settings and the plugins that are on in it."""

    here: Path
    root: Path
    host: PluginHost
    typed: Typed
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
        rules: Rules = NO_RULES,
    ) -> Project:
        """Read the settings and load the plugins; raises what configuration can be wrong in."""
        blocked = config.blocked(paths.project_root(start), env)
        host = PluginHost.load(blocked=blocked, extra=plugins)
        return cls._read(start, host, Typed(flags or {}, choices or {}, env, rules))

    def again(self, flags: Mapping[str, JsonValue], choices: Mapping[str, str]) -> Project:
        """Read the settings once more, as if this had been typed; what was really typed wins."""
        own = self.typed
        typed = replace(own, flags={**flags, **own.flags}, choices={**choices, **own.choices})
        return self._read(self.here, self.host, typed)

    def granting(self, rules: Rules) -> Project:
        """Give the project with these rules for one run, once a person agreed to them."""
        settings = replace(self.plugin_settings, rules=rules)
        return replace(self, typed=replace(self.typed, rules=rules), plugin_settings=settings)

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
        return bound(backends[name], self.host, self.plugin_settings)

    @classmethod
    def _read(cls, start: Path, host: PluginHost, typed: Typed) -> Project:
        root = paths.project_root(start)
        loaded = config.load(root, flags=typed.flags, env=typed.env, models=host.settings_models())
        named = {name: getattr(loaded.settings, name, None) for name in CHOICES}
        chosen = {name: str(value) for name, value in named.items() if value is not None}
        settings = PluginSettings(
            root,
            loaded.sections,
            {**chosen, **typed.choices},
            origins=loaded.kinds,
            rules=typed.rules,
            data=paths.user_data(typed.env),
            cache=paths.user_cache(typed.env),
        )
        return cls(start, root, host, typed, loaded, settings)
