"""Refuses a plugin whose hooks are not what hocket asks for."""

from __future__ import annotations

import difflib
import inspect
from typing import TYPE_CHECKING

from hocket.api import hookspecs
from hocket.errors import HookMisfit

if TYPE_CHECKING:
    from types import FunctionType

    from pluggy import HookimplOpts, PluginManager

PREFIX = "hocket_"
HOOKS = tuple(name for name in vars(hookspecs) if name.startswith(PREFIX))
"""The names of all hooks, in the order of the specification."""


def verify(manager: PluginManager, name: str, plugin: object) -> tuple[str, ...]:
    """Check every hook of a plugin and give their names; raises HookMisfit."""
    found: list[str] = []
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is not None:
            hook = options["specname"] or attribute
            _check(name, hook, getattr(plugin, attribute), options)
            found.append(hook)
        elif attribute.startswith(PREFIX) and inspect.isroutine(getattr(plugin, attribute)):
            raise _unmarked(name, attribute)
    return tuple(hook for hook in HOOKS if hook in found)


def misfit(plugin: str, found: str, expected: str, hint: str) -> HookMisfit:
    """Say which plugin breaks which rule of the plugin system."""
    return HookMisfit(f"plugin '{plugin}'", found=found, expected=expected, hint=hint)


def _check(plugin: str, hook: str, method: FunctionType, options: HookimplOpts) -> None:
    if hook not in HOOKS:
        raise _unknown(plugin, hook)
    plain = inspect.unwrap(method)
    if inspect.iscoroutinefunction(plain) or inspect.isasyncgenfunction(plain):
        raise misfit(
            plugin,
            f"the hook '{hook}' is a coroutine",
            "a plain function",
            "A hook never awaits: hand over an object with async methods.",
        )
    if options["wrapper"] or options["hookwrapper"]:
        raise misfit(
            plugin,
            f"the hook '{hook}' wraps the other plugins' answers",
            "a plain function",
            "A plugin may add and tighten; it cannot take away what another one said.",
        )


def _unmarked(plugin: str, name: str) -> HookMisfit:
    if name not in HOOKS:
        return _unknown(plugin, name)
    hint = "Mark it: from hocket.api.markers import hookimpl"
    return misfit(plugin, f"the hook '{name}' is not marked", "@hookimpl", hint)


def _unknown(plugin: str, hook: str) -> HookMisfit:
    near = difflib.get_close_matches(hook, HOOKS, 1, 0.5)
    hint = f"Did you mean '{near[0]}'?" if near else "See plugins/README.md."
    return misfit(plugin, f"there is no hook '{hook}'", f"one of {', '.join(HOOKS)}", hint)
