"""`hocket search`: what the registries at hand offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket.cli._output import emit, json_option, on_terminal, suggest, table, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocket.api.calls import JsonObject
    from hocket.registry.known.searching import Hit


@click.command()
@click.argument("words", nargs=-1)
@click.option("--kind", type=click.Choice(["bundle", "plugin"]), help="Only these.")
@click.option("--registry", metavar="NAME", help="Only of this registry.")
@json_option
def search(words: tuple[str, ...], kind: str | None, registry: str | None) -> None:
    """Find packages whose name or description has all WORDS; without words, list everything.

    Nothing is fetched: it looks into what `hocket registry refresh` brought.
    """
    from hocket.cli.registry._known import known, now, warn
    from hocket.registry.indexes.rows import Kind
    from hocket.registry.known.searching import search as find

    moment = now()
    opened = known(offline=True).opened(moment, lenient=True)
    warn(opened.notes)
    hits = find(opened, words, Kind(kind) if kind else None, registry)

    def human() -> None:
        if not hits:
            suggest("Nothing was found. More registries: hocket registry add URL")
            return
        _print([_row(one, moment) for one in hits])
        suggest("\nMore about one: hocket info PACKAGE")

    told: list[JsonObject] = [_as_data(one) for one in hits]
    emit("search", {"words": [*words], "packages": [*told], "notes": [*opened.notes]}, human)


def _print(rows: Sequence[Sequence[str]]) -> None:
    """Print a row each; on a terminal the description has a line of its own, to be readable."""
    if not on_terminal():
        table(("package", "version", "age", "signer", "can", "description"), rows)
        return
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    for row in rows:
        facts = zip(row, widths, strict=False)
        write("  ".join(f"{cell:<{width}}" for cell, width in facts).rstrip())
        write(f"    {row[5]}")


def _row(hit: Hit, now: datetime) -> tuple[str, ...]:
    from hocket.cli.registry._known import ago

    signer = hit.signer or ("hocket's own" if hit.key.startswith("core/") else "unsigned")
    facts = (hit.key, str(hit.version), ago(now - hit.published), signer, " ".join(hit.badges))
    return (*facts, hit.description)


def _as_data(hit: Hit) -> JsonObject:
    from hocket.registry.forms.names import written

    return {
        "package": hit.key,
        "kind": hit.kind.value,
        "version": str(hit.version),
        "published": written(hit.published),
        "signer": hit.signer or None,
        "badges": [*hit.badges],
        "description": hit.description,
    }
