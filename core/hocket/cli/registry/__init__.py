"""`hocket registry`: where packages come from, one command per file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

import click

from hocket.cli._group import Lazy

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["registry"]

COMMANDS = {
    "add": Lazy("hocket.cli.registry.add:add", "Look at a registry, and agree to it."),
    "list": Lazy("hocket.cli.registry.list:listed", "List the registries that were added."),
    "refresh": Lazy("hocket.cli.registry.refresh:refresh", "Fetch what registries offer now."),
    "remove": Lazy("hocket.cli.registry.remove:remove", "Forget a registry."),
    "init": Lazy("hocket.cli.registry.init:init", "Make a registry of one's own."),
}
"""The commands, in the order of the help."""


class _Group(click.Group):
    """A group that imports the command that was typed, and no other."""

    def __init__(self, table: Mapping[str, Lazy]) -> None:
        super().__init__(
            "registry",
            help="Add registries that packages come from, list, refresh and remove them.",
            no_args_is_help=True,
        )
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's name)
        """Give the names in the order of the table."""
        return [*self.table]  # the command `list` is a module of this package, too

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name].target.partition(":")
        return cast("click.Command", getattr(import_module(module), name))

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's name)
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the table without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.summary) for name, lazy in self.table.items()])


registry = _Group(COMMANDS)
