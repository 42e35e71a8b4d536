"""What a command prints: the answer on stdout, everything else on stderr, JSON when asked."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, ParamSpec

import click

from hocket.cli._text import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.table import Table

    from hocket.api.calls import JsonObject
    from hocket.errors import HocketError

SCHEMA = 1
"""The number in every JSON object; a change that breaks a reader raises it."""

_ASKED = "hocket.json"
_STYLES = {
    **dict.fromkeys(("ok", "completed", "chosen", "made"), "green"),
    **dict.fromkeys(("running", "paused", "suspended", "stopped", "blocked"), "yellow"),
    **dict.fromkeys(("failed", "error", "broken"), "red"),
    **dict.fromkeys(("missing", "kept"), "dim"),
}
_Typed = ParamSpec("_Typed")


class Answered(Exception):
    """The answer is on stdout, and says that it failed; its text and exit code are still due."""

    def __init__(self, failure: HocketError) -> None:
        super().__init__(str(failure))
        self.failure = failure


def json_option(command: Callable[_Typed, None]) -> Callable[_Typed, None]:
    """Give a command `--json`; `emit` knows whether it was typed."""
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_remember,
        help="Print one JSON object on stdout.",
    )(command)


def _remember(context: click.Context, _option: click.Parameter, asked: object) -> None:
    context.meta[_ASKED] = asked


def json_asked() -> bool:
    """Say whether the running command was asked for JSON."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_ASKED))


def wants_json(args: Sequence[str]) -> bool:
    """Say whether a command line asks for JSON, even one that cannot be parsed."""
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options


def emit(
    command: str,
    data: JsonObject,
    human: Callable[[], None],
    *,
    failure: HocketError | None = None,
) -> None:
    """Print a command's answer in the form that was asked for; with a failure, end as it says."""
    if json_asked():
        broken: JsonObject = {"error": as_object(failure)} if failure else {}
        write_json({"command": command, **data, **broken})
    else:
        human()
    if failure:
        raise Answered(failure)


def as_object(error: HocketError) -> JsonObject:
    """Give the `error` of a JSON answer."""
    return {"code": error.code, "message": error.message, "hint": error.hint}


def write_json(data: JsonObject) -> None:
    """Write one object on one line; ASCII only, so it is inert in a terminal as well."""
    write(json.dumps({"schema": SCHEMA, **data}))


def write(text: str) -> None:
    """Write lines of the answer; whatever foreign text is in them is inert afterwards."""
    click.echo(inert(text, newlines="keep"))


def tell(text: str) -> None:
    """Tell a person something that is not the answer."""
    click.echo(inert(text, newlines="keep"), err=True)


def suggest(text: str) -> None:
    """Tell what to do next, if a person looks at the answer; a pipe stays quiet."""
    if on_terminal():
        tell(text)


def on_terminal() -> bool:
    """Say whether a person sees stdout."""
    return bool(sys.stdout) and sys.stdout.isatty()


def table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[str] = ()
) -> None:
    """Print rows: aligned on a terminal, tab-separated and whole for a pipe.

    Without any title there is no head. The column `state` is coloured by its word.
    """
    safe = [[inert(cell) for cell in row] for row in rows]
    if on_terminal():
        _draw(_rich_table(titles, safe, right))
    else:
        for row in safe:
            write("\t".join(row))


def _rich_table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str]
) -> Table:
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, show_header=any(titles), header_style="bold")
    for title in titles:
        grid.add_column(title, justify="right" if title in right else "left", overflow="fold")
    for row in rows:
        cells = zip(titles, row, strict=True)
        # Text, not str: rich would read foreign words in brackets as markup.
        grid.add_row(*(Text(cell, _style(title, cell)) for title, cell in cells))
    return grid


def _style(title: str, cell: str) -> str:
    return _STYLES.get(cell, "") if title == "state" else ""


def _draw(grid: Table) -> None:
    from rich.console import Console

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    Console(color_system=None if plain else "auto", highlight=False).print(grid)
