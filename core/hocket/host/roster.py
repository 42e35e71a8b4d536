"""The plugins that take part in one command, each imported, verified and registered once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pluggy import PluginManager, PluginValidationError

from hocket.api import hookspecs
from hocket.errors import NameClash
from hocket.host.plugins import PluginInfo, block, imported, installed
from hocket.host.verify import misfit, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from importlib.metadata import EntryPoint

SLOW_S = 1.0
"""An import that takes longer is told about: every command waits for it."""


class Roster:
    """Who is installed, who is blocked, and who answers which hook."""

    def __init__(self, blocked: Collection[str]) -> None:
        self.manager = PluginManager("hocket")
        self.manager.add_hookspecs(hookspecs)
        self._blocked = blocked
        self._points: list[EntryPoint] = []
        self._hooks: dict[str, tuple[str, ...]] = {}

    def import_installed(self, warn: Callable[[str], None], clock: Callable[[], float]) -> None:
        """Import what is installed and not blocked; a slow import is told about."""
        self._points = installed()
        for point in self._points:
            if point.name not in self._blocked:
                begun = clock()
                self.add(point.name, imported(point))
                if (seconds := clock() - begun) > SLOW_S:
                    warn(_slow(point.name, seconds))

    def add(self, name: str, plugin: object) -> None:
        """Verify a plugin and register it; raises HookMisfit, NameClash."""
        if name in self._hooks:
            raise NameClash(
                f"plugin '{name}'",
                found="it is installed, and handed in under the same name",
                expected="one owner",
                hint=f"Block the installed one: {block(name)}",
            )
        hooks = verify(self.manager, name, plugin)
        try:
            self.manager.register(plugin, name)
        except PluginValidationError as cause:
            # pluggy names plugin, hook and definition on lines before the rule that was broken.
            *_, definition, rule = str(cause).splitlines()
            raise misfit(name, rule, "the hook's own arguments", definition) from cause
        self._hooks[name] = hooks

    def plugins(self) -> list[PluginInfo]:
        """Describe the installed plugins, then those that were handed in."""
        known = {point.name for point in self._points}
        extra = [
            PluginInfo(name, "", "", hooks, blocked=False)
            for name, hooks in self._hooks.items()
            if name not in known
        ]
        return [*(self._told(point) for point in self._points), *extra]

    def _told(self, point: EntryPoint) -> PluginInfo:
        name, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
        hooks = self._hooks.get(point.name, ())
        return PluginInfo(point.name, name, version, hooks, blocked=point.name in self._blocked)


def _slow(plugin: str, seconds: float) -> str:
    return (
        f"plugin '{plugin}': importing it took {seconds:.1f} s, and every command waits. "
        f"To do without it: {block(plugin)}"
    )
