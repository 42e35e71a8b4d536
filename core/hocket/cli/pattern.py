"""`hocket pattern`: run one pattern on a list from a file, or list the patterns there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hocket.cli._options import GatheringCommand
from hocket.cli._output import emit, json_option, suggest, table
from hocket.errors import UsageError

if TYPE_CHECKING:
    from pydantic import JsonValue

    from hocket.cli._options import RunOptions


@click.command("pattern", cls=GatheringCommand)
@click.argument("name", required=False)
@click.argument("words", nargs=-1)
@click.option(
    "--items", metavar="FILE|-", help="The list: .json, .jsonl, .csv, or a line of text each."
)
@click.option(
    "--set",
    "named",
    metavar="NAME=VALUE",
    multiple=True,
    help="An argument of the pattern, JSON or text; again for more.",
)
@json_option
def pattern(
    name: str | None,
    words: tuple[str, ...],
    items: str | None,
    named: tuple[str, ...],
    options: RunOptions,
) -> None:
    """Run the pattern NAME, with WORDS as its text; without a NAME list the patterns.

    As in: hocket pattern rank "which bug hurts most users" --items bugs.txt --set top=10
    """
    if name is None:
        _listed()
        return
    from hocket.cli._running import start_as
    from hocket.launch.items import read
    from hocket.launch.single import Given, single

    here = Path.cwd()
    arguments = {**_whole(options.args, here), **dict(map(_pair, named))}
    found = None if items is None else read(items, here)
    given = Given(name, " ".join(words) or None, found, arguments)
    start_as("pattern", lambda project: single(project, given), options)


def _listed() -> None:
    from hocket.launch.project import Project
    from hocket.launch.single import signature, summary

    patterns = Project.open(Path.cwd()).host.patterns()
    rows = [(each.name, summary(each), signature(each)) for each in patterns.values()]
    rows.sort()

    def human() -> None:
        table(("pattern", "what it does", "arguments"), rows)
        suggest("\nRun one: hocket pattern NAME --items FILE")

    told: list[JsonValue] = [
        {"name": name, "summary": words, "arguments": arguments} for name, words, arguments in rows
    ]
    emit("pattern", {"patterns": told}, human)


def _whole(text: str | None, here: Path) -> dict[str, JsonValue]:
    """Read `--args`: all arguments as one JSON object."""
    from hocket.launch import values

    if text is None:
        return {}
    value = values.read(text, here, "--args")
    if not isinstance(value, dict):
        raise UsageError("--args", found="it is no JSON object", expected='{"NAME": VALUE, …}')
    return value


def _pair(text: str) -> tuple[str, JsonValue]:
    """Read NAME=VALUE; what is no JSON is a text."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError("--set", found=f"'{text}'", expected="NAME=VALUE")
    try:
        read: JsonValue = json.loads(value)
    except ValueError:
        read = value
    return name.strip().replace("-", "_"), read
