"""`hocket mcp`: which servers there are, approving what one offers, taking that back."""

from __future__ import annotations

import asyncio
import json
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, cast

import click

from hocket.api.inert import visible
from hocket.api.settings import PluginSettings
from hocket.errors import HocketError, RefusedError, UsageError
from hocket_plugins.tools.mcp import sdk
from hocket_plugins.tools.mcp.difference import difference
from hocket_plugins.tools.mcp.life import Life
from hocket_plugins.tools.mcp.pins import Pins
from hocket_plugins.tools.mcp.roster import roster
from hocket_plugins.tools.mcp.surroundings import Surroundings
from hocket_plugins.tools.mcp.telling import row, told
from hocket_plugins.tools.mcp.trouble import Down

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import JsonValue

    from hocket_plugins.tools.mcp.offer import Offer
    from hocket_plugins.tools.mcp.roster import Roster
    from hocket_plugins.tools.mcp.server import Server

_NAME = "mcp"
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")


class _Here(NamedTuple):
    """The project the command stands in."""

    settings: PluginSettings
    roster: Roster
    pins: Pins


def add_to(group: click.Group) -> None:
    """Add the commands; a group `mcp` of another plugin is added to."""
    found = group.commands.get(_NAME)
    home = found if isinstance(found, click.Group) else click.Group(_NAME, help=_HELP)
    for command in (listed, approve, forget):
        home.add_command(command)
    if home is not found:
        group.add_command(home)


@click.command("list")
@_json
@click.pass_context
def listed(context: click.Context, as_json: bool) -> None:  # noqa: FBT001  (click's way)
    """List the servers, where they come from, and what is approved of them."""
    here = _here(context)
    servers = [told(server, here.pins) for server in here.roster.servers.values()]
    if as_json:
        notes: list[JsonValue] = [*here.roster.notes]
        _answer("mcp list", {"servers": [*servers], "notes": notes})
        return
    for server in servers:
        click.echo(row(server))
    lacks = sdk.missing()
    for note in (*here.roster.notes, *([lacks] if lacks else [])):
        click.echo(visible(note), err=True)
    if not servers:
        click.echo("No server: name one under [mcp.servers.NAME] in your settings.", err=True)


@click.command()
@click.argument("server")
@click.option("--yes", is_flag=True, help="Approve what the server offers now.")
@_json
@click.pass_context
def approve(context: click.Context, server: str, yes: bool, as_json: bool) -> None:  # noqa: FBT001
    """Start a server, show what it offers, and approve it."""
    here = _here(context)
    one = _named(server, here.roster)
    if here.settings.data is None:
        raise UsageError("mcp approve", found="there is no folder to keep it in")
    offers = [offer for offer in _offered(one, here.settings) if one.lets(offer.name)]
    pin = here.pins.of(one)
    changes = difference(pin.offers if pin else (), offers)
    if not as_json:
        _show(one, changes, is_known=pin is not None)
    if pin is None or changes:
        _consent(server, yes=yes)
        pin = here.pins.keep(one, offers)
    if as_json:
        lines: list[JsonValue] = [*changes]
        _answer("mcp approve", {**told(one, here.pins), "changes": lines})
    else:
        click.echo(f"approved: {len(pin.offers)} tools of {server}, {pin.digest[:12]}")


@click.command()
@click.argument("server")
@_json
@click.pass_context
def forget(context: click.Context, server: str, as_json: bool) -> None:  # noqa: FBT001
    """Take back what was approved of a server."""
    here = _here(context)
    # A name is a file's name here: only those that can be a server's are looked for.
    known = server in here.roster.servers or server in here.pins.names()
    if not known or not here.pins.forget(server):
        raise UsageError("mcp forget", found=f"nothing is approved of '{visible(server)}'")
    if as_json:
        _answer("mcp forget", {"server": server})
    else:
        click.echo(f"forgotten: {server}; its tools are offered to no agent any more")


def _here(context: click.Context) -> _Here:
    """Ask the command line for the project's settings: it hands them over as a function."""
    given = context.obj
    settings = cast("Callable[[], object]", given)() if callable(given) else given
    if not isinstance(settings, PluginSettings):
        raise HocketError("mcp", found="the command line handed over no settings")
    return _Here(settings, roster(settings), Pins(settings.data))


def _named(name: str, found: Roster) -> Server:
    if name in found.servers:
        return found.servers[name]
    why = [note for note in found.notes if f"'{name}'" in note]
    near = get_close_matches(name, found.servers, n=3, cutoff=0.0)
    raise UsageError(
        "mcp approve",
        found=f"there is no server '{visible(name)}'",
        expected=f"one of {', '.join(near)}" if near else "",
        hint=visible(why[0]) if why else "All servers: hocket mcp list",
    )


def _offered(server: Server, settings: PluginSettings) -> tuple[Offer, ...]:
    """Start it, list, stop it; raises HocketError when it fails."""

    async def look() -> tuple[Offer, ...]:
        life = Life(server, Surroundings.of_a_command(settings.project, server.name))
        try:
            await life.begin()
            return life.offers
        finally:
            await life.end()

    if lacks := sdk.missing():
        raise UsageError("mcp approve", found=lacks)
    try:
        return asyncio.run(look())
    except Down as cause:
        hint = "Nothing was approved."
        raise HocketError(f"MCP server {server.name}", found=str(cause), hint=hint) from cause


def _show(server: Server, changes: list[str], *, is_known: bool) -> None:
    click.echo(f"{server.name}: {visible(server.reached)} ({server.origin})")
    if not changes:
        click.echo("It offers what was approved." if is_known else "It offers no tools.")
    elif is_known:
        click.echo("It offers something else than was approved:")
    for text in changes:
        click.echo(text)


def _consent(server: str, *, yes: bool) -> None:
    if yes:
        return
    who = f"MCP server {server}"
    if not (sys.stdin and sys.stdin.isatty()):
        raise RefusedError(
            who,
            found="nobody is here to approve it",
            expected="--yes",
            hint=f"Allow it: hocket mcp approve {server} --yes",
        )
    if not click.confirm("Approve it?", err=True):
        raise RefusedError(who, found="not approved", hint="Nothing was changed.")


def _answer(command: str, data: dict[str, JsonValue]) -> None:
    click.echo(json.dumps({"schema": 1, "command": command, **data}))


_HELP = "MCP servers whose tools agents may use: list, approve, forget."
