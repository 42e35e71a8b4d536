"""`hocket audit`: what a person should know about what is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hocket import __version__
from hocket.cli._market import LookingCommand, market
from hocket.cli._output import emit, json_option, suggest, table, tell, write
from hocket.errors import HocketError

if TYPE_CHECKING:
    from hocket.api.calls import JsonObject
    from hocket.registry.planning.auditing import Issue


@click.command(cls=LookingCommand)
@click.option("--sarif", is_flag=True, help="Print SARIF 2.1.0, as code hosts read it.")
@json_option
def audit(*, sarif: bool, user: bool | None, offline: bool) -> None:
    """Look for odd texts, withdrawn versions, advisories, and what nobody signed or pinned.

    Exit 1 where something is worse than a note. It looks at texts by a few rules and proves
    nothing: what packages can do at most is decided by what you agreed to.
    """
    import json

    from hocket.launch.verifying import audited
    from hocket.registry.planning.sarif import sarif as written

    opened = market(user=user, offline=offline)
    issues = audited(opened)
    for note in opened.told:
        tell(f"hocket: {note}")
    bad = [one for one in issues if one.level != "note"]
    failure = HocketError("audit", found=f"{len(bad)} findings") if bad else None
    told: list[JsonObject] = [_as_data(one) for one in issues]

    def human() -> None:
        if sarif:
            write(json.dumps(written(issues, __version__), indent=2))
        elif issues:
            table(("level", "package", "id", "where", "what"), [_row(one) for one in issues])
        else:
            suggest("Nothing was found.")

    emit("audit", {"scope": opened.scope.name, "findings": [*told]}, human, failure=failure)


def _row(one: Issue) -> tuple[str, str, str, str, str]:
    who = f"{one.package} {one.version}" if one.version else one.package
    place = f"{one.path}:{one.line}" if one.line else one.path
    return (one.level, who, one.id, place, one.text)


def _as_data(one: Issue) -> JsonObject:
    return {
        "id": one.id,
        "level": one.level,
        "package": one.package,
        "version": str(one.version) if one.version else None,
        "path": one.path or None,
        "line": one.line or None,
        "text": one.text,
    }
