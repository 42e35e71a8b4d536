"""Everything a command knows before it starts: the project, its settings, the plugins."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocket import config, paths
from hocket.api.settings import PluginSettings, Rules
from hocket.host import PluginHost
from hocket.journal.redact import Redactor
from hocket.launch.binding import bind, prices
from hocket.launch.choosing import choose
from hocket.launch.contenders import Contenders, Wanted
from hocket.launch.pinned import unpinned
from hocket.trust import plugins as local_plugins
from hocket.trust.store import Trust

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from pydantic import JsonValue

    from hocket.api.storage import Store
    from hocket.config import Loaded
    from hocket.launch.choosing import Choice
    from hocket.trust.standing import Standing

CHOICES = ("backend", "model", "effort", "router", "executor", "store", "simulate", "replay")
"""What a plugin may be told by name; the last two are the options of the dry backends."""
NO_RULES = Rules()
NO_PLUGINS: Mapping[str, object] = {}


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
    standing: Standing
    """What holds of all that came with the folder."""
    roots: tuple[Path, ...] = ()
    """What a person typed for agents to read as well: folders, and single files."""

    @property
    def is_trusted(self) -> bool:
        """Whether a person, or a setting of theirs, trusts the folder."""
        return self.standing.is_trusted

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
        host, standing = hosted(start, env, plugins or {})
        return cls._read(start, host, Typed(flags or {}, choices or {}, env, rules), standing)

    def again(self, flags: Mapping[str, JsonValue], choices: Mapping[str, str]) -> Project:
        """Read the settings once more, as if this had been typed; what was really typed wins."""
        own = self.typed
        typed = replace(own, flags={**flags, **own.flags}, choices={**choices, **own.choices})
        return self._read(self.here, self.host, typed, self.standing)

    def granting(self, rules: Rules) -> Project:
        """Give the project with these rules for one run, once a person agreed to them."""
        settings = replace(self.plugin_settings, rules=rules)
        return replace(self, typed=replace(self.typed, rules=rules), plugin_settings=settings)

    def store(self) -> Store:
        """Give the store that keeps this project's runs."""
        return self.host.store(self.plugin_settings)

    def redactor(self) -> Redactor:
        """Give what takes secrets out, as this project's settings have it."""
        return Redactor.from_environment(os.environ, shapes=self.loaded.settings.redact == "all")

    def choice(self) -> Choice:
        """Choose the backend, and bind it to what it works with; raises UsageError."""
        choice = choose(self.contenders())
        own = prices(self.loaded.settings)
        bind(choice.backend, choice.providers, own, (self.host, self.plugin_settings))
        return choice

    def contenders(self) -> Contenders:
        """Put together who could run agents here, and what a person wanted."""
        settings = self.plugin_settings
        backends, providers = self.host.backends(settings), self.host.models(settings)
        return Contenders(backends, providers, self._wanted(backends, providers), self.typed.env)

    def decided(self, backend: str) -> Project:
        """Give the project with this backend, so that a resume goes on with the same."""
        chosen = {**self.plugin_settings.choices, "backend": backend}
        return replace(self, plugin_settings=replace(self.plugin_settings, choices=chosen))

    def _wanted(self, backends: Iterable[str], providers: Collection[str]) -> Wanted:
        """Say what was named: a backend, and a provider in its section or before a model's name."""
        choices = self.plugin_settings.choices
        typed = "backend" in self.typed.choices
        origin = "" if typed else self.loaded.origins["backend"]
        provider, slash, _ = choices.get("model", "").partition("/")
        if slash and provider in providers:
            return Wanted(choices.get("backend"), provider, origin)
        sections = (self.loaded.sections.get(name) for name in backends)
        named = (getattr(section, "provider", None) for section in sections)
        return Wanted(choices.get("backend"), next(filter(None, named), None), origin)

    @classmethod
    def _read(cls, start: Path, host: PluginHost, typed: Typed, standing: Standing) -> Project:
        root = standing.root
        loaded = config.load(
            root,
            flags=typed.flags,
            env=typed.env,
            models=host.settings_models(),
            vet=standing.holds,
        )
        named = {name: getattr(loaded.settings, name, None) for name in CHOICES}
        chosen = {name: str(value) for name, value in named.items() if value is not None}
        settings = PluginSettings(
            root,
            loaded.sections,
            {**chosen, **typed.choices},
            origins=loaded.kinds,
            trusted=standing.pins,
            is_trusted=standing.is_trusted,
            outside=loaded.settings.outside_paths,
            rules=typed.rules,
            data=paths.user_data(typed.env),
            cache=paths.user_cache(typed.env),
        )
        return cls(start, root, host, typed, loaded, settings, standing)


def hosted(
    start: Path, env: Mapping[str, str] = os.environ, plugins: Mapping[str, object] = NO_PLUGINS
) -> tuple[PluginHost, Standing]:
    """Load the plugins that no settings block, those of a trusted project as well."""
    root = paths.project_root(start)
    standing = stands(root, start, env)
    blocked = config.blocked(root, env) | unpinned(root, env)
    own = local_plugins.loaded(standing, blocked)
    return PluginHost.load(blocked=blocked, extra={**plugins, **own}), standing


def stands(root: Path, here: Path, env: Mapping[str, str] = os.environ) -> Standing:
    """Say how a project stands with the person; reads nothing that the project says of itself."""
    return Trust(paths.user_data(env)).standing(root, config.trusting(root, env), here)
