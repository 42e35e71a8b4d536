"""`hocket info`: everything a registry says about one package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, suggest, table, write
from hocket.errors import UsageError

if TYPE_CHECKING:
    from hocket.registry.forms.ranges import Range
    from hocket.registry.known.describing import Description


@click.command()
@click.argument("spec", metavar="[REGISTRY/]NAME[@RANGE]")
@json_option
def info(spec: str) -> None:
    """Show versions, capabilities, dependencies, files and signature of a package.

    Nothing is fetched: it looks into what `hocket registry refresh` brought.
    """
    from hocket.cli.registry._facts import as_data
    from hocket.cli.registry._known import known, now, warn
    from hocket.registry.known.describing import describe

    name, wanted = _read(spec)
    opened = known(offline=True).opened(now(), lenient=True)
    warn(opened.notes)
    told = describe(opened, opened.shelf.qualify(name), wanted)
    emit("info", as_data(told), lambda: _print(told))


def _read(spec: str) -> tuple[str, Range]:
    from hocket.registry.forms import ranges
    from hocket.registry.forms import values as forms
    from hocket.registry.forms.names import Unfit

    name, at, text = spec.partition("@")
    exact = text if not text[:1].isdigit() else f"=={text}"
    try:
        return forms.dependency(name), ranges.parse(exact if at else "*")
    except Unfit as cause:
        hint = "All packages: hocket search"
        raise UsageError("info", found=str(cause), hint=hint) from cause


def _print(told: Description) -> None:
    from hocket.cli.registry._facts import as_row, facts

    if told.renamed_from:
        write(f"{told.renamed_from} is called {told.key} now")
    table(("", ""), facts(told))
    write("")
    titles = ("version", "published", "signer", "state")
    table(titles, [as_row(one) for one in told.versions])
    for sentence in told.hidden:
        write(sentence)
    suggest(f"\nInstall it: hocket install {told.key}")
