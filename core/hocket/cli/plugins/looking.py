"""`hocket plugins list` and `show`: what is installed, what it offers, and what is blocked."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table
from hocket.errors import UsageError

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.host import PluginHost, PluginInfo

_VERBS = ("hocket_register_", "hocket_choose_", "hocket_resolve_", "hocket_")


def installed() -> PluginHost:
    """Load the plugins that no settings block; raises StructureError for one that is broken."""
    from hocket.launch.project import hosted

    return hosted(Path.cwd())[0]


@click.command("list")
@json_option
def listed() -> None:
    """List the installed plugins, hocket's own first."""
    found = installed().plugins()

    def human() -> None:
        rows = [(p.name, _state(p), _package(p), ", ".join(map(_short, p.hooks))) for p in found]
        table(("plugin", "state", "package", "offers"), rows)
        suggest("\nMore about one: hocket plugins show PLUGIN")

    emit("plugins list", {"plugins": [_as_data(plugin) for plugin in found]}, human)


@click.command()
@click.argument("name")
@json_option
def show(name: str) -> None:
    """Show what one plugin offers, hook by hook."""
    plugin = _named(name, installed().plugins())

    def human() -> None:
        facts = [("plugin", plugin.name), ("package", _package(plugin)), ("state", _state(plugin))]
        table(("", ""), [*facts, *((_short(hook), _sentence(hook)) for hook in plugin.hooks)])
        if not plugin.blocked:
            suggest(
                f'\nTo do without it: block = ["{name}"] under [plugins] in .hocket/config.toml'
            )

    emit("plugins show", _as_data(plugin), human)


def _named(name: str, found: list[PluginInfo]) -> PluginInfo:
    by_name = {plugin.name: plugin for plugin in found}
    if name in by_name:
        return by_name[name]
    near = get_close_matches(name, by_name, n=3, cutoff=0.0)
    raise UsageError(
        "plugins show",
        found=f"there is no plugin '{name}'",
        expected=f"one of {', '.join(near)}",
        hint="All plugins: hocket plugins list",
    )


def _as_data(plugin: PluginInfo) -> JsonObject:
    return {
        "name": plugin.name,
        "package": plugin.distribution,
        "version": plugin.version,
        "state": _state(plugin),
        "hooks": list(plugin.hooks),
    }


def _state(plugin: PluginInfo) -> str:
    return "blocked" if plugin.blocked else "loaded"


def _package(plugin: PluginInfo) -> str:
    return f"{plugin.distribution} {plugin.version}".strip()


def _short(hook: str) -> str:
    """Take the verb off a hook's name: what it hands over is what a person asks for."""
    verb = next(verb for verb in _VERBS if hook.startswith(verb))
    return hook.removeprefix(verb).replace("_", " ")


def _sentence(hook: str) -> str:
    from hocket.api import hookspecs

    return (getattr(hookspecs, hook).__doc__ or "").partition("\n")[0]
