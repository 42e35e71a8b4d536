"""The command group: it knows every command by name and imports the one that was typed."""

from __future__ import annotations

import os
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import click
from click.exceptions import Exit

import hocket
from hocket.cli import _completing
from hocket.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from click.shell_completion import CompletionItem

    from hocket.api.settings import PluginSettings

COMPLETE_VARIABLE = _completing.VARIABLE


class Lazy(NamedTuple):
    """A command that is not imported yet: where it is, and its line in the help."""

    target: str
    summary: str


COMMANDS = {
    "run": Lazy("hocket.cli.run:run", "Run a script, a saved workflow or plain words."),
    "resume": Lazy("hocket.cli.resume:resume", "Go on with a run that ended early."),
    "runs": Lazy(
        "hocket.cli.runs:runs", "List runs, look into them, steer live ones, delete old ones."
    ),
    "pattern": Lazy("hocket.cli.pattern:pattern", "Run one pattern on a list, or list them."),
    "report": Lazy("hocket.cli.report:report", "Report what runs came to."),
    "estimate": Lazy(
        "hocket.cli.estimate:estimate", "Say what a script would ask for and cost, and run nothing."
    ),
    "apply": Lazy("hocket.cli.apply:apply", "Put what isolated agents changed into this tree."),
    "clean": Lazy("hocket.cli.clean:clean", "Take away what dead runs left, and keep its changes."),
    "list": Lazy("hocket.cli.list:list_", "List the workflows and bundles that are here."),
    "search": Lazy("hocket.cli.search:search", "Search the registries for bundles and plugins."),
    "info": Lazy("hocket.cli.info:info", "Show what a package is, and what it may do."),
    "install": Lazy("hocket.cli.install:install", "Install bundles and plugins."),
    "update": Lazy("hocket.cli.update:update", "Bring in newer versions, and show what changes."),
    "remove": Lazy("hocket.cli.remove:remove", "Remove packages; what you edited stays."),
    "outdated": Lazy("hocket.cli.outdated:outdated", "List what has a newer version."),
    "verify": Lazy("hocket.cli.verify:verify", "Check that all is what was agreed to."),
    "audit": Lazy("hocket.cli.audit:audit", "Look for what you should know of what is installed."),
    "export": Lazy("hocket.cli.export:export", "Offer bundles to other agents and marketplaces."),
    "registry": Lazy("hocket.cli.registry:registry", "Say where packages come from."),
    "new": Lazy("hocket.cli.new:new", "Write a bundle to start from."),
    "test": Lazy("hocket.cli.test:test", "Test a bundle: its form, dry runs, and its own cases."),
    "pack": Lazy("hocket.cli.pack:pack", "Check a bundle, and pack it."),
    "publish": Lazy("hocket.cli.publish:publish", "Add a bundle's version to a registry."),
    "yank": Lazy("hocket.cli.yank:yank", "Withdraw a version from a registry."),
    "store": Lazy("hocket.cli.store:store", "Look after what is kept of installed packages."),
    "init": Lazy("hocket.cli.init:init", "Make a project ready: settings and a first workflow."),
    "doctor": Lazy(
        "hocket.cli.doctor:doctor", "Show what hocket found here and what it would use."
    ),
    "trust": Lazy("hocket.cli.trust:trust", "Show what came with this folder, and trust it."),
    "plugins": Lazy("hocket.cli.plugins:plugins", "List the installed plugins, look into one."),
    "permissions": Lazy(
        "hocket.cli.permissions:permissions", "Show the rules for tools, explain what they allow."
    ),
    "completion": Lazy(
        "hocket.cli.completion:completion", "Print the completion script of a shell."
    ),
}
"""The commands of hocket itself, in the order of the help."""


class LazyGroup(click.Group):
    """A group over a table of commands; a name it does not know is asked of the plugins."""

    def __init__(self, table: Mapping[str, Lazy]) -> None:
        super().__init__(
            "hocket",
            help=f'{hocket.__doc__}\n\nA saved workflow: hocket /NAME "TEXT"',
            epilog="Commands of plugins: hocket plugins list",
            no_args_is_help=True,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's name)
        """Give the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; completion never loads plugins for a name nobody knows."""
        if cmd_name in self.table:
            return _imported(self.table[cmd_name].target)
        return None if ctx.resilient_parsing else _of_plugins(self.table).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Read `/name …` as `run /name …`, and an unknown command as a mistake to explain."""
        if args[0] == "/":
            return "/", _imported("hocket.cli.slash:slash"), args[1:]
        name, rest = ("run", args) if args[0].startswith("/") else (args[0], args[1:])
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            raise _unknown(name, self.table)
        return name, command, rest

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 (click's name)
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the table without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.summary) for name, lazy in self.table.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Complete a name from the table; options as click does."""
        from click.shell_completion import CompletionItem

        named = [
            CompletionItem(name, help=lazy.summary)
            for name, lazy in self.table.items()
            if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]


def run_root(args: Sequence[str]) -> None:
    """Run what was typed; ends by return, or by any exception that `guard` knows."""
    if instruction := os.environ.get(COMPLETE_VARIABLE):
        _complete(instruction)
    with root().make_context("hocket", list(args), obj=_settings) as context:
        context.command.invoke(context)


def root() -> LazyGroup:
    """Make the group of all commands."""
    group = LazyGroup(COMMANDS)
    return click.version_option(hocket.__version__, message="%(prog)s %(version)s")(group)


def _settings() -> PluginSettings:
    """Read the settings here, for a command of a plugin that needs them."""
    from hocket.launch.project import Project

    return Project.open(Path.cwd()).plugin_settings


def _imported(target: str) -> click.Command:
    module, _, name = target.partition(":")
    return cast("click.Command", getattr(import_module(module), name))


def _of_plugins(own: Iterable[str]) -> Mapping[str, click.Command]:
    """Ask the plugins for their commands; a name of hocket's own is taken for them."""
    from hocket.cli.plugins import installed

    group = click.Group("hocket", commands={name: click.Command(name) for name in own})
    installed().commands(group)
    return group.commands


def _unknown(name: str, known: Iterable[str]) -> UsageError:
    names = list(known)
    close = get_close_matches(name, names, n=1)
    if Path(name).suffix in {".py", ".js", ".mjs"}:
        hint = f"A script is run by: hocket run {name}"
    elif close:
        hint = f"Did you mean '{close[0]}'? All commands: hocket --help"
    else:
        hint = f"All commands: hocket --help. A saved workflow: hocket /{name}"
    nearest = get_close_matches(name, names, n=3, cutoff=0.0)
    return UsageError(
        "the command line",
        found=f"there is no command '{name}'",
        expected=f"one of {', '.join(nearest)}",
        hint=hint,
    )


def _complete(instruction: str) -> None:
    from click.shell_completion import shell_complete

    raise Exit(shell_complete(root(), {}, "hocket", COMPLETE_VARIABLE, instruction))
