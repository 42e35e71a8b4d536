"""Lets plugins add commands, and refuses one that takes another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocket.errors import NameClash
from hocket.host.asking import ask, implementations
from hocket.host.plugins import block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click import Command, Group
    from pluggy import PluginManager

HOOK = "hocket_register_commands"


def add_commands(manager: PluginManager, group: Group) -> None:
    """Ask one plugin after the other; raises NameClash naming both owners."""
    owners = dict.fromkeys(group.commands, "hocket")
    for one in reversed(implementations(manager, HOOK)):
        before = dict(group.commands)
        ask(one, HOOK, {"group": group})
        _refuse_taken(before, group.commands, owners, one.plugin_name)


def _refuse_taken(
    before: Mapping[str, Command], after: Mapping[str, Command], owners: dict[str, str], plugin: str
) -> None:
    for name, command in after.items():
        if name in before and before[name] is not command:
            raise NameClash(
                f"command '{name}'",
                found=f"offered by '{owners[name]}' and by plugin '{plugin}'",
                expected="one owner",
                hint=f"Block the plugin: {block(plugin)}",
            )
        owners.setdefault(name, plugin)
