"""One typed method for each thing the core asks plugins for."""

from __future__ import annotations

import sys
import time
from functools import cached_property
from typing import TYPE_CHECKING, cast

from hocket.errors import StructureError
from hocket.host.asking import ask, by_name, every, first, implementations, named
from hocket.host.commands import add_commands
from hocket.host.roster import Roster

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from click import Group
    from pluggy import HookImpl
    from pydantic import BaseModel

    from hocket.api.approval import Approver, Policy
    from hocket.api.events import Event
    from hocket.api.patterns.context import Pattern
    from hocket.api.protocols import (
        Backend,
        Executor,
        ModelProvider,
        Router,
        Stage,
        Tree,
        View,
    )
    from hocket.api.scripts import Script, ScriptHost
    from hocket.api.settings import PluginSettings
    from hocket.api.storage import Store
    from hocket.api.tools import AgentType, Tool
    from hocket.host.plugins import PluginInfo


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"hocket: {text}\n")


class PluginHost:
    """All plugins of one command; it lives as long as the command."""

    def __init__(self, roster: Roster, warn: Callable[[str], None]) -> None:
        self.warn = warn
        self._roster = roster
        self._manager = roster.manager

    @classmethod
    def load(
        cls,
        *,
        blocked: Collection[str] = (),
        extra: Mapping[str, object] | None = None,
        warn: Callable[[str], None] = _to_stderr,
        clock: Callable[[], float] = time.perf_counter,
    ) -> PluginHost:
        """Import and verify what is installed, then `extra`; what is blocked is never imported.

        Raises StructureError for a plugin that raises, HookMisfit for one that breaks a rule.
        """
        roster = Roster(blocked)
        roster.import_installed(warn, clock)
        for name, plugin in (extra or {}).items():
            roster.add(name, plugin)
        return cls(roster, warn)

    def plugins(self) -> list[PluginInfo]:
        """Describe all plugins, hocket's own first, the blocked ones too."""
        return self._roster.plugins()

    def commands(self, group: Group) -> None:
        """Let plugins add commands to the group; raises NameClash when one takes another's."""
        add_commands(self._manager, group)

    def settings_models(self) -> dict[str, type[BaseModel]]:
        """Give the models of the plugins' settings by the name of their section."""
        return self._settings_models

    def patterns(self) -> dict[str, Pattern]:
        """Give the patterns by name."""
        return self._patterns

    def script_hosts(self) -> dict[str, ScriptHost]:
        """Give the script hosts by suffix."""
        return self._script_hosts

    def backends(self, settings: PluginSettings) -> dict[str, Backend]:
        """Give the backends by name."""
        return cast(
            "dict[str, Backend]",
            self._things("backend", "hocket_register_backends", settings=settings),
        )

    def models(self, settings: PluginSettings) -> dict[str, ModelProvider]:
        """Give the model providers by name."""
        return cast(
            "dict[str, ModelProvider]",
            self._things("model", "hocket_register_models", settings=settings),
        )

    def tools(self, settings: PluginSettings) -> dict[str, Tool]:
        """Give the tools by name."""
        return cast(
            "dict[str, Tool]", self._things("tool", "hocket_register_tools", settings=settings)
        )

    def agent_types(self, settings: PluginSettings) -> dict[str, AgentType]:
        """Give the agent types by name."""
        return cast(
            "dict[str, AgentType]",
            self._things("agent type", "hocket_register_agent_types", settings=settings),
        )

    def views(self, settings: PluginSettings) -> dict[str, View]:
        """Give the views by name."""
        return cast(
            "dict[str, View]", self._things("view", "hocket_register_views", settings=settings)
        )

    def stages(self, settings: PluginSettings) -> list[Stage]:
        """Give the stages, the outermost first: by position, then by name."""
        found = cast(
            "dict[str, Stage]", self._things("stage", "hocket_register_stages", settings=settings)
        )
        return sorted(found.values(), key=lambda stage: (stage.position, stage.name))

    def policies(self, settings: PluginSettings) -> list[Policy]:
        """Give the policies; whoever asks them takes the strictest verdict."""
        return list(
            cast(
                "dict[str, Policy]",
                self._things("policy", "hocket_register_policies", settings=settings),
            ).values()
        )

    def router(self, settings: PluginSettings) -> Router:
        """Give the router; raises StructureError when nobody offers one."""
        return cast("Router", self._chosen("router", settings))

    def approver(self, settings: PluginSettings, *, interactive: bool) -> Approver | None:
        """Give who answers questions; None means that everything asked is refused."""
        hook = "hocket_choose_approver"
        answer = first(self._manager, hook, settings=settings, interactive=interactive)
        return cast("Approver | None", answer)

    def executor(self, settings: PluginSettings) -> Executor:
        """Give the executor; raises StructureError when nobody offers one."""
        return cast("Executor", self._chosen("executor", settings))

    def store(self, settings: PluginSettings) -> Store:
        """Give the store; raises StructureError when nobody offers one."""
        return cast("Store", self._chosen("store", settings))

    def resolve_bundle(self, spec: str) -> Tree | None:
        """Give the bundle for what was typed after `install`, if a plugin knows it."""
        return cast("Tree | None", first(self._manager, "hocket_resolve_bundle", spec=spec))

    def resolve_script(self, text: str) -> Script | None:
        """Give the script for what was typed after `run`, if a plugin knows it."""
        return cast("Script | None", first(self._manager, "hocket_resolve_script", text=text))

    def tell(self, event: Event) -> None:
        """Tell every listener; one that raises is told about once, dropped, and the run goes on."""
        for listener in list(self._listeners):
            try:
                ask(listener, "hocket_event", {"event": event})
            except Exception as cause:  # noqa: BLE001  it is told about, and a view is no run
                self._listeners.remove(listener)
                self.warn(f"{cause} It hears nothing more; the run goes on.")

    @cached_property
    def _settings_models(self) -> dict[str, type[BaseModel]]:
        hook, kind = "hocket_register_settings", "settings section"
        titled = [(plugin, _Titled(model)) for plugin, model in every(self._manager, hook)]
        found = by_name(kind, named(kind, titled, "title"))
        return {name: cast("_Titled", one).model for name, one in found.items()}

    @cached_property
    def _patterns(self) -> dict[str, Pattern]:
        return cast("dict[str, Pattern]", self._things("pattern", "hocket_register_patterns"))

    @cached_property
    def _script_hosts(self) -> dict[str, ScriptHost]:
        hook = "hocket_register_script_hosts"
        offers = [
            (plugin, suffix, host)
            for plugin, host in cast("list[tuple[str, ScriptHost]]", [*every(self._manager, hook)])
            for suffix in host.suffixes
        ]
        return cast("dict[str, ScriptHost]", by_name("script host", offers))

    @cached_property
    def _listeners(self) -> list[HookImpl]:
        return implementations(self._manager, "hocket_event")

    def _things(self, kind: str, hook: str, **given: object) -> dict[str, object]:
        return by_name(kind, named(kind, every(self._manager, hook, **given)))

    def _chosen(self, kind: str, settings: PluginSettings) -> object:
        answer = first(self._manager, f"hocket_choose_{kind}", settings=settings)
        if answer is None:
            chosen = settings.choices.get(kind)
            raise StructureError(
                kind,
                found=f"no plugin offers {repr(chosen) if chosen else 'one'}",
                expected=f"a plugin that answers hocket_choose_{kind}",
                hint="See what is installed and what is blocked: hocket doctor",
            )
        return answer


class _Titled:
    """A settings model with the name of its section: the title in its configuration."""

    def __init__(self, model: object) -> None:
        config = cast("dict[str, object]", getattr(model, "model_config", {}))
        self.title = config.get("title")
        self.model = cast("type[BaseModel]", model)
